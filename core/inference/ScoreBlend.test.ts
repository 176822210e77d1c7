/** Blending against the plain sum over all windows, voxel by voxel, whatever the windows are and in whatever order they come. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Vector3 } from '../geometry/points.ts';
import { BoxFronts } from './BoxFronts.ts';
import { ScoreBlend, type ScoreBox } from './ScoreBlend.ts';
import { carriedVoxels, planTiling, type Tiling } from './tiling.ts';

const CLASSES = 2;
const OUTSIDE = [9, -9];

const windows = fc
  .tuple(
    fc.array(fc.integer({ min: 1, max: 24 }), { minLength: 3, maxLength: 3 }),
    fc.array(fc.integer({ min: 1, max: 18 }), { minLength: 3, maxLength: 3 }),
    fc.double({ min: 0, max: 0.8, noNaN: true }),
    fc.constantFrom('gaussian' as const, 'constant' as const),
    fc.integer(),
  )
  .map(([sides, widths, overlap, blending, seed]) => {
    const grid = sides as unknown as Vector3;
    const size = grid.map((n, a) => Math.min(n, widths[a]!)) as unknown as Vector3;
    return { grid, tiling: planTiling(grid, { size, overlap, blending, skipOutsideBody: false }), seed };
  });

/** Two networks' answers that depend on the window too. */
function answerOf(n: number, { size }: Tiling, seed: number): Float32Array {
  const length = CLASSES * size[0] * size[1] * size[2];
  return Float32Array.from({ length }, (_, at) => (Math.imul(at + 31 * n + seed, 0x9e3779b1) >>> 16) / 65_536);
}

function plainBlend(grid: Vector3, tiling: Tiling, seed: number, isLeftOut: (n: number) => boolean): Float64Array {
  const count = grid[0] * grid[1] * grid[2];
  const sums = new Float64Array((CLASSES + 1) * count);
  const [wi, wj, wk] = tiling.size;
  for (const [n, [i0, j0, k0]] of tiling.starts.entries()) {
    if (isLeftOut(n)) continue;
    const scores = answerOf(n, tiling, seed);
    for (let k = 0; k < wk; k++)
      for (let j = 0; j < wj; j++)
        for (let i = 0; i < wi; i++) {
          const weight = tiling.weights[0][i]! * tiling.weights[1][j]! * tiling.weights[2][k]!;
          const at = i0 + i + grid[0] * (j0 + j + grid[1] * (k0 + k));
          for (let c = 0; c < CLASSES; c++)
            sums[c * count + at]! += weight * scores[c * wi * wj * wk + i + wi * (j + wj * k)]!;
          sums[CLASSES * count + at]! += weight;
        }
  }
  for (let c = 0; c < CLASSES; c++)
    for (let n = 0; n < count; n++) {
      const weight = sums[CLASSES * count + n]!;
      sums[c * count + n] = weight === 0 ? OUTSIDE[c]! : sums[c * count + n]! / weight;
    }
  return sums.subarray(0, CLASSES * count);
}

type Sink = (box: ScoreBox) => void;

/** @returns how often each voxel was new */
function check(grid: Vector3, expected: Float64Array): { sink: Sink; times: Uint8Array } {
  const count = grid[0] * grid[1] * grid[2];
  const times = new Uint8Array(count);
  const sink: Sink = ({ scores, origin, size, from }) => {
    for (let n = 0; n < size[0] * size[1] * size[2]; n++) {
      const i = origin[0] + (n % size[0]);
      const j = origin[1] + (Math.floor(n / size[0]) % size[1]);
      const k = origin[2] + Math.floor(n / (size[0] * size[1]));
      const at = i + grid[0] * (j + grid[1] * k);
      if (i >= from[0] && j >= from[1] && k >= from[2]) times[at]!++;
      for (let c = 0; c < CLASSES; c++) {
        const value = scores[c * size[0] * size[1] * size[2] + n]!;
        expect(Math.abs(value - expected[c * count + at]!)).toBeLessThan(1e-5);
      }
    }
    expect(size.map((n, a) => origin[a]! + n).every((end, a) => end <= grid[a]!)).toBe(true);
  };
  return { sink, times };
}

describe('scores of overlapping windows', () => {
  it.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])(
    'are the weighted means of all windows, each voxel once (with fronts: %s, windows left out: %s)',
    (hasFronts, hasGaps) => {
      fc.assert(
        fc.property(windows, ({ grid, tiling, seed }) => {
          const isLeftOut = (n: number): boolean => hasGaps && Math.abs(n + seed) % 3 === 0;
          const { sink, times } = check(grid, plainBlend(grid, tiling, seed, isLeftOut));
          const fronts = new BoxFronts(grid, tiling, CLASSES);
          const join: Sink = (box) => {
            const joined = fronts.join(box);
            expect(joined.origin).toEqual(box.from.map((n) => Math.max(0, n - 1)));
            sink(joined);
          };
          const blend = new ScoreBlend(grid, tiling, CLASSES, hasFronts ? join : sink, hasGaps ? OUTSIDE : null);
          for (const [n, start] of tiling.starts.entries())
            blend.add(start, isLeftOut(n) ? null : answerOf(n, tiling, seed));
          expect(times.every((n) => n === 1)).toBe(true);
        }),
        { numRuns: 100 },
      );
    },
  );
});

it('waits for the fewest scores that any order of the axes leaves', () => {
  const grid: Vector3 = [512, 512, 129];
  const tiling = planTiling(grid, { size: [96, 96, 96], overlap: 0.25, blending: 'gaussian', skipOutsideBody: false });
  // 27 voxels of each layer of 512 × 129, of each row of 129, and 63 of each window.
  expect(tiling.sweep).toEqual([1, 0, 2]);
  expect(carriedVoxels(grid, tiling)).toBe(27 * 512 * 129 + 96 * 27 * 129 + 96 * 96 * 63);
});
