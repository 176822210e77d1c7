/** Which voxel of the series and which of the network's grid lie nearest to each other, along one axis of the oriented series. */
import type { Vector3 } from '../../geometry/points.ts';
import { axisLookup } from '../axisLookup.ts';
import type { Trace } from '../trace.ts';

export interface GridNeighbours {
  /** By index of the oriented series: the nearest index of the network's grid; −1 = cropped away. */
  readonly toGrid: Int32Array;
  /** By index of the network's grid: the nearest index of the oriented series; −1 = padding. */
  readonly toSeries: Int32Array;
}

/** @param grid the network's */
export function gridNeighbours(trace: Trace, grid: Vector3, axis: 0 | 1 | 2): GridNeighbours {
  const { lower, upper, fraction } = axisLookup(trace, grid, axis);
  const toGrid = lower.map((below, index) => (fraction[index]! < 0.5 ? below : upper[index]!));
  const toSeries = new Int32Array(grid[axis]).fill(-1);
  const distance = new Float64Array(grid[axis]).fill(Number.POSITIVE_INFINITY);
  const reach = reachOf(trace, axis);
  for (let index = 0; index < lower.length; index++) {
    if (lower[index] === -1) continue;
    const at = lower[index]! + fraction[index]!;
    for (let g = Math.max(0, Math.ceil(at - reach)); g <= Math.min(grid[axis] - 1, Math.floor(at + reach)); g++) {
      if (Math.abs(at - g) >= distance[g]!) continue;
      distance[g] = Math.abs(at - g);
      toSeries[g] = index;
    }
  }
  return { toGrid, toSeries };
}

/** Half a voxel of the coarser grid, in voxels of the network's. */
function reachOf([, ...steps]: Trace, axis: 0 | 1 | 2): number {
  const resample = steps.find((step) => step.step === 'resample');
  const step = resample ? resample.fromSpacingMm[axis] / resample.toSpacingMm[axis] : 1;
  return Math.max(0.5, step / 2) + 1e-6;
}
