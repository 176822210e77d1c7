/** Labels of a coarse look on the series' own grid: to be drawn, and to be compared with the full result. Grids: coarsePass.ts. */
import type { Vector3 } from '../geometry/points.ts';
import { type VolumeGeometry, voxelCount } from '../geometry/volumeGeometry.ts';
import type { Labelmap } from '../segmentation/labelmap.ts';

/**
 * The coarse labels voxel by voxel on the series' grid: each takes those of the coarse voxel that it lies in.
 * @param coarse of the plan's geometry
 */
export function spreadLabels(coarse: Labelmap, geometry: VolumeGeometry, coarseSpacingMm: Vector3): Labelmap {
  const [alongI, alongJ, alongK] = nearestIndices(geometry, coarseSpacingMm, coarse.size);
  const [ni, nj, nk] = geometry.size;
  const Type = coarse.voxels instanceof Uint16Array ? Uint16Array : Uint8Array;
  const voxels = new Type(voxelCount(geometry));
  let n = 0;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      const row = coarse.size[0] * (alongJ[j]! + coarse.size[1] * alongK[k]!);
      for (let i = 0; i < ni; i++) voxels[n++] = coarse.voxels[row + alongI[i]!]!;
    }
  }
  return { size: geometry.size, voxels };
}

/**
 * How well a coarse look foretold the full result.
 * @returns mean over the labels above 0 that either holds of Dice, 0 … 1, at the voxels of the series; null where neither holds any
 */
export function coarseAgreement(
  coarse: Labelmap,
  full: Labelmap,
  geometry: VolumeGeometry,
  coarseSpacingMm: Vector3,
): number | null {
  const [alongI, alongJ, alongK] = nearestIndices(geometry, coarseSpacingMm, coarse.size);
  const [ni, nj, nk] = geometry.size;
  const both = new Float64Array(65_536);
  const sum = new Float64Array(65_536);
  let n = 0;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      const row = coarse.size[0] * (alongJ[j]! + coarse.size[1] * alongK[k]!);
      for (let i = 0; i < ni; i++, n++) {
        const a = coarse.voxels[row + alongI[i]!]!;
        const b = full.voxels[n]!;
        sum[a]!++;
        sum[b]!++;
        if (a === b) both[a]!++;
      }
    }
  }
  const dice = [...sum.keys()].slice(1).flatMap((label) => (sum[label] ? [(2 * both[label]!) / sum[label]] : []));
  return dice.length === 0 ? null : dice.reduce((total, one) => total + one, 0) / dice.length;
}

/** By index of the series, along each axis. */
function nearestIndices(
  { size, spacingMm }: Pick<VolumeGeometry, 'size' | 'spacingMm'>,
  coarseSpacingMm: Vector3,
  coarseSize: Vector3,
): readonly [Int32Array, Int32Array, Int32Array] {
  const along = (axis: 0 | 1 | 2): Int32Array =>
    Int32Array.from({ length: size[axis] }, (_, index) => {
      const ratio = spacingMm[axis] / coarseSpacingMm[axis];
      const at = (index - (size[axis] - 1) / 2) * ratio + (coarseSize[axis] - 1) / 2;
      return Math.min(Math.max(Math.round(at), 0), coarseSize[axis] - 1);
    });
  return [along(0), along(1), along(2)];
}
