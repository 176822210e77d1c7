/**
 * A network, or several, on one series, from voxels to a mask on the series' own grid. Knows nothing of the runtime: the caller brings
 * `runWindow`. Neither the scores of a whole volume are ever held nor what the network reads of it; voxels are decided as they are finished.
 * Next: preprocess.ts, tiling.ts, WindowLooks.ts, ScoreBlend.ts, labelWriter.ts.
 */
import type { Vector3 } from '../geometry/points.ts';
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';
import type { Labelmap } from '../segmentation/labelmap.ts';
import type { Volume } from '../volume/volume.ts';
import { BoxFronts } from './BoxFronts.ts';
import { backgroundScores } from './backgroundScores.ts';
import { bodyMask, windowsWithBody } from './bodyWindows.ts';
import type { Looker } from './cutWindow.ts';
import { DoubtMap } from './DoubtMap.ts';
import { decisionRule, nonFiniteOutput } from './decideLabels.ts';
import type { InferenceWarning } from './inferenceWarning.ts';
import { LabelWriter } from './labelWriter.ts';
import { doubtMeasure } from './measureDoubt.ts';
import type { ModelManifest } from './modelManifest.ts';
import { orientedSize } from './orient.ts';
import { preprocess } from './preprocess.ts';
import { ScoreBlend, type ScoreBox } from './ScoreBlend.ts';
import { planTiling, type Tiling } from './tiling.ts';
import type { Trace } from './trace.ts';
import { type LookHooks, WindowLooks, type WindowScores } from './WindowLooks.ts';
import { plainWay, type Way } from './ways.ts';

export type { WindowScores } from './WindowLooks.ts';

export interface RunHooks {
  /**
   * @param input as inputDims (inputTensor.ts) says for `size` (i, j, k) @param member whose network
   * @returns scores that the run may change, and that stay as they are until the next call
   */
  runWindow(input: Float32Array, size: Vector3, member: number): Promise<WindowScores>;
  /** As runWindow, for a window that is the whole volume: decided by the network itself, or null where it can't. */
  decideWindow?: LookHooks['decideWindow'];
  /** Called before the first window and after each way of looking at one; throws to stop. */
  progress(done: number, total: number): Promise<void>;
  /** Memory for the windows that the network reads, whatever it holds; default: fresh. */
  allocate?(length: number): Float32Array;
  /**
   * The mask's next voxels in the series' own order, as soon as nothing can change them: together they are the whole mask.
   * Comes after the last `progress`.
   */
  maskPart?(voxels: Labelmap['voxels']): void;
}

/** 'if-possible': a network whose numbers are no probabilities is run without. */
export type DoubtWish = 'no' | 'if-possible' | 'required';

export interface RunOptions {
  /** By member, all reading one grid (matchMembers.ts); default: the manifest alone. */
  readonly members?: readonly ModelManifest[];
  /** The series of the other channel names (preprocess.ts). */
  readonly companions?: readonly Volume[];
  /** Default: the first member, as the series lies. */
  readonly ways?: readonly Way[];
  readonly doubt?: DoubtWish;
}

export interface ModelRun {
  readonly labelmap: Labelmap;
  /** One byte a voxel of the series' own grid, 255 = as unsure as can be (measureDoubt.ts); null: not wanted, or not known. */
  readonly doubt: Uint8Array | null;
  /** Of the first member; the others differ in the normalisation alone. */
  readonly trace: Trace;
  readonly warnings: readonly InferenceWarning[];
  /** How many the volume has, and how many of them hold no body and were not run (bodyWindows.ts). */
  readonly windows: { readonly all: number; readonly skipped: number };
}

/**
 * @throws model/non-finite-input, model/uniform-input, model/shape-mismatch, model/non-finite-output, model/no-probabilities, and what
 *   the hooks throw
 */
