/**
 * What may be a head, ready for a look at its shape: the tissue of a coarse volume, cut to the box around it. Axes as the header states
 * them: 0 = L, 1 = P, 2 = S. A "way" is an axis with a sign, +1 towards growing indices. Next: mirrorSymmetry.ts, headEnds.ts, headFront.ts.
 */
import type { Vector3 } from '../geometry/points.ts';
import type { Volume } from '../volume/volume.ts';
import { COARSE_MM, coarseVolume } from './coarseVolume.ts';
import { moveVoxels } from './moveVoxels.ts';
import { tissueMask } from './tissueMask.ts';

export type Axis = 0 | 1 | 2;
export interface Way {
  readonly axis: Axis;
  readonly sign: 1 | -1;
}

export interface CoarseHead {
  /** Of the box, in voxels of 4 mm: tissue reaches each of its faces. */
  readonly size: Vector3;
  readonly values: Float32Array;
  /** 1 = tissue, 0 = air, bone, or anything apart from the largest piece. */
  readonly tissue: Uint8Array;
}

/** @returns null where nothing stands out from air, or a value is not a number */
export function coarseHead(volume: Volume): CoarseHead | null {
  const coarse = coarseVolume(volume);
  const mask = coarse && tissueMask(coarse);
  if (!mask) return null;
  const [ni, nj, nk] = coarse.size;
  const least: [number, number, number] = [ni, nj, nk];
  const most: [number, number, number] = [-1, -1, -1];
  let o = 0;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++) {
        if (mask[o++] === 0) continue;
        if (i < least[0]) least[0] = i;
        if (i > most[0]) most[0] = i;
        if (j < least[1]) least[1] = j;
        if (j > most[1]) most[1] = j;
        if (k < least[2]) least[2] = k;
        most[2] = k;
      }
    }
  }
  const size: Vector3 = [most[0] - least[0] + 1, most[1] - least[1] + 1, most[2] - least[2] + 1];
  const values = new Float32Array(size[0] * size[1] * size[2]);
  const tissue = new Uint8Array(values.length);
  const box = { start: least[0] + ni * (least[1] + nj * least[2]), strides: [1, ni, ni * nj] as const };
  moveVoxels(coarse.values, values, size, box);
  moveVoxels(mask, tissue, size, box);
  return { size, values, tissue };
}

export function extentMm({ size }: CoarseHead, axis: Axis): number {
  return size[axis] * COARSE_MM;
}

export function opposite({ axis, sign }: Way): Way {
  return { axis, sign: sign === 1 ? -1 : 1 };
}

export function stridesOf({ size }: CoarseHead): Vector3 {
  return [1, size[0], size[0] * size[1]];
}

/** The other two axes. */
export function acrossOf(axis: Axis): readonly [Axis, Axis] {
  return axis === 0 ? [1, 2] : axis === 1 ? [0, 2] : [0, 1];
}

/** @returns tissue voxels in each plane across the axis */
export function profileOf(head: CoarseHead, axis: Axis): Float64Array {
  const strides = stridesOf(head);
  const [a, b] = acrossOf(axis);
  const counts = new Float64Array(head.size[axis]);
  for (let n = 0; n < counts.length; n++) {
    for (let q = 0; q < head.size[b]; q++) {
      const row = n * strides[axis] + q * strides[b];
      for (let p = 0; p < head.size[a]; p++) counts[n]! += head.tissue[row + p * strides[a]]!;
    }
  }
  return counts;
}

/** @returns 1 where tissue lies on both sides along both axes across the vertical one: the head with what it encloses */
export function outlineAcross(head: CoarseHead, vertical: Axis): Uint8Array {
  const [a, b] = acrossOf(vertical);
  const second = between(head, b);
  return between(head, a).map((set, o) => set & second[o]!);
}

function between(head: CoarseHead, axis: Axis): Uint8Array {
  const { size, tissue } = head;
  const strides = stridesOf(head);
  const [a, b] = acrossOf(axis);
  const step = strides[axis];
  const filled = new Uint8Array(tissue.length);
  for (let q = 0; q < size[b]; q++) {
    for (let p = 0; p < size[a]; p++) {
      const start = p * strides[a] + q * strides[b];
      let first = 0;
      while (first < size[axis] && tissue[start + first * step] === 0) first++;
      let last = size[axis] - 1;
      while (last > first && tissue[start + last * step] === 0) last--;
      for (let n = first; n <= last; n++) filled[start + n * step] = 1;
    }
  }
  return filled;
}
