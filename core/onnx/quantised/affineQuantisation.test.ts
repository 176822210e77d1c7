import { describe, expect, it } from 'vitest';
import {
  activationQuantisation,
  dequantise,
  LARGEST_WEIGHT,
  quantise,
  quantiseBias,
  quantiseWeights,
} from './affineQuantisation.ts';

describe('activations in 8 bits', () => {
  it('spend all steps on the range, and hold 0 exactly', () => {
    const of = activationQuantisation({ min: -1, max: 4.1 });
    expect(of.scale).toBeCloseTo(0.02, 7);
    expect(of.zeroPoint).toBe(50);
    expect(dequantise(quantise(0, of), of)).toBe(0);
  });

  it('stretch a range to 0 where it does not hold it', () => {
    expect(activationQuantisation({ min: 2, max: 5.1 })).toEqual({ scale: Math.fround(0.02), zeroPoint: 0 });
    expect(activationQuantisation({ min: -5.1, max: -2 }).zeroPoint).toBe(255);
  });

  it('come back within half a step, whatever the range', () => {
    for (const range of [
      { min: 0, max: 6 },
      { min: -0.3, max: 0.02 },
      { min: -1000, max: 3 },
    ]) {
      const of = activationQuantisation(range);
      for (let n = 0; n <= 1000; n++) {
        const value = range.min + ((range.max - range.min) * n) / 1000;
        // The zero point is rounded too: at an end of the range that costs another half.
        expect(Math.abs(dequantise(quantise(value, of), of) - value)).toBeLessThanOrEqual(of.scale * 1.001);
      }
    }
  });

  it('saturate outside of the range', () => {
    const of = activationQuantisation({ min: -1, max: 1 });
    expect(quantise(1e9, of)).toBe(255);
    expect(quantise(-1e9, of)).toBe(0);
  });

  it('round half a step to the even integer, as the runtime does', () => {
    const of = { scale: 1, zeroPoint: 10 };
    expect([0.5, 1.5, 2.5, -0.5, -1.5, -2.5].map((v) => quantise(v, of))).toEqual([10, 12, 12, 10, 8, 8]);
  });

  it('have a usable scale where there is nothing but 0', () => {
    expect(activationQuantisation({ min: 0, max: 0 })).toEqual({ scale: 1, zeroPoint: 0 });
  });
});

describe('weights in 8 bits', () => {
  it('have a scale for each output channel, and no zero point', () => {
    const { values, scales } = quantiseWeights(Float32Array.of(1, -0.5, 100, 25), [2, 2], 0);
    expect([...values]).toEqual([64, -32, 64, 16]);
    expect([...scales]).toEqual([1 / 64, 100 / 64]);
  });

  it('find the channel on another axis too', () => {
    const { values } = quantiseWeights(Float32Array.of(1, 100, -0.5, 25), [2, 2], 1);
    expect([...values]).toEqual([64, 64, -32, 16]);
  });

  it('leave room for two products in 16 bits', () => {
    const { values } = quantiseWeights(Float32Array.of(-3, 3, 1), [1, 3], 0);
    expect(2 * 255 * Math.max(...values.map(Math.abs))).toBeLessThan(2 ** 15);
    expect(Math.min(...values)).toBe(-LARGEST_WEIGHT);
  });

  it('stay 0 in a channel without weights', () => {
    const { values, scales } = quantiseWeights(Float32Array.of(0, 0, 1, 1), [2, 2], 0);
    expect([...values]).toEqual([0, 0, 64, 64]);
    expect(scales[0]).toBe(1);
  });
});

describe('a bias', () => {
  it('counts in the product of both scales', () => {
    expect([...(quantiseBias(Float32Array.of(1, -2), 0.5, Float32Array.of(0.25, 0.5)) ?? [])]).toEqual([8, -8]);
  });

  it('is refused where it would overflow', () => {
    expect(quantiseBias(Float32Array.of(1e6), 1e-3, Float32Array.of(1e-3))).toBeNull();
  });
});
