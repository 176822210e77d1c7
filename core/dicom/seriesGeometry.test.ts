import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cross, indexPoint, type Vector3 } from '../geometry/points.ts';
import { indexToWorld } from '../geometry/volumeGeometry.ts';
import { seriesGeometry } from './seriesGeometry.ts';
import { type SliceHeader, samePlane } from './sliceHeader.ts';

function slice(positionLps: Vector3, change: Partial<SliceHeader> = {}): SliceHeader {
  return {
    rows: 4,
    columns: 6,
    positionLps,
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
    pixelSpacingMm: [0.8, 0.5],
    thicknessMm: 3,
    ...change,
  };
}

const axial = (...z: number[]) => z.map((at) => slice([-10, -20, at]));
const codes = (slices: SliceHeader[]) => seriesGeometry(slices).warnings.map((warning) => warning.code);

test('sorts by the projection on the normal, whatever the order of the files', () => {
  const result = seriesGeometry(axial(4, 0, 2, 6));
  expect(result.order).toEqual([1, 2, 0, 3]);
  expect(result.geometry.size).toEqual([6, 4, 4]);
  expect(result.geometry.spacingMm).toEqual([0.5, 0.8, 2]);
  expect(result.geometry.originLps).toEqual([-10, -20, 0]);
  expect(result.warnings).toEqual([]);
});

test('names the position of a missing slice and keeps the usual spacing', () => {
  const result = seriesGeometry(axial(0, 1.6, 3.2, 6.4, 8, 9.6));
  expect(result.geometry.spacingMm[2]).toBeCloseTo(1.6, 9);
  expect(result.warnings).toHaveLength(1);
  expect(result.warnings[0]?.code).toBe('series/missing-slice');
  expect(result.warnings[0]?.message).toContain('4.8 mm');
  expect(result.warnings[0]?.message).toContain('between slices 3 and 4');
});

test('tells varying spacing from missing slices', () => {
  expect(codes(axial(0, 1, 2.3, 3.3, 5))).toEqual(['series/varying-spacing']);
  expect(codes(axial(0, 1, 2, 60, 61))).toEqual(['series/varying-spacing']);
});

test('accepts what rounding in the file does to the spacing', () => {
  expect(codes(axial(0, 1.251, 2.502, 3.749, 5))).toEqual([]);
});

test('shows one image at each position and says how many are left out', () => {
  const result = seriesGeometry(axial(0, 1, 1, 2));
  expect(result.order).toEqual([0, 1, 3]);
  expect(result.duplicates).toEqual([2]);
  expect(result.warnings.map((warning) => warning.code)).toEqual(['series/duplicate-positions']);
});

test('keeps the shear of a tilted gantry in the direction and says so', () => {
  const tilt = Math.tan((15 * Math.PI) / 180);
  const slices = [0, 2, 4, 6].map((z) => slice([0, tilt * z, z]));
  const { geometry, warnings } = seriesGeometry(slices);
  expect(warnings.map((warning) => warning.code)).toEqual(['series/gantry-tilt']);
  expect(warnings[0]?.message).toContain('15.0°');
  const last = indexToWorld(geometry, indexPoint(0, 0, 3));
  for (const [axis, value] of [0, tilt * 6, 6].entries()) expect(last[axis]).toBeCloseTo(value, 9);
});

test('says when slices do not lie on one line', () => {
  const slices = axial(0, 1, 2, 3);
  slices[1] = slice([-8, -20, 1]);
  expect(codes(slices)).toEqual(['series/shifted-slices']);
});

test('a single image gets its thickness and a warning', () => {
  const { geometry, warnings } = seriesGeometry(axial(7));
  expect(geometry.spacingMm[2]).toBe(3);
  expect(warnings.map((warning) => warning.code)).toEqual(['series/single-slice']);
});

test('another orientation, matrix or pixel spacing is another stack', () => {
  const a = slice([0, 0, 0]);
  expect(samePlane(a, slice([5, 5, 5]))).toBe(true);
  expect(samePlane(a, slice([0, 0, 0], { rowDirection: [0, 1, 0], columnDirection: [0, 0, -1] }))).toBe(false);
  expect(samePlane(a, slice([0, 0, 0], { rowDirection: [-1, 0, 0] }))).toBe(false);
  expect(samePlane(a, slice([0, 0, 0], { rows: 5 }))).toBe(false);
  expect(samePlane(a, slice([0, 0, 0], { pixelSpacingMm: [0.8, 0.6] }))).toBe(false);
});

test('every slice lies where its file says, for any orientation and order', () => {
  const angle = fc.double({ min: -Math.PI, max: Math.PI, noNaN: true });
  const offset = fc.double({ min: -500, max: 500, noNaN: true });
  fc.assert(
    fc.property(
      angle,
      angle,
      angle,
      fc.tuple(offset, offset, offset),
      fc.double({ min: 0.3, max: 9, noNaN: true }),
      fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 7 }),
      (a, b, c, origin, step, order) => {
        const [row, column] = rotated(a, b, c);
        const normal = cross(row, column);
        const slices = order.map((k) =>
          slice(
            [origin[0] + normal[0] * step * k, origin[1] + normal[1] * step * k, origin[2] + normal[2] * step * k],
            {
              rowDirection: row,
              columnDirection: column,
            },
          ),
        );
        const result = seriesGeometry(slices);
        expect(result.warnings).toEqual([]);
        expect(result.order.map((n) => order[n])).toEqual([0, 1, 2, 3, 4, 5, 6]);
        for (const [k, n] of result.order.entries()) {
          const at = indexToWorld(result.geometry, indexPoint(0, 0, k));
          for (const axis of [0, 1, 2] as const) {
            expect(Math.abs(at[axis] - (slices[n]?.positionLps[axis] ?? Number.NaN))).toBeLessThan(1e-6);
          }
        }
      },
    ),
  );
});

function rotated(a: number, b: number, c: number): [Vector3, Vector3] {
  const [ca, sa, cb, sb, cc, sc] = [Math.cos(a), Math.sin(a), Math.cos(b), Math.sin(b), Math.cos(c), Math.sin(c)];
  return [
    [ca * cb, sa * cb, -sb],
    [ca * sb * sc - sa * cc, sa * sb * sc + ca * cc, cb * sc],
  ];
}
