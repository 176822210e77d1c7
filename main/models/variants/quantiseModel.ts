/**
 * `models quantize`: a model in 8 bits, kept only if it is worth it. Ranges are chosen by every method, and the method counts whose mask
 * is nearest to the model's own on the calibration windows. Next: makeVariant.ts, core/onnx/quantised/quantiseNetwork.ts
 */
import type { ModelManifest } from '#core/inference/modelManifest.ts';
import type { CalibrationMethod } from '#core/onnx/quantised/activationStatistics.ts';
import { planQuantisation, type QuantisedNetwork, quantiseNetwork } from '#core/onnx/quantised/quantiseNetwork.ts';
import { writeModel } from '#core/onnx/readModel.ts';
import type { TrialWindow } from '../../inference/trialMessages.ts';
import { calibrate } from './calibrate.ts';
import { type MadeVariant, makeVariant, type Trial, type VariantAnswer, type VariantOrder } from './makeVariant.ts';
import { PARENT, VARIANT } from './measureVariant.ts';
import { windowLoss } from './windowLoss.ts';

/** @throws what makeVariant throws, model/nothing-to-quantise, model/old-operators */
export function quantiseModel(order: VariantOrder): Promise<VariantAnswer> {
  return makeVariant(order, quantised);
}

async function quantised(trial: Trial): Promise<MadeVariant> {
  const { parent, windows, trials, progress } = trial;
  const { model } = parent;
  const plan = planQuantisation(model);
  progress(`Calibrating ${plan.layers.length} layers on ${windows.length} windows`);
  const ranges = await calibrate(trials, model, plan.values, windows);
  const candidates: { method: CalibrationMethod; network: QuantisedNetwork; bytes: Uint8Array; loss: number }[] = [];
  for (const [method, chosen] of ranges) {
    progress(`Trying ranges by ${method}`);
    const network = quantiseNetwork(model, plan, chosen);
    const bytes = writeModel(network.model);
    await trials.load(VARIANT, await trial.stage(bytes), parent.pack.manifest);
    const loss = await lossOn(trial, windows, parent.pack.manifest);
    candidates.push({ method, network, bytes, loss });
  }
  const [first, ...others] = candidates;
  if (!first) throw new Error('no calibration method');
  const best = others.reduce((least, one) => (one.loss < least.loss ? one : least), first);
  const layers = best.network.layers.length;
  return {
    network: best.bytes,
    change: { kind: 'int8', calibration: best.method, windows: windows.length, layers },
    suffix: 'int8',
    made:
      `${layers} of its layers are computed in 8-bit integers (QDQ form; uint8 activations, int8 weights with a scale for each channel in 7 ` +
      `bits), the first, the last and all others in float; ranges of activations by ${best.method} over ${windows.length} windows.`,
  };
}

async function lossOn({ trials }: Trial, windows: readonly TrialWindow[], manifest: ModelManifest): Promise<number> {
  let loss = 0;
  for (const window of windows) {
    const own = await trials.run(PARENT, window);
    const other = await trials.run(VARIANT, window);
    loss += windowLoss(own.scores, other.scores, manifest);
  }
  return loss / windows.length;
}
