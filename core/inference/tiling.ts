/**
 * Sliding windows over a grid and the weights they are blended with. Windows come with k growing slowest, so that slices
 * are finished in order and only one window's depth of scores is held (scoreSlab.ts).
 */
import type { Vector3 } from '../geometry/points.ts';
import { seriesNames, tensorChannels } from './inputTensor.ts';
import type { Blending, ModelInput, ModelWindow } from './modelManifest.ts';

export interface Tiling {
  /** Of each window. */
  readonly size: Vector3;
  /** First voxel of each window; every voxel of the grid lies in one at least. */
  readonly starts: readonly Vector3[];
  /** Weight by position in the window along i, j, k; a voxel's weight is their product, never 0. */
  readonly weights: readonly [Float32Array, Float32Array, Float32Array];
}

/**
 * @param grid at least as large as the window on each axis (preprocess pads)
 * @param dimensions 2: a window is one slice deep
 */
export function planTiling(grid: Vector3, window: ModelWindow, dimensions: 2 | 3 = 3): Tiling {
  const size: Vector3 = window.size ?? [grid[0], grid[1], dimensions === 2 ? 1 : grid[2]];
  const [si, sj, sk] = ([0, 1, 2] as const).map((axis) => startsAlong(grid[axis], size[axis], window.overlap));
  const starts: Vector3[] = [];
  for (const k of sk ?? []) for (const j of sj ?? []) for (const i of si ?? []) starts.push([i, j, k]);
  const weights = (axis: 0 | 1 | 2): Float32Array => weightsAlong(size[axis], window.blending);
  return { size, starts, weights: [weights(0), weights(1), weights(2)] };
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

/**
 * What a run holds besides the network itself, bytes: the input on the network's grid, one window in and out,
 * the slab of scores, two slices of interpolated scores, the mask on the series' grid.
 */
export function estimateMemoryBytes(
  native: Vector3,
  grid: Vector3,
  tiling: Tiling,
  classes: number,
  input: Pick<ModelInput, 'channels' | 'neighbours'>,
  { ways = 1, hasDoubt = false }: { ways?: number; hasDoubt?: boolean } = {},
): number {
  const channels = input.channels.length;
  const series = seriesNames(input).length;
  const count = (size: Vector3): number => size[0] * size[1] * size[2];
  const window = count(tiling.size);
  const tiled = tiling.starts.length > 1;
  const slab = tiled ? grid[0] * grid[1] * tiling.size[2] * (classes + 1) : 0;
  const largestPlane = Math.max(native[0] * native[1], native[0] * native[2], native[1] * native[2]);
  return (
    4 * count(native) * (series > 1 ? 2 * series : 1) + // as received, at the widest type, and brought onto one grid
    4 * count(grid) * channels +
    4 * window * ((tiled ? tensorChannels(input) : 0) + classes) +
    4 * slab +
    8 * classes * largestPlane +
    2 * count(native) +
    // the mean of several answers and a flipped input; a byte of doubt a voxel, and two while its places are found
    (ways > 1 ? 4 * window * (classes + 1) : 0) +
    (hasDoubt ? 3 * count(native) + 9 * largestPlane : 0)
  );
}
