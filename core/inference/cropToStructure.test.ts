import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexPoint, type Vector3, worldPoint } from '../geometry/points.ts';
import { indexToWorld } from '../geometry/volumeGeometry.ts';
import { boxAround, boxSize, cropToBox, pasteFromBox, pasteRuns } from './cropToStructure.ts';
import { runsOf } from './instances/placeInstance.ts';

describe('the box around a structure', () => {
  it('holds the labels that are asked for, with the margin in whole voxels, inside of the series', () => {
    const voxels = new Uint8Array(10 * 8 * 6);
    voxels[4 + 10 * (3 + 8 * 2)] = 2;
    voxels[6 + 10 * (5 + 8 * 2)] = 2;
    voxels[0] = 1;
    const mask = { size: [10, 8, 6] as const, voxels };
    expect(boxAround(mask, [2], [1, 2, 5], 2)).toEqual({ min: [2, 2, 1], max: [8, 6, 3] });
    expect(boxAround(mask, [2], [1, 2, 5], 100)).toEqual({ min: [0, 0, 0], max: [9, 7, 5] });
    expect(boxAround(mask, [3], [1, 2, 5], 2)).toBeNull();
  });
});

describe('a part of a series', () => {
  it('lies where it lay in the patient, and comes back to its voxels, as a mask and as runs', () => {
    const side = fc.integer({ min: 1, max: 6 });
    const range = (n: number) =>
      fc.tuple(fc.nat(n - 1), fc.nat(n - 1)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)]);
    fc.assert(
      fc.property(
        fc
          .tuple(side, side, side)
          .chain((size) => fc.tuple(fc.constant(size), range(size[0]), range(size[1]), range(size[2]))),
        fc.integer(),
        ([size, ...ranges], seed) => {
          const box = {
            min: ranges.map(([low]) => low) as unknown as Vector3,
            max: ranges.map(([, high]) => high) as unknown as Vector3,
          };
          const geometry = {
            size,
            spacingMm: [0.7, 1.1, 3] as const,
            originLps: worldPoint(3, -4, 50),
            direction: [
              [0, 1, 0],
              [0.6, 0, 0.8],
              [-0.8, 0, 0.6],
            ] as const,
          };
          const scalars = Uint8Array.from(
            { length: size[0] * size[1] * size[2] },
            (_, n) => (Math.imul(n ^ seed, 0x9e3779b1) >>> 9) % 2,
          );
          const part = cropToBox({ geometry, scalars }, box);
          expect(part.geometry.size).toEqual(boxSize(box));
          expect(part.geometry.originLps).toEqual(indexToWorld(geometry, indexPoint(...box.min)));
          const inBox = (n: number): boolean =>
            [n % size[0], Math.floor(n / size[0]) % size[1], Math.floor(n / (size[0] * size[1]))].every(
              (x, a) => x >= (box.min[a] ?? 0) && x <= (box.max[a] ?? 0),
            );
          const wanted = scalars.map((v, n) => (inBox(n) ? v : 0));
          expect(pasteFromBox(part.scalars as Uint8Array, box, size)).toEqual(wanted);
          const offsetsIn = (values: ArrayLike<number>) =>
            Uint32Array.from({ length: values.length }, (_, n) => n).filter((n) => values[n] === 1);
          expect(pasteRuns(runsOf(offsetsIn(part.scalars)), box, size)).toEqual(runsOf(offsetsIn(wanted)));
        },
      ),
    );
  });
});
