import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Vector3, worldPoint } from '../geometry/points.ts';
import { ORIENTATIONS } from '../geometry/testOrientations.ts';
import { cutWindow, wholeInput } from './cutWindow.ts';
import { preprocess } from './preprocess.ts';
import { testManifest } from './testManifest.ts';

const triple = <T>(arbitrary: fc.Arbitrary<T>) => fc.tuple(arbitrary, arbitrary, arbitrary);

it('a window is the whole input’s voxels there, flipped or not, through padding, cropping and another type of voxel', () => {
  const channels = [{ name: 'CT' }, { name: 'CT', normalisation: { kind: 'window', lower: 0, upper: 50 } }] as const;
  fc.assert(
    fc.property(
      triple(fc.integer({ min: 2, max: 7 })),
      triple(fc.integer({ min: 2, max: 7 })),
      triple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
      triple(fc.boolean()),
      fc.constantFrom(...ORIENTATIONS),
      fc.constantFrom(...ORIENTATIONS),
      fc.boolean(),
      (size, grid, where, flip, own, wanted, isFloat) => {
        const geometry = {
          size,
          spacingMm: [1, 1, 1] as Vector3,
          originLps: worldPoint(0, 0, 0),
          direction: own.direction,
        };
        const values = Array.from(
          { length: size[0] * size[1] * size[2] },
          (_, n) => Math.imul(n + 1, 0x9e3779b1) >>> 24,
        );
        const scalars = isFloat ? Float32Array.from(values) : Int16Array.from(values);
        const input = {
          orientation: wanted.codes,
          grid,
          channels,
          padValue: -3,
          normalisation: { kind: 'min-max' } as const,
        };
        const manifest = testManifest({ input });
        const prepared = preprocess({ geometry, scalars }, manifest);
        const whole = wholeInput(prepared.input);
        const window = where.map((x, a) => 1 + Math.floor(x * grid[a]!)) as unknown as Vector3;
        const start = where.map((x, a) =>
          Math.floor(((x * 7) % 1) * (grid[a]! - window[a]! + 1)),
        ) as unknown as Vector3;
        const cut = cutWindow({ manifest, input: prepared.input }, window, start, flip, (length) =>
          new Float32Array(length).fill(Number.NaN),
        );
        const expected: number[] = [];
        for (let c = 0; c < 2; c++)
          for (let k = 0; k < window[2]; k++)
            for (let j = 0; j < window[1]; j++)
              for (let i = 0; i < window[0]; i++) {
                const [x, y, z] = ([i, j, k] as const).map((n, a) =>
                  flip[a] ? start[a]! + window[a]! - 1 - n : start[a]! + n,
                ) as [number, number, number];
                expected.push(whole[x + grid[0] * (y + grid[1] * (z + grid[2] * c))]!);
              }
        expect([...cut]).toEqual(expected);
        // What is padded has the value that the manifest names, and nothing else has.
        const padded = prepared.trace.find((step) => step.step === 'pad');
        const kept = padded
          ? padded.fromSize[0] * padded.fromSize[1] * padded.fromSize[2]
          : grid[0] * grid[1] * grid[2];
        expect(whole.filter((x) => x !== -3)).toHaveLength(2 * kept);
      },
    ),
    { numRuns: 200 },
  );
});
