import { expect, it } from 'vitest';
import { formatGrid } from './formatGrid.ts';

it('gives voxels and millimetres in the same order', () => {
  expect(formatGrid({ size: [512, 480, 129], spacingMm: [0.5703, 0.6, 1.6], instances: 129 })).toEqual([
    '512 × 480 × 129',
    '0.57 × 0.6 × 1.6 mm',
  ]);
});

it('counts the images of a series that is no volume', () => {
  expect(formatGrid({ size: [2048, 1024, 1], spacingMm: [0.1, 0.1, 1], instances: 4 })).toEqual(['4 images']);
});
