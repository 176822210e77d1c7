/**
 * What was seen of a value while the calibration images ran: its range, and in a second pass how often it lay where. From it comes the
 * range that 256 steps are spent on; a few outliers may be given up for finer steps. Next: affineQuantisation.ts
 */
import { activationQuantisation, dequantise, quantise, type ValueRange } from './affineQuantisation.ts';

export interface ActivationStatistics extends ValueRange {
  /** Counts in equal bins between min and max; null in the first pass. */
  readonly bins: Uint32Array | null;
}

/** How the range of a value is chosen: all of it, without the farthest 0.01 %, or the one with the least squared error. */
export type CalibrationMethod = 'min-max' | 'percentile' | 'mse';

export const CALIBRATION_METHODS: readonly CalibrationMethod[] = ['min-max', 'percentile', 'mse'];

const BINS = 1024;
/** On each side. */
const GIVEN_UP = 0.0001;
/** Shares of the range that are tried. */
const SHARES = [1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2];

export function observeRange(values: ArrayLike<number>): ActivationStatistics {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let n = 0; n < values.length; n++) {
    const value = values[n]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max, bins: null };
}

/** @param range of all images */
export function observeBins(values: ArrayLike<number>, { min, max }: ValueRange): ActivationStatistics {
  const bins = new Uint32Array(BINS);
  const perUnit = max > min ? BINS / (max - min) : 0;
  for (let n = 0; n < values.length; n++) {
    const bin = Math.floor((values[n]! - min) * perUnit);
    bins[Math.min(BINS - 1, Math.max(0, bin))]!++;
  }
  return { min, max, bins };
}

/** Of two images; bins only of the same range. */
export function mergeStatistics(a: ActivationStatistics, b: ActivationStatistics): ActivationStatistics {
  const bins = a.bins && b.bins ? a.bins.map((count, n) => count + b.bins![n]!) : null;
  return { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max), bins };
}

/** @returns what the 256 steps are to cover; min-max where there are no bins */
export function calibratedRange(seen: ActivationStatistics, method: CalibrationMethod): ValueRange {
  const { min, max, bins } = seen;
  if (!bins || !(max > min) || method === 'min-max') return { min, max };
  return method === 'percentile' ? withoutTails(seen, bins) : leastError(seen, bins);
}

function withoutTails({ min, max }: ValueRange, bins: Uint32Array): ValueRange {
  const total = bins.reduce((sum, count) => sum + count, 0);
  const width = (max - min) / bins.length;
  const edge = (order: readonly number[]): number => {
    let seen = 0;
    for (const [n, count] of order.entries()) {
      seen += count;
      if (seen > GIVEN_UP * total) return n;
    }
    return 0;
  };
  return { min: min + width * edge([...bins]), max: max - width * edge([...bins].reverse()) };
}

function leastError({ min, max }: ValueRange, bins: Uint32Array): ValueRange {
  const width = (max - min) / bins.length;
  let best = { range: { min, max }, error: Number.POSITIVE_INFINITY };
  for (const share of SHARES) {
    const range = { min: Math.min(0, min) * share, max: Math.max(0, max) * share };
    const as = activationQuantisation(range);
    let error = 0;
    for (const [n, count] of bins.entries()) {
      const value = min + width * (n + 0.5);
      if (count > 0) error += count * (dequantise(quantise(value, as), as) - value) ** 2;
    }
    if (error < best.error) best = { range, error };
  }
  return best.range;
}
