/**
 * The coarse look in the inference process, before the full run: its network made ready before the voxels are taken, its labels to the host,
 * and afterwards how well they foretold the result. It never fails a run: where it can't be had, the host is told so.
 * Next: core/inference/coarsePass.ts.
 */
import type ort from 'onnxruntime-node';
import { type VolumeGeometry, voxelCount } from '#core/geometry/volumeGeometry.ts';
import { coarseAgreement } from '#core/inference/coarseLabels.ts';
import { type CoarsePlan, coarsePass, coarsePlan, fittedPlans } from '#core/inference/coarsePass.ts';
import { labelType } from '#core/inference/decideLabels.ts';
import { type FirstQuestion, firstQuestion } from '#core/inference/firstQuestion.ts';
import { inputDims } from '#core/inference/inputTensor.ts';
import type { ModelManifest } from '#core/inference/modelManifest.ts';
import type { RunHooks } from '#core/inference/runModel.ts';
import { singleLabels } from '#core/inference/sharedVoxels.ts';
import type { Labelmap } from '#core/segmentation/labelmap.ts';
import { bytesPerScalar, type Volume } from '#core/volume/volume.ts';
import type { RunMember } from './inferenceMessages.ts';
import type { LoadedNetwork } from './LoadedNetwork.ts';

export interface CoarseLook {
  /** On the grid of coarsePlan; null: the network takes windows of one size only, or failed on this one. */
  readonly labelmap: Labelmap | null;
  readonly seconds: number;
  /** @returns mean Dice with the full result; null where there was no look, or nothing to find */
  agreementWith(full: Labelmap): number | null;
}

/** @returns how many bytes the labels have that the host expects; 0 where there is no plan */
export function coarseBytes(manifest: ModelManifest, { geometry }: Pick<Volume, 'geometry'>): number {
  const plan = coarsePlan(manifest, geometry);
  const type = labelType(manifest.output, manifest.classes);
  return plan ? voxelCount(plan.geometry) * bytesPerScalar(type) : 0;
}

/** A look that can be had. */
export interface ReadyLook {
  readonly plan: CoarsePlan;
  /** The network that it is had through, to be released afterwards; null: the run's own. */
  readonly own: LoadedNetwork | null;
}

/** @param loaded the run's first network @returns null: the network takes windows of one size only, or can't be made ready */
export async function readyLook(
  { manifest }: RunMember,
  geometry: VolumeGeometry,
  loaded: LoadedNetwork,
): Promise<ReadyLook | null> {
  const plan = coarsePlan(manifest, geometry);
  if (!plan) return null;
  const whole = questionOf(plan);
  const isTaken = takes(loaded.plain, whole.dims);
  // A network's own for larger voxels has the same layers.
  if (!isTaken && !(await loaded.kernelsTake(whole.dims, whole.wish))) return null;
  let own: LoadedNetwork | null = null;
  try {
    own = await loaded.forLargerVoxels(plan.factor);
    const network = own ?? loaded;
    for (const one of [...fittedPlans(plan), plan]) {
      const { dims, wish } = questionOf(one);
      if (await network.prepareKernels(dims, wish)) return { plan: one, own };
    }
    if (!isTaken) throw new Error('no memory for the kernels');
    await network.prepare(whole.dims, whole.wish);
    return { plan, own };
  } catch {
    await own?.release().catch(() => undefined);
    return null;
  }
}

export interface CoarseHooks extends Pick<RunHooks, 'runWindow' | 'decideWindow' | 'progress'> {
  /** From now on windows are answered by this network, that is released afterwards; null: by the run's own again. */
  lookThrough(network: LoadedNetwork | null): void;
}

/** @throws what `hooks.progress` throws: a person cancelled */
export async function coarseLook(
  [volume, ...companions]: readonly [Volume, ...Volume[]],
  { manifest }: RunMember,
  ready: ReadyLook | null,
  { lookThrough, ...hooks }: CoarseHooks,
): Promise<CoarseLook> {
  const from = performance.now();
  const { geometry } = volume;
  const labelmap = ready && (await look(ready));
  return {
    labelmap,
    seconds: (performance.now() - from) / 1000,
    agreementWith: (full) =>
      ready && labelmap
        ? coarseAgreement(
            singleLabels(manifest, labelmap),
            singleLabels(manifest, full),
            geometry,
            ready.plan.geometry.spacingMm,
          )
        : null,
  };

  async function look({ plan, own }: ReadyLook): Promise<Labelmap | null> {
    let stopped: { readonly why: unknown } | null = null;
    const progress: RunHooks['progress'] = async (done, total) => {
      try {
        await hooks.progress(done, total);
      } catch (why) {
        stopped = { why };
        throw why;
      }
    };
    try {
      lookThrough(own);
      return await coarsePass(volume, plan, { ...hooks, progress }, companions);
    } catch (error) {
      // The full run says what is wrong, if anything is wrong there too.
      if (stopped) throw error;
      return null;
    } finally {
      lookThrough(null);
      // What cannot be released costs memory and not the run.
      await own?.release().catch(() => undefined);
    }
  }
}

function questionOf({ manifest, geometry }: CoarsePlan): {
  readonly dims: number[];
  readonly wish: FirstQuestion['wish'];
} {
  const { size, wish } = firstQuestion(manifest, geometry);
  return { dims: inputDims(manifest.input, size), wish };
}

/** Whether the network's file leaves open what the coarse grid needs it to. */
function takes({ inputMetadata: [stated] }: ort.InferenceSession, dims: readonly number[]): boolean {
  if (stated?.isTensor !== true) return false;
  const { shape } = stated;
  return shape.length === dims.length && shape.every((n, axis) => typeof n !== 'number' || n < 0 || n === dims[axis]);
}
