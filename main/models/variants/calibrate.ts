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

/** How many values are answered at once: each is as large as a layer, so of large windows few. */
const MOST_AT_ONCE = 8;
const NUMBERS_AT_ONCE = 4_000_000;

export type CalibratedRanges = ReadonlyMap<CalibrationMethod, ReadonlyMap<string, ValueRange>>;

/** @param values names of the inner values. @returns their ranges by each method */
export async function calibrate(
  trials: TrialProcess,
  model: ModelProto,
  values: readonly string[],
  windows: readonly TrialWindow[],
): Promise<CalibratedRanges> {
  const seen = new Map<string, ActivationStatistics>();
  const largest = Math.max(1, ...windows.map((window) => window.values.length));
  const atOnce = Math.min(MOST_AT_ONCE, Math.max(1, Math.floor(NUMBERS_AT_ONCE / largest)));
  for (let from = 0; from < values.length; from += atOnce) {
    const names = values.slice(from, from + atOnce);
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
