/** How the brush paints: size in millimetres, shape, what it may overwrite, and the range of values it keeps to. */
import { create } from 'zustand';
import type { Overwrite } from '#core/segmentation/writeMask.ts';

export const BRUSH_LIMITS_MM = { min: 0.5, max: 60 } as const;

export interface BrushState {
  readonly radiusMm: number;
  /** disc: the slice of the view only; ball: in space. */
  readonly kind: 'disc' | 'ball';
  readonly overwrite: Overwrite;
  /** Paint only where the image's value lies in `range`. */
  readonly isRangeOn: boolean;
  /** Inclusive, modality units; null until the image tells one. */
  readonly range: { readonly min: number; readonly max: number } | null;
}

export const useBrush = create<BrushState>()(() => ({
  radiusMm: 6,
  kind: 'disc',
  overwrite: 'unlocked',
  isRangeOn: false,
  range: null,
}));

/** @param steps of the wheel; each is a tenth */
export function resizeBrush(steps: number): void {
  const { radiusMm } = useBrush.getState();
  setBrushRadius(radiusMm * 1.1 ** -steps);
}

/** Kept in its limits, in steps that can be read: a twentieth of a millimetre. */
export function setBrushRadius(radiusMm: number): void {
  const kept = Math.max(BRUSH_LIMITS_MM.min, Math.min(BRUSH_LIMITS_MM.max, radiusMm));
  useBrush.setState({ radiusMm: Math.round(kept * 20) / 20 });
}
