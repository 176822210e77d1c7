import { expect, it } from 'vitest';
import { plainGeometry } from '#core/segmentation/gridDrawing.ts';
import { histogramOf } from './histogramOf.ts';

it('counts every value of a small image, the ends included, on a logarithmic scale', () => {
  const scalars = Int16Array.from([-1000, -1000, -1000, 0, 999, 1000]);
  const { heights } = histogramOf({ geometry: plainGeometry([6, 1, 1]), scalars }, { min: -1000, max: 1000 }, 4);
  expect(heights[0]).toBe(1);
  expect(heights[1]).toBe(0);
  expect(heights[2]).toBeCloseTo(Math.log(2) / Math.log(4));
  expect(heights[3]).toBeCloseTo(Math.log(3) / Math.log(4));
});