export async function runModel(
  volume: Volume,
  manifest: ModelManifest,
  hooks: RunHooks,
  options: RunOptions = {},
): Promise<ModelRun> {
  const { ways = [plainWay(manifest.classes.length)], members = [manifest], doubt: wish = 'no' } = options;
  const { input, geometry, trace, warnings, inputFor } = preprocess(volume, manifest, options.companions);
  const lookers = members.map((member): Looker => {
    return { manifest: member, input: scalesAlike(member, manifest) ? input : inputFor(member.input) };
  });
  const grid = geometry.size;
  const tiling = planTiling(grid, manifest.window, manifest.input.dimensions);
  const classes = manifest.classes.length;
  const areAveraged = ways.length > 1;
  const doubt = doubtMapFor(wish, manifest, areAveraged, orientedSize(trace[0]));
  const writer = new LabelWriter(trace, grid, decisionRule(manifest.output, manifest.classes, areAveraged), doubt);
  const isRun = windowsToRun(volume, manifest, geometry, tiling);
  const running = tiling.starts.filter((_, n) => isRun[n]).length;
  const total = running * ways.length;
  let done = 0;
  const looks = new WindowLooks(tiling.size, lookers, ways, {
    runWindow: (input, size, member) => hooks.runWindow(input, size, member),
    ...(hooks.decideWindow && { decideWindow: hooks.decideWindow }),
    answered: () => hooks.progress(++done, total),
    ...(hooks.allocate && { allocate: hooks.allocate }),
  });

  await hooks.progress(0, total);
  const [only] = tiling.starts;
  if (only && tiling.starts.length === 1) await writeWhole(only);
  else {
    const uncovered = backgroundScores(manifest, areAveraged);
    const fronts = writer.interpolates ? new BoxFronts(grid, tiling, classes) : null;
    const write = (box: ScoreBox): void => writer.write(fronts?.join(box) ?? box);
    const left = running < isRun.length ? uncovered : null;
    const blend = new ScoreBlend(grid, tiling, classes, write, left);
    for (const [n, start] of tiling.starts.entries()) blend.add(start, isRun[n] ? await looks.at(start) : null);
    blend.finish();
  }
  const labelmap = writer.finish();
  hooks.maskPart?.(writer.takeSettled());
  const windows = { all: tiling.starts.length, skipped: tiling.starts.length - running };
  return { labelmap, doubt: doubt?.isKnown ? doubt.values : null, trace, warnings, windows };

  async function writeWhole(start: Vector3): Promise<void> {
    const plane = grid[0] * grid[1];
    const wish = writer.decisionWish;
    const decided = wish && (await looks.decidedAt(start, wish));
    if (decided) {
      if (decided.sums.some((sum) => !Number.isFinite(sum))) throw nonFiniteOutput();
      for (let k = 0; k < grid[2]; k++) {
        const slice = (values: Uint8Array): Uint8Array => values.subarray(k * plane, (k + 1) * plane);
        writer.writeClasses(k, slice(decided.classes), decided.doubt && slice(decided.doubt));
        hooks.maskPart?.(writer.takeSettled());
      }
    } else {
      const scores = await looks.at(start);
      const whole: ScoreBox = { scores, origin: [0, 0, 0], size: grid, from: [0, 0, 0] };
      writer.write(whole, () => hooks.maskPart?.(writer.takeSettled()));
    }
  }
}

/** @returns by window: all of them, or where the manifest allows it those that hold body */
function windowsToRun(
  volume: Volume,
  { modality, window }: ModelManifest,
  grid: VolumeGeometry,
  { size, starts }: Tiling,
): readonly boolean[] {
  const isAllowed = window.skipOutsideBody && starts.length > 1 && (modality === 'CT' || modality === 'MR');
  const body = isAllowed ? bodyMask(volume, modality) : null;
  const hasBody = body && windowsWithBody(body, grid, size, starts);
  return hasBody ?? starts.map(() => true);
}

function scalesAlike({ input: a }: ModelManifest, { input: b }: ModelManifest): boolean {
  const key = ({ normalisation, channels, padValue }: ModelManifest['input']): string =>
    JSON.stringify([normalisation, channels, padValue]);
  return a === b || key(a) === key(b);
}

function doubtMapFor(wish: DoubtWish, manifest: ModelManifest, areAveraged: boolean, size: Vector3): DoubtMap | null {
  if (wish === 'no') return null;
  // A single class that excludes nothing has no entropy.
  if (wish === 'if-possible' && manifest.classes.length < 2 && manifest.output.activation === 'softmax') return null;
  return new DoubtMap(size, doubtMeasure(manifest.output, manifest.classes, areAveraged), wish === 'required');
}
