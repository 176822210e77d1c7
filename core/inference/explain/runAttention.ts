/**
 * One attention map of a network on the series' own grid: read from an output that the manifest names, window by window, each brought to
 * its window's size, blended with the windows' weights as scores are, and interpolated back where the spacing was changed. The numbers
 * are the network's own. Knows nothing of the runtime.
 */
import { LanternError } from '../../errors/lanternError.ts';
import type { Vector3 } from '../../geometry/points.ts';
import type { Volume } from '../../volume/volume.ts';
import { type AxisLookups, axisLookups } from '../axisLookup.ts';
import { cutWindow, reusedMemory } from '../cutWindow.ts';
import { nonFiniteOutput } from '../decideLabels.ts';
import type { ModelAttention, ModelManifest } from '../modelManifest.ts';
import { moveVoxels } from '../moveVoxels.ts';
import { orientedSize, sourceStrides } from '../orient.ts';
import { preprocess } from '../preprocess.ts';
import { ScoreBlend, type ScoreBox } from '../ScoreBlend.ts';
import { planTiling } from '../tiling.ts';
import type { Trace } from '../trace.ts';
import type { WindowScores } from '../WindowLooks.ts';
import { NO_FLIP } from '../ways.ts';
import { stretch } from './stretch.ts';

/** Steps of the stored values between the lowest and the highest. */
export const ATTENTION_STEPS = 65_535;

export interface AttentionHooks {
  /** @returns the output that the map names */
  readMap(input: Float32Array, size: Vector3): Promise<WindowScores>;
  progress(done: number, total: number): Promise<void>;
}

export interface AttentionMap {
  /** On the series' own grid; value = lowest + stored ÷ {@link ATTENTION_STEPS} × (highest − lowest). What was cropped away is 0. */
  readonly values: Uint16Array;
  /** 0 or below. */
  readonly lowest: number;
  readonly highest: number;
}

/** @throws model/output-missing, model/non-finite-output, what preprocess throws, and what the hooks throw */
export async function runAttention(
  volume: Volume,
  manifest: ModelManifest,
  attention: ModelAttention,
  hooks: AttentionHooks,
  companions: readonly Volume[] = [],
): Promise<AttentionMap> {
  const { trace, input } = preprocess(volume, manifest, companions);
  const grid = input.size;
  const tiling = planTiling(grid, manifest.window, manifest.input.dimensions);
  const whole = new Float32Array(grid[0] * grid[1] * grid[2]);
  const blend = new ScoreBlend(grid, tiling, 1, (box) => put(box, whole, grid));
  const memory = reusedMemory();
  await hooks.progress(0, tiling.starts.length);
  for (const [n, start] of tiling.starts.entries()) {
    const window = cutWindow({ manifest, input }, tiling.size, start, NO_FLIP, memory);
    const { dims, scores } = await hooks.readMap(window, tiling.size);
    blend.add(start, stretch(scores, mapSize(dims, manifest, attention), tiling.size));
    await hooks.progress(n + 1, tiling.starts.length);
  }
  return onSeries(whole, trace, grid);
}

/** @returns i, j, k of the map */
function mapSize(dims: readonly number[], { name, input }: ModelManifest, { output }: ModelAttention): Vector3 {
  const [batch, channels, ...space] = dims;
  const [i = 0, j = 0, k = 1] = space.toReversed();
  const isMap = batch === 1 && channels === 1 && space.length === (input.dimensions === 2 ? 2 : 3);
  if (isMap && i > 0 && j > 0 && k > 0) return [i, j, k];
  throw new LanternError(
    'model/output-missing',
    `“${name}” does not answer as its manifest says: the output “${output}” is ${dims.join(' × ')} and no map of one channel.`,
    'Get the model pack again from its maker.',
  );
}

function put({ scores, origin: [i, j, k], size }: ScoreBox, whole: Float32Array, grid: Vector3): void {
  const strides: Vector3 = [1, grid[0], grid[0] * grid[1]];
  moveVoxels(scores, whole, size, { start: i + strides[1] * j + strides[2] * k, strides }, 'scatter');
}

function onSeries(whole: Float32Array, trace: Trace, grid: Vector3): AttentionMap {
  let lowest = 0;
  let highest = 0;
  let sum = 0;
  for (let n = 0; n < whole.length; n++) {
    const value = whole[n]!;
    sum += value;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  if (!Number.isFinite(sum)) throw nonFiniteOutput();
  const scale = highest > lowest ? ATTENTION_STEPS / (highest - lowest) : 0;
  const [orient] = trace;
  const [ni, nj, nk] = orientedSize(orient);
  const axes = axisLookups(trace, grid);
  const { start, strides } = sourceStrides(orient);
  const values = new Uint16Array(ni * nj * nk);
  const slice = new Uint16Array(ni * nj);
  for (let k = 0; k < nk; k++) {
    for (let j = 0, n = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++, n++) slice[n] = Math.round(scale * (sampled(whole, grid, axes, i, j, k) - lowest));
    }
    moveVoxels(slice, values, [ni, nj, 1], { start: start + k * strides[2], strides }, 'scatter');
  }
  return { values, lowest, highest };
}

/** Trilinear; 0 where it was cropped away. */
function sampled(
  whole: Float32Array,
  [gi, gj]: Vector3,
  [alongI, alongJ, alongK]: AxisLookups,
  i: number,
  j: number,
  k: number,
): number {
  const [i0, j0, k0] = [alongI.lower[i]!, alongJ.lower[j]!, alongK.lower[k]!];
  if (i0 < 0 || j0 < 0 || k0 < 0) return 0;
  const di = alongI.upper[i]! - i0;
  const [fi, fj, fk] = [alongI.fraction[i]!, alongJ.fraction[j]!, alongK.fraction[k]!];
  const row = (jj: number, kk: number): number => {
    const at = i0 + gi * (jj + gj * kk);
    return whole[at]! + fi * (whole[at + di]! - whole[at]!);
  };
  const plane = (kk: number): number => {
    const low = row(j0, kk);
    return fj === 0 ? low : low + fj * (row(alongJ.upper[j]!, kk) - low);
  };
  const low = plane(k0);
  return fk === 0 ? low : low + fk * (plane(alongK.upper[k]!) - low);
}
