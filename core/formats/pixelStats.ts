/** Range and percentiles of an image's values. NaN and infinities are left out. */
import type { Scalars } from '../volume/volume.ts';

export interface ValueRange {
  readonly min: number;
  readonly max: number;
}

/** @returns smallest and greatest finite value; 0 and 0 when there is none */
export function valueRange(scalars: Scalars): ValueRange {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let n = 0; n < scalars.length; n++) {
    const value = scalars[n]!;
    if (value < min && value !== Number.NEGATIVE_INFINITY) min = value;
    if (value > max && value !== Number.POSITIVE_INFINITY) max = value;
  }
  return min <= max ? { min, max } : { min: 0, max: 0 };
}

/** Enough bins that a window is placed within a thousandth of the range, enough samples that no organ is missed. */
const BINS = 4096;
const SAMPLES = 2_000_000;

/**
 * @param range of the values
 * @param fractions 0..1
 * @returns the values below which the fractions lie, within a bin of the range
 */
export function percentiles(scalars: Scalars, range: ValueRange, fractions: readonly number[]): number[] {
  const span = range.max - range.min;
  if (!(span > 0)) return fractions.map(() => range.min);
  const counts = new Uint32Array(BINS);
  // An odd stride walks over rows and columns alike.
  const stride = Math.max(1, Math.floor(scalars.length / SAMPLES)) | 1;
  let total = 0;
  for (let n = 0; n < scalars.length; n += stride) {
    const bin = Math.floor(((scalars[n]! - range.min) / span) * BINS);
    if (!(bin >= 0)) continue;
    const clamped = Math.min(bin, BINS - 1);
    counts[clamped] = counts[clamped]! + 1;
    total++;
  }
  return fractions.map((fraction) => {
    let seen = 0;
    for (let bin = 0; bin < BINS; bin++) {
      seen += counts[bin]!;
      if (seen > fraction * total) return range.min + ((bin + 0.5) / BINS) * span;
    }
    return range.max;
  });
}
