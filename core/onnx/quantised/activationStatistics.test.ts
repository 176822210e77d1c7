import { describe, expect, it } from 'vitest';
import { calibratedRange, mergeStatistics, observeBins, observeRange } from './activationStatistics.ts';

/** 100 000 values spread evenly over 0 … 1, and one far away. */
const values = [...Array.from({ length: 100_000 }, (_, n) => n / 100_000), 50];
const seen = observeBins(values, observeRange(values));

describe('the range of an activation', () => {
  it('is all that was seen, by min-max', () => {
    expect(calibratedRange(seen, 'min-max')).toEqual({ min: 0, max: 50 });
  });

  it('gives up a single outlier by percentile', () => {
    const { min, max } = calibratedRange(seen, 'percentile');
    expect(min).toBe(0);
    expect(max).toBeLessThan(1.1);
  });

  it('gives up outliers by squared error only as far as finer steps outweigh them', () => {
    const dense = [...Array.from({ length: 10_000_0 }, (_, n) => (n % 1000) / 1000), 1.5];
    const { max } = calibratedRange(observeBins(dense, observeRange(dense)), 'mse');
    expect(max).toBeGreaterThan(0.9);
    expect(max).toBeLessThan(1.4);
  });

  it('comes from all images together', () => {
    const range = mergeStatistics(observeRange([1, 2]), observeRange([-4, 0]));
    expect(range).toEqual({ min: -4, max: 2, bins: null });
    const both = mergeStatistics(observeBins([1, 2], range), observeBins([-4, 0, 0], range));
    expect(both.bins?.reduce((sum, count) => sum + count, 0)).toBe(5);
  });

  it('is told of a value that never changes', () => {
    expect(calibratedRange(observeBins([3, 3], observeRange([3, 3])), 'mse')).toEqual({ min: 3, max: 3 });
  });
});
