/**
 * A yes-or-no mask on a box of a grid: what operations compute with, cut out of a labelmap so that their work follows the
 * segment and not the volume. Voxels are 0 or 1, i fastest; `box` says where in the labelmap it lies.
 */
import type { Vector3 } from '../geometry/points.ts';
import { boxSize } from './deltaBox.ts';
import type { IndexBox, Labelmap } from './labelmap.ts';

export interface BinaryMask {
  readonly box: IndexBox;
  readonly size: Vector3;
  readonly voxels: Uint8Array;
}

export function emptyMask(box: IndexBox): BinaryMask {
  const size = boxSize(box);
  return { box, size, voxels: new Uint8Array(size[0] * size[1] * size[2]) };
}

/** @returns a mask of the same box with other voxels */
export function maskLike(mask: BinaryMask, voxels: Uint8Array = new Uint8Array(mask.voxels.length)): BinaryMask {
  return { box: mask.box, size: mask.size, voxels };
}

/** @returns where the labelmap holds the number, inside of the box */
export function maskOf(labelmap: Labelmap, number: number, box: IndexBox): BinaryMask {
  const mask = emptyMask(box);
  visitRows(labelmap.size, box, (inGrid, inMask, length) => {
    for (let n = 0; n < length; n++) if (labelmap.voxels[inGrid + n] === number) mask.voxels[inMask + n] = 1;
  });
  return mask;
}

/** @returns the box around all voxels of a number; null when it has none */
export function boxOfLabel(labelmap: Labelmap, number: number): IndexBox | null {
  const { size, voxels } = labelmap;
  const min: [number, number, number] = [...size];
  const max: [number, number, number] = [-1, -1, -1];
  for (let k = 0, row = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++, row += size[0]) {
      const first = firstIn(voxels, number, row, row + size[0]);
      if (first < 0) continue;
      let last = row + size[0] - 1;
      while (voxels[last] !== number) last--;
      min[0] = Math.min(min[0], first - row);
      max[0] = Math.max(max[0], last - row);
      min[1] = Math.min(min[1], j);
      max[1] = Math.max(max[1], j);
      min[2] = Math.min(min[2], k);
      max[2] = k;
    }
  }
  return max[2] < 0 ? null : { min, max };
}

/** Calls `visit` for each row of the box with its offset in the grid and in a mask of the box. */
export function visitRows(
  gridSize: Vector3,
  box: IndexBox,
  visit: (offsetInGrid: number, offsetInMask: number, length: number) => void,
): void {
  const length = box.max[0] - box.min[0] + 1;
  let inMask = 0;
  for (let k = box.min[2]; k <= box.max[2]; k++) {
    for (let j = box.min[1]; j <= box.max[1]; j++, inMask += length) {
      visit(box.min[0] + gridSize[0] * (j + gridSize[1] * k), inMask, length);
    }
  }
}

function firstIn(voxels: Labelmap['voxels'], number: number, from: number, to: number): number {
  for (let o = from; o < to; o++) if (voxels[o] === number) return o;
  return -1;
}
