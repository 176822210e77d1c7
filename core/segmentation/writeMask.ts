/**
 * What may be written, for brush and operations alike: locked segments stay, other segments are replaced or kept, and
 * writing may be restricted to a range of image values (modality units) and to the inside of another segment.
 */
import type { Scalars } from '../volume/volume.ts';
import { lockedSegment } from './editRules.ts';
import type { Labelmap } from './labelmap.ts';
import type { Segment } from './segment.ts';

/** 'unlocked': other segments give way unless locked; 'empty': only voxels without a segment are taken. */
export type Overwrite = 'unlocked' | 'empty';

export interface ValueRange {
  readonly scalars: Scalars;
  /** Inclusive, modality units. */
  readonly min: number;
  readonly max: number;
}

export interface InsideSegment {
  readonly labelmap: Labelmap;
  readonly number: number;
}

export interface WriteRules {
  readonly overwrite: Overwrite;
  readonly range?: ValueRange | undefined;
  readonly inside?: InsideSegment | undefined;
}

export interface WriteMask {
  /** By the label that stands there now: 1 where it may be replaced. */
  readonly replaceable: Uint8Array;
  readonly range: ValueRange | null;
  readonly inside: InsideSegment | null;
}

/**
 * @param target number of the segment that is written to
 * @throws segmentation/locked when the target itself is locked
 */
export function writeMaskFor(segments: readonly Segment[], target: number, rules: WriteRules): WriteMask {
  if (segments.some((s) => s.number === target && s.locked)) throw lockedSegment(segments, target);
  const replaceable = new Uint8Array(65_536);
  replaceable[0] = 1;
  if (rules.overwrite === 'unlocked') for (const s of segments) replaceable[s.number] = s.locked ? 0 : 1;
  replaceable[target] = 1;
  return { replaceable, range: rules.range ?? null, inside: rules.inside ?? null };
}

/** The mask of an eraser: takes voxels of one segment only. @throws segmentation/locked */
export function eraseMaskFor(
  segments: readonly Segment[],
  target: number,
  rules: Omit<WriteRules, 'overwrite'> = {},
): WriteMask {
  if (segments.some((s) => s.number === target && s.locked)) throw lockedSegment(segments, target);
  const replaceable = new Uint8Array(65_536);
  replaceable[target] = 1;
  return { replaceable, range: rules.range ?? null, inside: rules.inside ?? null };
}

/** @returns whether the voxel at an array offset may be given another label */
export function mayWrite(mask: WriteMask, voxels: Uint8Array | Uint16Array, offset: number): boolean {
  if (mask.replaceable[voxels[offset]!] === 0) return false;
  const { range, inside } = mask;
  if (range) {
    const value = range.scalars[offset]!;
    if (!(value >= range.min && value <= range.max)) return false;
  }
  return inside === null || inside.labelmap.voxels[offset] === inside.number;
}
