/** One case through one network of the trials' process, whole: preprocessing, windows, blending and decision are those of every run. */
import { LanternError } from '#core/errors/lanternError.ts';
import type { Vector3 } from '#core/geometry/points.ts';
import { inputDims } from '#core/inference/inputTensor.ts';
import { runModel } from '#core/inference/runModel.ts';
import type { TrialProcess } from '../../inference/TrialProcess.ts';
import type { TrialWindow } from '../../inference/trialMessages.ts';
import type { VariantCase } from './variantCases.ts';

/** Told of each window: its number, how many there are, and the window, which is the listener's to keep. */
export type WindowListener = (n: number, total: number, window: () => TrialWindow) => void;

/** @returns the mask, a label for each voxel of the case's volume. @throws what runModel and the process throw */
export async function trialRun(
  trials: TrialProcess,
  slot: string,
  { volume, manifest }: VariantCase,
  listen: WindowListener = () => undefined,
): Promise<Uint8Array | Uint16Array> {
  let [done, all] = [0, 0];
  const { labelmap } = await runModel(volume, manifest, {
    async runWindow(values: Float32Array, size: Vector3) {
      const dims = inputDims(manifest.input, size);
      listen(done, all, () => ({ dims, values: Float32Array.from(values) }));
      const answer = await trials.run(slot, { dims, values });
      if (answer.scores.length === 0) throw noScores();
      return { dims: answer.dims, scores: answer.scores };
    },
    async progress(n, total) {
      done = n;
      all = total;
    },
  });
  return labelmap.voxels;
}

function noScores(): LanternError {
  return new LanternError('model/run-failed', 'The network answered nothing.', 'Use the model as it is.');
}
