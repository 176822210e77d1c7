/**
 * The hand of brush and eraser, a small machine: idle → (down) stroking → (up) committed or (Esc) cancelled → idle.
 * It begins, extends, commits or cancels a BrushStroke; the rules of what may be written are core's.
 */

import { LanternError } from '#core/errors/lanternError.ts';
import { planeAxes } from '#core/geometry/anatomicalAxes.ts';
import { BrushStroke } from '#core/segmentation/brushStroke.ts';
import type { IndexBox } from '#core/segmentation/labelmap.ts';
import type { Segment } from '#core/segmentation/segment.ts';
import { eraseMaskFor, type WriteMask, writeMaskFor } from '#core/segmentation/writeMask.ts';
import type { CursorRing, Tool, ToolPointer } from '../../viewer/tools/Tool.ts';
import { useViewer } from '../../viewer/viewerStore.ts';
import { words } from '../../words/index.ts';
import { resizeBrush, useBrush } from '../brushStore.ts';
import { activeSegment, commitEdit, redraw, tellError, useEditor } from '../segmentationStore.ts';

interface Active {
  readonly stroke: BrushStroke;
  readonly segment: Segment;
  readonly erases: boolean;
}

let active: Active | null = null;

export function isStroking(): boolean {
  return active !== null;
}

type Handlers = Pick<Tool, 'onPointerDown' | 'onPointerMove' | 'onPointerUp' | 'onCancel' | 'onWheel' | 'cursorRing'>;

/** @param erasesBy whether a drag takes voxels away, given whether Shift is held */
export function strokeTool(erasesBy: (shift: boolean) => boolean): Handlers {
  return {
    onPointerDown(pointer) {
      if (pointer.button !== 'left') return;
      cancel();
      try {
        active = begin(pointer, erasesBy(pointer.shift));
        if (active) draw(active.stroke.begin(pointer.indexIjk));
      } catch (error) {
        tellError(error);
      }
    },
    onPointerMove(pointer) {
      if (active) draw(active.stroke.extend(pointer.indexIjk));
    },
    onPointerUp: commit,
    onCancel: cancel,
    onWheel({ ctrl }, steps) {
      if (ctrl) resizeBrush(steps);
      return ctrl;
    },
    cursorRing: () => ring(erasesBy(false)),
  };
}

function begin({ plane }: ToolPointer, erases: boolean): Active | null {
  const { current, isMoving } = useEditor.getState();
  const { volume } = useViewer.getState();
  const segment = activeSegment();
  if (!segment || !current) throw new LanternError('segmentation/no-segment', ...told(words.editor.errors.noSegment));
  const labelmap = current.content.layers[segment.layer];
  if (!volume || !labelmap || isMoving) return null;
  const { kind, radiusMm } = useBrush.getState();
  const shape = { kind, radiusMm, through: planeAxes(volume.geometry, plane).through.axis };
  const mask = maskFor(current.content.segments, segment.number, erases);
  const label = erases ? 0 : segment.number;
  return { segment, erases, stroke: new BrushStroke({ labelmap, geometry: volume.geometry, label, shape, mask }) };
}

function maskFor(segments: readonly Segment[], target: number, erases: boolean): WriteMask {
  const { isRangeOn, range, overwrite } = useBrush.getState();
  const { volume, loading } = useViewer.getState();
  if (isRangeOn && loading.state !== 'ready') {
    throw new LanternError('segmentation/needs-image', ...told(words.editor.errors.imageLoading));
  }
  const limits = isRangeOn && range && volume ? { scalars: volume.scalars, ...range } : undefined;
  return erases
    ? eraseMaskFor(segments, target, { range: limits })
    : writeMaskFor(segments, target, { overwrite, range: limits });
}

function commit(): void {
  if (!active) return;
  const { stroke, segment, erases } = active;
  active = null;
  const delta = stroke.commit();
  if (!delta) return;
  const name = erases ? words.editor.tools.eraser.label : words.editor.tools.brush.label;
  const isTaken = commitEdit(
    {
      code: erases ? 'erase' : 'brush',
      label: `${name}, ${segment.name}`,
      source: 'manual',
      segmentsBefore: null,
      segmentsAfter: null,
      deltas: [{ layer: segment.layer, delta }],
    },
    { isWritten: true },
  );
  if (!isTaken) draw(stroke.cancel());
}

function cancel(): void {
  const stroke = active?.stroke;
  active = null;
  if (stroke) draw(stroke.cancel());
}

function draw(changed: IndexBox | null): void {
  if (changed) redraw({}, changed);
}

function ring(erases: boolean): CursorRing | null {
  const segment = activeSegment();
  const { radiusMm } = useBrush.getState();
  return { radiusMm, color: erases || !segment ? '#ffffff' : segment.color, dashed: erases };
}

function told({ message, hint }: { message: string; hint: string }): [string, string] {
  return [message, hint];
}
