import { expect, it } from 'vitest';
import { looksLikeImages } from './variantCases.ts';

const ramp = (from: number, to: number) => ({
  input: Float32Array.from({ length: 1000 }, (_, n) => from + ((to - from) * n) / 999),
});

it.each([
  [ramp(0, 1), { kind: 'min-max' }, true],
  [ramp(-10, 20), { kind: 'min-max' }, false],
  [ramp(0.4, 0.5), { kind: 'percentile', lowerPercent: 1, upperPercent: 99 }, false],
  [ramp(-1.7, 1.7), { kind: 'z-score', over: 'volume' }, true],
  [ramp(-100, 200), { kind: 'z-score', over: 'volume' }, false],
  [ramp(0, 0), { kind: 'z-score', over: 'volume' }, false],
  [ramp(-2, 3), { kind: 'fixed-z-score', lower: -200, upper: 300, mean: 0, deviation: 100 }, true],
  [ramp(-200, 300), { kind: 'fixed-z-score', lower: -200, upper: 300, mean: 0, deviation: 100 }, false],
  [ramp(-1000, 1000), { kind: 'none' }, true],
] as const)('tells a golden case that is like a network’s images from noise %#', (golden, how, is) => {
  expect(looksLikeImages(golden, how)).toBe(is);
});
