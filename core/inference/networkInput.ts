/**
 * A series as a network reads it: where each voxel of the network's grid lies in the arrays that are there already, and what becomes of
 * its intensity. Nothing of the grid's size is made for it; windows are cut and scaled one by one. Next: cutWindow.ts.
 */
import type { Vector3 } from '../geometry/points.ts';
import type { Scalars } from '../volume/volume.ts';
import type { Strided } from './moveVoxels.ts';
import type { IntensityScale } from './normalise.ts';

export interface NetworkInput {
  /** Of the network's grid. */
  readonly size: Vector3;
  /** In the order of the manifest's channels. */
  readonly channels: readonly InputChannel[];
}

export interface InputChannel {
  readonly scalars: Scalars;
  /** Where the grid's voxel (0, 0, 0) would lie in the array, and the steps along the grid's axes. */
  readonly place: Strided;
  /** Voxels of the grid that the series has, the end exclusive: elsewhere it is padded. */
  readonly from: Vector3;
  readonly end: Vector3;
  readonly padValue: number;
  /** null: as they are. */
  readonly scale: IntensityScale | null;
}

/** @param values [channel, k, j, i] of the whole grid, scaled already; may be changed between two windows */
export function inputOf(values: Float32Array, size: Vector3): NetworkInput {
  const count = size[0] * size[1] * size[2];
  const strides: Vector3 = [1, size[0], size[0] * size[1]];
  const channels = Array.from({ length: values.length / count }, (_, c): InputChannel => {
    return {
      scalars: values,
      place: { start: c * count, strides },
      from: [0, 0, 0],
      end: size,
      padValue: 0,
      scale: null,
    };
  });
  return { size, channels };
}
