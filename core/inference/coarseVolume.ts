/**
 * A volume made small for a look at its shape: 4 mm voxels along the patient's own directions, i to Left, j to Posterior, k to
 * Superior, as its header states them. An oblique volume is turned by its closest anatomical axes. Next: tissueMask.ts.
 */
import type { Vector3 } from '../geometry/points.ts';
import { allocateScalars, scalarTypeOf, type Volume } from '../volume/volume.ts';
import { moveVoxels } from './moveVoxels.ts';
import { orientRecord, orientVolume } from './orient.ts';
import { resampleRecord, resampleVolume } from './resample.ts';

export const COARSE_MM = 4;
/** Voxels are left out until they are about this far apart; what remains is averaged. */
const SAMPLED_MM = 2;

export interface CoarseVolume {
  /** Along L, P, S. */
  readonly size: Vector3;
  readonly values: Float32Array;
}

/** @returns null when it would have fewer than two voxels along an axis, or the volume is larger than any body */
export function coarseVolume(volume: Volume): CoarseVolume | null {
  const extentMm = volume.geometry.size.map((n, axis) => n * (volume.geometry.spacingMm[axis] ?? 1));
  if (extentMm.some((mm) => mm < 2 * COARSE_MM || mm > 2500)) return null;
  const sampled = everyFewVoxels(volume);
  const record = resampleRecord(sampled.geometry, [COARSE_MM, COARSE_MM, COARSE_MM]);
  const coarse = record ? resampleVolume(sampled, record) : sampled;
  const { geometry, scalars } = orientVolume(coarse, orientRecord(coarse.geometry, 'LPS'));
  return { size: geometry.size, values: Float32Array.from(scalars) };
}

function everyFewVoxels({ geometry, scalars }: Volume): Volume {
  const step = geometry.spacingMm.map((mm) => Math.max(1, Math.floor(SAMPLED_MM / mm + 1e-6))) as unknown as Vector3;
  if (step.every((n) => n === 1)) return { geometry, scalars };
  const [ni, nj] = geometry.size;
  const size = geometry.size.map((n, axis) => Math.max(1, Math.floor(n / step[axis]!))) as unknown as Vector3;
  const fewer = allocateScalars(scalarTypeOf(scalars), size[0] * size[1] * size[2]);
  moveVoxels(scalars, fewer, size, { start: 0, strides: [step[0], step[1] * ni, step[2] * ni * nj] });
  const spacingMm = geometry.spacingMm.map((mm, axis) => mm * step[axis]!) as unknown as Vector3;
  return { geometry: { ...geometry, size, spacingMm }, scalars: fewer };
}
