import { expect, it } from 'vitest';
import { boxAnchors } from './boxAnchor.ts';
import { localStatistics } from './localStatistics.ts';
import type { PromptSlice } from './promptSlice.ts';
import { testSlice } from './testSlice.ts';

const BOX = { x0: 0, y0: 0, x1: 119, y1: 89 };
/** What lies at the places that are looked at, row by row: organ, fat, fluid, and edges where organ and fluid meet. */
const TISSUES = ['ooofa', 'ooofa', 'ooewa', 'ooewa', 'oowwa'];
const VALUES = { o: 100, f: 20, w: 20, e: 60, a: -80 };

it('looks at the organ that fills most of a box too, though an edge is like all of it and fluid is quieter', () => {
  const tissueAt = (x: number, y: number): keyof typeof VALUES => {
    const row = TISSUES[Math.min(4, Math.max(0, Math.round((y - 13.35) / 15.6)))]!;
    return row[Math.min(4, Math.max(0, Math.round((x - 17.85) / 20.8)))] as keyof typeof VALUES;
  };
  const slice = testSlice((x, y) => {
    const tissue = tissueAt(x, y);
    return tissue === 'e' ? [100, 60, 20][(x + y) % 3]! : VALUES[tissue];
  });
  const values = slice.values.map((v, o) => {
    const tissue = tissueAt(o % slice.width, Math.floor(o / slice.width));
    return tissue === 'f' || tissue === 'w' ? 20 + (v - 20) / 3 : v;
  });
  const quieter: PromptSlice = { ...slice, values };
  const medians = boxAnchors(quieter, BOX, 6).map(({ x, y }) => localStatistics(quieter, x, y, 6).median);
  expect(medians.some((median) => Math.abs(median - 100) < 12)).toBe(true);
});
