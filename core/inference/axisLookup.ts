/** Where each index of the oriented series lies on the network's grid, along one axis: the trace walked once, exact where nothing was resampled. */
import type { Vector3 } from '../geometry/points.ts';
import { orientedSize } from './orient.ts';
import { resampledIndex } from './resample.ts';
import type { Trace } from './trace.ts';

/** For each index of the oriented series the two indices of the network's grid around it; −1 = cropped away. */
export interface AxisLookup {
  readonly lower: Int32Array;
  readonly upper: Int32Array;
  /** Weight of the upper one. */
  readonly fraction: Float32Array;
  /** Every index maps to itself. */
  readonly identity: boolean;
}

export type AxisLookups = readonly [AxisLookup, AxisLookup, AxisLookup];

/** @param grid the network's */
export function axisLookups(trace: Trace, grid: Vector3): AxisLookups {
  return [axisLookup(trace, grid, 0), axisLookup(trace, grid, 1), axisLookup(trace, grid, 2)];
}

/** Whether every voxel of the series takes the scores of one voxel of the network's grid. */
export function areWhole(axes: AxisLookups): boolean {
  return axes.every(({ lower, upper }) => lower.every((from, n) => from === upper[n]));
}

/** @param grid the network's */
export function axisLookup(trace: Trace, grid: Vector3, axis: 0 | 1 | 2): AxisLookup {
  const [orient, ...steps] = trace;
  const count = orientedSize(orient)[axis];
  const lower = new Int32Array(count);
  const upper = new Int32Array(count);
  const fraction = new Float32Array(count);
  const last = grid[axis] - 1;
  for (let index = 0; index < count; index++) {
    let at: number = index;
    for (const step of steps) {
      if (step.step === 'resample') at = resampledIndex(step, axis, at);
      else if (step.step === 'crop') at -= step.start[axis];
      else if (step.step === 'pad') at += step.before[axis];
    }
    const outside = at < -0.5 || at > last + 0.5;
    const inside = Math.min(Math.max(at, 0), last);
    const below = Math.floor(inside + 1e-6);
    const rest = inside - below;
    lower[index] = outside ? -1 : below;
    upper[index] = outside ? -1 : rest > 1e-6 ? below + 1 : below;
    fraction[index] = outside || rest <= 1e-6 ? 0 : rest;
  }
  return { lower, upper, fraction, identity: count === last + 1 && lower.every((to, n) => to === n && upper[n] === n) };
}
