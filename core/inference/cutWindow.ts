/** What a network reads of one window: its channels with their neighbouring slices, flipped where that is asked for. Form: inputTensor.ts. */
import type { Vector3 } from '../geometry/points.ts';
import { tensorChannels } from './inputTensor.ts';
import type { ModelManifest } from './modelManifest.ts';
import type { InputChannel, NetworkInput } from './networkInput.ts';
import { scaleRow } from './normalise.ts';
import { type Flip, NO_FLIP } from './ways.ts';

/** What a member reads and says. */
export interface Looker {
  readonly manifest: ModelManifest;
  /** Scaled as this member wants it. */
  readonly input: NetworkInput;
}

/**
 * @param size of the window @param start its first voxel, on the network's grid
 * @param allocate memory for the window, whatever it holds
 * @returns as inputDims (inputTensor.ts) says
 */
export function cutWindow(
  { manifest, input }: Looker,
  size: Vector3,
  start: Vector3,
  flip: Flip,
  allocate: (length: number) => Float32Array,
): Float32Array {
  const count = size[0] * size[1] * size[2];
  const { neighbours = 0 } = manifest.input;
  const window = allocate(count * tensorChannels(manifest.input));
  let filled = 0;
  for (const channel of input.channels) {
    for (let away = -neighbours; away <= neighbours; away++, filled += count) {
      const k = Math.min(Math.max(start[2] + (flip[2] ? -away : away), 0), input.size[2] - 1);
      const from: Vector3 = [start[0], start[1], neighbours > 0 ? k : start[2]];
      cutBox(channel, size, from, flip, window.subarray(filled, filled + count));
    }
  }
  return window;
}

/** @returns [channel, k, j, i] of the whole grid, without neighbouring slices */
export function wholeInput({ size, channels }: NetworkInput): Float32Array {
  const count = size[0] * size[1] * size[2];
  const whole = new Float32Array(channels.length * count);
  for (const [c, channel] of channels.entries())
    cutBox(channel, size, [0, 0, 0], NO_FLIP, whole.subarray(c * count, (c + 1) * count));
  return whole;
}

/** @returns hands out one array again and again, as long as its length is asked for */
export function reusedMemory(fresh = (length: number): Float32Array => new Float32Array(length)) {
  let last: Float32Array | null = null;
  return (length: number): Float32Array => {
    if (last?.length !== length) last = fresh(length);
    return last;
  };
}

/** @param target [k, j, i] of the box, all of it is written */
function cutBox(channel: InputChannel, size: Vector3, start: Vector3, flip: Flip, target: Float32Array): void {
  const { scalars, place, from, end, padValue, scale } = channel;
  /** Of the box's voxels, in the order of the target: those that the series has, and where the first one lies. */
  const first = [0, 0, 0];
  const last = [0, 0, 0];
  const step = [0, 0, 0];
  let at = place.start;
  for (const a of [0, 1, 2] as const) {
    const low = flip[a] ? start[a] + size[a] - end[a] : from[a] - start[a];
    const high = flip[a] ? start[a] + size[a] - from[a] : end[a] - start[a];
    first[a] = Math.max(0, low);
    last[a] = Math.min(size[a], high);
    step[a] = flip[a] ? -place.strides[a] : place.strides[a];
    at += (flip[a] ? start[a] + size[a] - 1 : start[a]) * place.strides[a];
  }
  const [i0, j0, k0] = first as [number, number, number];
  const [i1, j1, k1] = last as [number, number, number];
  const [si, sj, sk] = step as [number, number, number];
  if (first.some((n) => n > 0) || last.some((n, a) => n < size[a as 0 | 1 | 2])) target.fill(padValue);
  for (let k = k0; k < k1; k++) {
    for (let j = j0; j < j1; j++) {
      const row = at + k * sk + j * sj + i0 * si;
      const to = i0 + size[0] * (j + size[1] * k);
      if (scale) scaleRow(scalars, { start: row, step: si }, scale, target, to, i1 - i0);
      else for (let n = 0; n < i1 - i0; n++) target[to + n] = scalars[row + n * si]!;
    }
  }
}
