/** What a network reads of one window: its channels with their neighbouring slices, flipped where that is asked for. Form: inputTensor.ts. */
import type { Vector3 } from '../geometry/points.ts';
import { tensorChannels } from './inputTensor.ts';
import type { ModelManifest } from './modelManifest.ts';
import { moveVoxels } from './moveVoxels.ts';
import { type Flip, isFlipped } from './ways.ts';

/** What a member reads and says. */
export interface Looker {
  readonly manifest: ModelManifest;
  /** [channel of the manifest, k, j, i] on the network's grid, normalised as this member wants it. */
  readonly input: Float32Array;
}

/**
 * @param grid the network's @param size of the window @param start its first voxel
 * @param reuse memory of a window before
 * @returns the input itself where the window is all of it, else a copy
 */
export function cutWindow(
  { manifest, input }: Looker,
  grid: Vector3,
  size: Vector3,
  start: Vector3,
  flip: Flip,
  reuse: Float32Array | null,
): Float32Array {
  const count = size[0] * size[1] * size[2];
  const channels = manifest.input.channels.length;
  const { neighbours = 0 } = manifest.input;
  if (input.length === channels * count && neighbours === 0 && !isFlipped(flip)) return input;
  const length = count * tensorChannels(manifest.input);
  const window = reuse?.length === length ? reuse : new Float32Array(length);
  const plane = grid[0] * grid[1];
  const step: Vector3 = [1, grid[0], plane];
  let first = 0;
  const strides = ([0, 1, 2] as const).map((a) => {
    first += (start[a] + (flip[a] ? size[a] - 1 : 0)) * step[a];
    return flip[a] ? -step[a] : step[a];
  }) as unknown as Vector3;
  let filled = 0;
  for (let c = 0; c < channels; c++) {
    for (let away = -neighbours; away <= neighbours; away++, filled += count) {
      const k = Math.min(Math.max(start[2] + (flip[2] ? -away : away), 0), grid[2] - 1);
      const shift = neighbours > 0 ? (k - start[2]) * plane : 0;
      const from = first + c * plane * grid[2] + shift;
      moveVoxels(input, window.subarray(filled, filled + count), size, { start: from, strides });
    }
  }
  return window;
}
