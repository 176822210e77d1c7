/**
 * What a tool is. A tool never writes voxels or moves the camera itself: it speaks to the stores. One file a tool;
 * the list of all is tools/index.ts. Points are given in voxels and in LPS mm, whatever the view.
 */
import type { ComponentType } from 'react';
import type { Plane } from '#core/geometry/anatomicalAxes.ts';
import type { IndexPoint, WorldPoint } from '#core/geometry/points.ts';

export type Mode = 'view' | 'segment' | 'plan' | 'report';

export interface ToolPointer {
  readonly plane: Plane;
  /** Continuous voxel index under the pointer; the through-axis component is exactly the slice shown. */
  readonly indexIjk: IndexPoint;
  readonly pointLps: WorldPoint;
  /** CSS pixels in the view. */
  readonly x: number;
  readonly y: number;
  readonly mmPerPixel: number;
  readonly button: 'left' | 'middle' | 'right' | 'none';
  readonly ctrl: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
}

/** A circle that follows the pointer (brush), in millimetres. */
export interface CursorRing {
  readonly radiusMm: number;
  readonly color: string;
  readonly dashed: boolean;
}

export interface Tool {
  readonly id: string;
  /** Accessible name of its button. */
  readonly label: string;
  readonly icon: ComponentType<{ size?: number | string; stroke?: number | string }>;
  /** As shown in the tooltip, e.g. "B"; matched without modifiers. */
  readonly shortcut: string;
  /** In which modes the tool rail shows it. */
  readonly modes: readonly Mode[];
  /** CSS cursor over a view. */
  readonly cursor: string;
  /** Status line: what it does and its modifier keys. */
  readonly hint: string;
  readonly onPointerDown?: (pointer: ToolPointer) => void;
  readonly onPointerMove?: (pointer: ToolPointer) => void;
  readonly onPointerUp?: (pointer: ToolPointer) => void;
  /** Esc, lost capture, tool change in the middle of a drag. */
  readonly onCancel?: () => void;
  /** @returns whether the tool took the turn of the wheel (else the view scrolls) */
  readonly onWheel?: (pointer: ToolPointer, steps: number) => boolean;
  /** @returns whether it took the key */
  readonly onKey?: (event: KeyboardEvent) => boolean;
  readonly cursorRing?: () => CursorRing | null;
}
