import fc from 'fast-check';
import { expect, it } from 'vitest';
import { seenValues } from './seenValues.ts';

it('finds the values that a set finds, for every type of one or two bytes', () => {
  for (const Type of [Uint8Array, Int8Array, Uint16Array, Int16Array]) {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -40_000, max: 70_000 })), (numbers) => {
        const values = Type.from(numbers);
        const { smallest, seen } = seenValues(values);
        const found = [...seen.keys()].filter((n) => seen[n]).map((n) => n + smallest);
        expect(found).toEqual([...new Set(values)].sort((a, b) => a - b));
      }),
    );
  }
});
