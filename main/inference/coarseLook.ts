/**
 * The coarse look in the inference process, before the full run: its labels to the host, and afterwards how well they foretold the
 * result. It never fails a run: where it can't be had, the host is told so. Next: core/inference/coarsePass.ts.
 */
import type ort from 'onnxruntime-node';
import { voxelCount } from '#core/geometry/volumeGeometry.ts';
import { coarseAgreement } from '#core/inference/coarseLabels.ts';
import { type CoarsePlan, coarsePass, coarsePlan } from '#core/inference/coarsePass.ts';
import { labelType } from '#core/inference/decideLabels.ts';
import { inputDims } from '#core/inference/inputTensor.ts';
import type { ModelManifest } from '#core/inference/modelManifest.ts';
import type { RunHooks } from '#core/inference/runModel.ts';
import { runPlan } from '#core/inference/runPlan.ts';
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

export interface CoarseHooks extends Pick<RunHooks, 'runWindow' | 'decideWindow' | 'progress'> {
  /** From now on windows are answered by this network, that is released afterwards; null: by the run's own again. */
  lookThrough(network: LoadedNetwork | null): void;
}

/** @param loaded the run's first network @throws what `hooks.progress` throws: a person cancelled */
export async function coarseLook(
  [volume, ...companions]: readonly [Volume, ...Volume[]],
  { manifest }: RunMember,
  loaded: LoadedNetwork,
  { lookThrough, ...hooks }: CoarseHooks,
): Promise<CoarseLook> {
  const from = performance.now();
  const { geometry } = volume;
  const plan = coarsePlan(manifest, geometry);
  const labelmap = plan && takes(loaded.plain, plan.manifest, plan.geometry) ? await look(plan) : null;
  return {
    labelmap,
    seconds: (performance.now() - from) / 1000,
    agreementWith: (full) =>
      plan && labelmap
        ? coarseAgreement(
            singleLabels(manifest, labelmap),
            singleLabels(manifest, full),
            geometry,
            plan.geometry.spacingMm,
          )
        : null,
  };

  async function look(coarse: CoarsePlan): Promise<Labelmap | null> {
    let stopped: { readonly why: unknown } | null = null;
    const progress: RunHooks['progress'] = async (done, total) => {
      try {
        await hooks.progress(done, total);
      } catch (why) {
        stopped = { why };
        throw why;
      }
    };
    let own: LoadedNetwork | null = null;
    try {
      own = await loaded.forLargerVoxels(coarse.factor);
      lookThrough(own);
      return await coarsePass(volume, coarse, { ...hooks, progress }, companions);
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

/** Whether the network's file leaves open what the coarse grid needs it to. */
function takes(
  { inputMetadata: [stated] }: ort.InferenceSession,
  manifest: Parameters<typeof runPlan>[0],
  geometry: Volume['geometry'],
): boolean {
  if (stated?.isTensor !== true) return false;
  const dims = inputDims(manifest.input, runPlan(manifest, geometry).tiling.size);
  const { shape } = stated;
  return shape.length === dims.length && shape.every((n, axis) => typeof n !== 'number' || n < 0 || n === dims[axis]);
}
