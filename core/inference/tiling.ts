/**
 * Sliding windows over a grid, the weights they are blended with, and the order in which they come: the one that leaves the fewest
 * scores to be carried from window to window (ScoreBlend.ts).
 */
import type { Vector3 } from '../geometry/points.ts';
import type { Axis } from './axes.ts';
import type { Blending, ModelWindow } from './modelManifest.ts';

export interface Tiling {
  /** Of each window. */
  readonly size: Vector3;
  /** First voxel of each window; every voxel of the grid lies in one at least. In the order of `sweep`, the first of it slowest. */
  readonly starts: readonly Vector3[];
  /** Where windows start along each axis. */
  readonly along: readonly [readonly number[], readonly number[], readonly number[]];
  readonly sweep: Sweep;
  /** Weight by position in the window along i, j, k; a voxel's weight is their product, never 0. */
  readonly weights: readonly [Float32Array, Float32Array, Float32Array];
}

/**
 * @param grid at least as large as the window on each axis (preprocess pads)
 * @param dimensions 2: a window is one slice deep
 */
export function planTiling(grid: Vector3, window: ModelWindow, dimensions: 2 | 3 = 3): Tiling {
  const size: Vector3 = window.size ?? [grid[0], grid[1], dimensions === 2 ? 1 : grid[2]];
  const startsOf = (axis: Axis): number[] => startsAlong(grid[axis], size[axis], window.overlap);
  const along = [startsOf(0), startsOf(1), startsOf(2)] as const;
  const sweep = SWEEPS.reduce((best, next) =>
    carriedVoxels(grid, { size, along, sweep: next }) < carriedVoxels(grid, { size, along, sweep: best }) ? next : best,
  );
  const starts: Vector3[] = [];
  for (const a of along[sweep[0]]) {
    for (const b of along[sweep[1]]) {
      for (const c of along[sweep[2]]) {
        const start: [number, number, number] = [0, 0, 0];
        start[sweep[0]] = a;
        start[sweep[1]] = b;
        start[sweep[2]] = c;
        starts.push(start);
      }
    }
  }
  const weights = (axis: Axis): Float32Array => weightsAlong(size[axis], window.blending);
  return { size, starts, along, sweep, weights: [weights(0), weights(1), weights(2)] };
}

/** Axes from the slowest to the quickest. */
export type Sweep = readonly [Axis, Axis, Axis];

/** Of equal ones the first is taken. Along i rows lie in memory, and stay whole: it is never the quickest. */
const SWEEPS: readonly Sweep[] = [
  [1, 0, 2],
  [0, 1, 2],
  [2, 0, 1],
  [0, 2, 1],
];

/** How far a window reaches into the next one along an axis, voxels at the most. */
export function overlapAlong({ size, along }: Pick<Tiling, 'size' | 'along'>, axis: Axis): number {
  const starts = along[axis];
  return starts.reduce((most, at, n) => Math.max(most, n === 0 ? 0 : starts[n - 1]! + size[axis] - at), 0);
}

/** Voxels whose scores wait for a later window, at the most: along each axis of the sweep what the window shares with the next. */
export function carriedVoxels(grid: Vector3, { sweep, ...tiling }: Pick<Tiling, 'size' | 'along' | 'sweep'>): number {
  const { size } = tiling;
  const [a, b, c] = sweep;
  return (
    overlapAlong(tiling, a) * grid[b] * grid[c] +
    size[a] * overlapAlong(tiling, b) * grid[c] +
    size[a] * size[b] * overlapAlong(tiling, c)
  );
}

/** Evenly spread, the first at 0 and the last at the end. */
function startsAlong(grid: number, size: number, overlap: number): number[] {
  const room = grid - size;
  if (room <= 0) return [0];
  const step = Math.max(1, Math.floor(size * (1 - overlap)));
  const count = Math.ceil(room / step) + 1;
  return Array.from({ length: count }, (_, n) => Math.round((n * room) / (count - 1)));
}

/** Gaussian: deviation an eighth of the window, as nnU-Net, with a floor so that corners keep a weight. */
function weightsAlong(size: number, blending: Blending): Float32Array {
  if (blending === 'constant') return new Float32Array(size).fill(1);
  const deviation = size / 8;
  return Float32Array.from({ length: size }, (_, n) =>
    Math.max(0.01, Math.exp(-0.5 * ((n - (size - 1) / 2) / deviation) ** 2)),
  );
}
