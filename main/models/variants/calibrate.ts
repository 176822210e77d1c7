/** Finds the ranges of a network's inner values on calibration windows, in the trials' process. */
import type { ModelProto } from '#core/onnx/onnxTypes.ts';
import {
  type ActivationStatistics,
  CALIBRATION_METHODS,
  type CalibrationMethod,
  calibratedRange,
  mergeStatistics,
} from '#core/onnx/quantised/activationStatistics.ts';
import type { ValueRange } from '#core/onnx/quantised/affineQuantisation.ts';
import { observedCopy } from '#core/onnx/quantised/observedCopy.ts';
import { writeModel } from '#core/onnx/readModel.ts';
import type { TrialProcess } from '../../inference/TrialProcess.ts';
import type { TrialWindow } from '../../inference/trialMessages.ts';

/** How many values are answered at once: each is as large as a layer. */
const AT_ONCE = 8;

export type CalibratedRanges = ReadonlyMap<CalibrationMethod, ReadonlyMap<string, ValueRange>>;

/** @param values names of the inner values. @returns their ranges by each method */
export async function calibrate(
  trials: TrialProcess,
  model: ModelProto,
  values: readonly string[],
  windows: readonly TrialWindow[],
): Promise<CalibratedRanges> {
  const seen = new Map<string, ActivationStatistics>();
  for (let from = 0; from < values.length; from += AT_ONCE) {
    const names = values.slice(from, from + AT_ONCE);
    await trials.loadObserved(writeModel(observedCopy(model, names)));
    const ranges = await observed(trials, names, windows, null);
    for (const [name, statistics] of await observed(trials, names, windows, ranges)) seen.set(name, statistics);
  }
  return new Map(
    CALIBRATION_METHODS.map((method) => [
      method,
      new Map([...seen].map(([name, statistics]) => [name, calibratedRange(statistics, method)])),
    ]),
  );
}

async function observed(
  trials: TrialProcess,
  names: readonly string[],
  windows: readonly TrialWindow[],
  ranges: ReadonlyMap<string, ValueRange> | null,
): Promise<Map<string, ActivationStatistics>> {
  const all = new Map<string, ActivationStatistics>();
  for (const window of windows) {
    for (const [name, statistics] of await trials.observe(window, names, ranges)) {
      const before = all.get(name);
      all.set(name, before ? mergeStatistics(before, statistics) : statistics);
    }
  }
  return all;
}
