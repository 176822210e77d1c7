import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slicesFromTheMiddle } from './slicesFromTheMiddle.ts';

describe('slicesFromTheMiddle', () => {
  it('begins with the slice that is shown first, alone', () => {
    expect(slicesFromTheMiddle(129, 24)[0]).toEqual([64, 64]);
    expect(slicesFromTheMiddle(1, 24)).toEqual([[0, 0]]);
  });

  it('goes outwards by turns, never more than a chunk at once', () => {
    expect(slicesFromTheMiddle(9, 3)).toEqual([
      [4, 4],
      [5, 7],
      [1, 3],
      [8, 8],
      [0, 0],
    ]);
  });

  it('fetches every slice once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 50 }), (count, chunk) => {
        const slices = slicesFromTheMiddle(count, chunk).flatMap(([first, last]) =>
          Array.from({ length: last - first + 1 }, (_, n) => first + n),
        );
        expect(slices.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, n) => n));
      }),
    );
  });
});
