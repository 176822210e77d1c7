/** Intensities to the network's numbers. The record holds what was measured, so that a reader can redo it. */
import { LanternError } from '../errors/lanternError.ts';
import { type SmallIntegers, seenValues, smallestOf } from '../volume/seenValues.ts';
import type { Scalars } from '../volume/volume.ts';
import type { Normalisation } from './modelManifest.ts';
import type { NormaliseRecord } from './trace.ts';

/** Bins of the histogram that percentiles are read from; whole numbers with a smaller range are exact. */
const BINS = 65_536;

/**
 * @throws model/non-finite-input for NaN or infinite voxels
 * @throws model/uniform-input when all voxels are equal and the normalisation would divide by 0
 */
export function normaliseRecord(scalars: Scalars, how: Normalisation): NormaliseRecord {
  const { minimum, maximum } = rangeOf(scalars);
  switch (how.kind) {
    case 'none':
      return record(how.kind, null, null, 0, 1);
    case 'min-max':
      return record(how.kind, null, null, minimum, maximum - minimum);
    case 'window':
      return record(how.kind, how.lower, how.upper, how.lower, how.upper - how.lower);
    case 'percentile': {
      const [lower, upper] = percentiles(scalars, minimum, maximum, [how.lowerPercent, how.upperPercent]);
      return record(how.kind, lower, upper, lower, upper - lower);
    }
    case 'fixed-z-score':
      return record(how.kind, how.lower, how.upper, how.mean, how.deviation);
    case 'z-score': {
      const { mean, deviation } = momentsOf(scalars, how.over === 'nonzero');
      const measured = record(how.kind, null, null, mean, deviation);
      return how.over === 'nonzero' ? { ...measured, zeroStays: true } : measured;
    }
  }
}

/** How the voxels of one array become a network's numbers: made once, asked for row by row. */
export interface IntensityScale {
  readonly record: NormaliseRecord;
  /** Of whole numbers of one or two bytes: the number for each value that the type can hold, from the least on; null: computed. */
  readonly table: Float32Array | null;
  readonly least: number;
}

/** Whole numbers of one or two bytes have few values: each is computed once and looked up, which halves the time. */
export function intensityScale(scalars: Scalars, record: NormaliseRecord): IntensityScale {
  if (!areSmallIntegers(scalars)) return { record, table: null, least: 0 };
  const least = smallestOf(scalars);
  const values = Float32Array.from({ length: 256 ** scalars.BYTES_PER_ELEMENT }, (_, n) => least + n);
  const computed: IntensityScale = { record, table: null, least };
  scaleRow(values, { start: 0, step: 1 }, computed, values, 0, values.length);
  return { record, table: values, least };
}

/**
 * output[at … at + count − 1] = (clip(x, lower, upper) − subtract) / divide as float32, 0 where the record says that it stays;
 * x = scalars[start], scalars[start + step], …
 */
export function scaleRow(
  scalars: Scalars,
  { start, step }: { readonly start: number; readonly step: number },
  { record, table, least }: IntensityScale,
  output: Float32Array,
  at: number,
  count: number,
): void {
  if (table) {
    for (let n = 0, from = start; n < count; n++, from += step) output[at + n] = table[scalars[from]! - least]!;
    return;
  }
  const { subtract, divide, zeroStays = false } = record;
  const lower = record.lower ?? Number.NEGATIVE_INFINITY;
  const upper = record.upper ?? Number.POSITIVE_INFINITY;
  for (let n = 0, from = start; n < count; n++, from += step) {
    const x = scalars[from]!;
    output[at + n] = zeroStays && x === 0 ? 0 : (Math.min(Math.max(x, lower), upper) - subtract) / divide;
  }
}

/** All of an array, as scaleRow. */
export function normaliseScalars(scalars: Scalars, record: NormaliseRecord): Float32Array {
  const output = new Float32Array(scalars.length);
  scaleRow(scalars, { start: 0, step: 1 }, intensityScale(scalars, record), output, 0, output.length);
  return output;
}

function areSmallIntegers(scalars: Scalars): scalars is SmallIntegers {
  return scalars.BYTES_PER_ELEMENT <= 2;
}

function record(
  kind: string,
  lower: number | null,
  upper: number | null,
  subtract: number,
  divide: number,
): NormaliseRecord {
  if (!(divide > 0)) {
    throw new LanternError(
      'model/uniform-input',
      'All voxels of this series have the same value, so there is nothing that a network could see.',
      'Check that the series is the right one and was exported whole.',
    );
  }
  return { step: 'normalise', kind, lower, upper, subtract, divide };
}

function rangeOf(scalars: Scalars): { minimum: number; maximum: number } {
  if (areSmallIntegers(scalars)) {
    const { smallest, seen } = seenValues(scalars);
    return { minimum: smallest + seen.indexOf(1), maximum: smallest + seen.lastIndexOf(1) };
  }
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  // A NaN anywhere makes the sum NaN; an infinite voxel shows in the extremes.
  let sum = 0;
  for (let n = 0; n < scalars.length; n++) {
    const x = scalars[n]!;
    if (x < minimum) minimum = x;
    if (x > maximum) maximum = x;
    sum += x;
  }
  if (Number.isNaN(sum) || !Number.isFinite(minimum) || !Number.isFinite(maximum)) {
    throw new LanternError(
      'model/non-finite-input',
      'The series holds voxels that are not numbers (NaN or infinite), which no network can read.',
      'Export the series again from its source, without masked-out voxels.',
    );
  }
  return { minimum, maximum };
}

function momentsOf(scalars: Scalars, nonzero: boolean): { mean: number; deviation: number } {
  let count = 0;
  let sum = 0;
  for (let n = 0; n < scalars.length; n++) {
    const x = scalars[n]!;
    if (nonzero && x === 0) continue;
    count++;
    sum += x;
  }
  const mean = sum / Math.max(count, 1);
  // A second pass: the one-pass formula loses digits where the mean is far from 0.
  let squares = 0;
  for (let n = 0; n < scalars.length; n++) {
    const x = scalars[n]!;
    if (!(nonzero && x === 0)) squares += (x - mean) * (x - mean);
  }
  return { mean, deviation: Math.sqrt(squares / Math.max(count, 1)) };
}

function percentiles(
  scalars: Scalars,
  minimum: number,
  maximum: number,
  percents: readonly [number, number],
): [number, number] {
  const width = maximum - minimum || 1;
  const whole = !(scalars instanceof Float32Array) && width < BINS;
  const scale = whole ? 1 : (BINS - 1) / width;
  const histogram = new Uint32Array(BINS);
  for (let n = 0; n < scalars.length; n++) histogram[Math.round((scalars[n]! - minimum) * scale)]!++;
  const valueAt = (percent: number): number => {
    const rank = (percent / 100) * (scalars.length - 1);
    let below = 0;
    for (let bin = 0; bin < BINS; bin++) {
      below += histogram[bin]!;
      if (below > rank) return minimum + bin / scale;
    }
    return maximum;
  };
  return [valueAt(percents[0]), valueAt(percents[1])];
}
