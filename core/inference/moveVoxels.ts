/** Copies a box of voxels between two arrays whose axes run differently. Array order of the dense side: i fastest, then j, then k. */
import type { Vector3 } from '../geometry/points.ts';

interface Indexed {
  readonly length: number;
  [index: number]: number;
}

/** Voxel (0, 0, 0) of the box in the strided array, and the step along each axis of the box; steps may be negative. */
export interface Strided {
  readonly start: number;
  readonly strides: Vector3;
}

/**
 * @param size of the box; the dense array holds exactly that box
 * @param mode 'gather': source is strided, target dense; 'scatter': source dense, target strided
 */
export function moveVoxels(
  source: Indexed,
  target: Indexed,
  size: Vector3,
  { start, strides }: Strided,
  mode: 'gather' | 'scatter' = 'gather',
): void {
  const [ni, nj, nk] = size;
  const [si, sj, sk] = strides;
  let dense = 0;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      let strided = start + j * sj + k * sk;
      if (mode === 'gather') {
        for (let i = 0; i < ni; i++, strided += si) target[dense++] = source[strided]!;
      } else {
        for (let i = 0; i < ni; i++, strided += si) target[strided] = source[dense++]!;
      }
    }
  }
}
