/**
 * One layer of a segmentation: a label per voxel on the volume's grid, 0 = nothing. Array order: i fastest, then j, then k.
 * Segments of one layer never overlap; overlapping segments lie on different layers. Next: segment.ts, delta.ts.
 */
import type { Vector3 } from '../geometry/points.ts';

export interface Labelmap {
  readonly size: Vector3;
  readonly voxels: Uint8Array | Uint16Array;
}

export function emptyLabelmap(size: Vector3): Labelmap {
  return { size, voxels: new Uint8Array(size[0] * size[1] * size[2]) };
}

/** Inclusive box of voxels. */
export interface IndexBox {
  readonly min: Vector3;
  readonly max: Vector3;
}
