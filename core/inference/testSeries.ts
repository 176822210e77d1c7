/** A small series for tests of what is known from the grid. */
import { worldPoint } from '../geometry/points.ts';
import type { Volume } from '../volume/volume.ts';

/** Sagittal: i to posterior, j to inferior, k to the left. Every voxel has another value. */
export const sagittalSeries: Volume = {
  geometry: {
    size: [40, 30, 12],
    spacingMm: [1, 1.5, 4],
    originLps: worldPoint(0, 0, 0),
    direction: [
      [0, 1, 0],
      [0, 0, -1],
      [1, 0, 0],
    ],
  },
  scalars: Float32Array.from({ length: 40 * 30 * 12 }, (_, n) => n),
};
