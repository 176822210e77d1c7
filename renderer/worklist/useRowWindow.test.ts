import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowWindow } from './useRowWindow.ts';

describe('rowWindow', () => {
  it('makes every row that is on screen and keeps the height of the whole', () => {
    const anywhere = {
      count: fc.nat(20_000),
      rowPx: fc.integer({ min: 20, max: 80 }),
      share: fc.float({ min: 0, max: 1, noNaN: true }),
    };
    fc.assert(
      fc.property(fc.record(anywhere), fc.integer({ min: 100, max: 2000 }), ({ count, rowPx, share }, heightPx) => {
        const top = share * Math.max(0, count * rowPx - heightPx);
        const { first, end, beforePx, afterPx } = rowWindow(count, rowPx, top, heightPx);
        expect(beforePx + afterPx + (end - first) * rowPx).toBe(count * rowPx);
        if (count > 0) {
          expect(beforePx).toBeLessThanOrEqual(top);
          expect(end * rowPx).toBeGreaterThanOrEqual(Math.min(count * rowPx, top + heightPx) - 1e-6);
        }
      }),
    );
  });

  it('makes few rows of many', () => {
    const { first, end } = rowWindow(10_000, 40, 200_000, 800);
    expect(end - first).toBeLessThan(60);
  });

  it('survives a list that became shorter than where it was scrolled to', () => {
    const { first, end } = rowWindow(3, 40, 4000, 800);
    expect([first, end]).toEqual([3, 3]);
  });
});
