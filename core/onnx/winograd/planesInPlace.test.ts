import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TILE } from './filterPoints.ts';
import { planesInPlace, SPARE_PLANES, tileOrder } from './planesInPlace.ts';

const depths = fc.integer({ min: 1, max: 70 });
const dilations = fc.array(fc.integer({ min: 1, max: 17 }), { minLength: 1, maxLength: 4 });

test('no tile writes over a plane that it or a later tile still reads, however many convolutions follow', () => {
  fc.assert(
    fc.property(depths, dilations, (depth, chain) => {
      let planes = Int32Array.from({ length: depth }, (_, z) => z);
      let free: readonly number[] = Array.from({ length: SPARE_PLANES }, (_, n) => depth + n);
      for (const dilation of chain) {
        const after = planesInPlace(planes, free, dilation);
        /** What each slot holds: plane z of what is read, or of what is written. */
        const slots = new Map<number, string>([...planes].map((slot, z) => [slot, `read ${z}`]));
        for (const { phase, tile } of tileOrder(depth, dilation)) {
          for (let n = -1; n <= TILE; n++) {
            const z = phase + (tile * TILE + n) * dilation;
            if (z >= 0 && z < depth) expect(slots.get(planes[z]!)).toBe(`read ${z}`);
          }
          for (let n = 0; n < TILE; n++) {
            const z = phase + (tile * TILE + n) * dilation;
            if (z < depth) slots.set(after.planes[z]!, `written ${z}`);
          }
        }
        for (let z = 0; z < depth; z++) expect(slots.get(after.planes[z]!)).toBe(`written ${z}`);
        const used = new Set([...after.planes, ...after.free]);
        expect(used.size).toBe(depth + SPARE_PLANES);
        expect(Math.max(...used)).toBeLessThan(depth + SPARE_PLANES);
        ({ planes, free } = { planes: Int32Array.from(after.planes), free: after.free });
      }
    }),
    { numRuns: 300 },
  );
});
