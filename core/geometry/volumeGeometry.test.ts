import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LanternError } from '../errors/lanternError.ts';
import { cross, dot, indexPoint, normalise, type Vector3, worldPoint } from './points.ts';
import {
  checkedGeometry,
  indexToWorld,
  sameGrid,
  type VolumeGeometry,
  voxelOffset,
  voxelVolumeMm3,
  worldToIndex,
} from './volumeGeometry.ts';

/** Any right- or left-handed, oblique grid, built from a random quaternion and a random mirror. */
const geometries: fc.Arbitrary<VolumeGeometry> = fc
  .record({
    quaternion: fc.tuple(
      ...([0, 1, 2, 3].map(() => fc.double({ min: -1, max: 1, noNaN: true })) as [
        fc.Arbitrary<number>,
        fc.Arbitrary<number>,
        fc.Arbitrary<number>,
        fc.Arbitrary<number>,
      ]),
    ),
    mirror: fc.boolean(),
    size: fc.tuple(
      fc.integer({ min: 1, max: 600 }),
      fc.integer({ min: 1, max: 600 }),
      fc.integer({ min: 1, max: 600 }),
    ),
    spacingMm: fc.tuple(spacing(), spacing(), spacing()),
    origin: fc.tuple(offset(), offset(), offset()),
  })
  .filter(({ quaternion }) => Math.hypot(...quaternion) > 0.1)
  .map(({ quaternion, mirror, size, spacingMm, origin }) => ({
    size,
    spacingMm,
    originLps: worldPoint(...origin),
    direction: axes(quaternion, mirror),
  }));

function spacing() {
  return fc.double({ min: 0.05, max: 10, noNaN: true });
}

function offset() {
  return fc.double({ min: -1000, max: 1000, noNaN: true });
}

function axes([a, b, c, d]: readonly [number, number, number, number], mirror: boolean): [Vector3, Vector3, Vector3] {
  const n = Math.hypot(a, b, c, d);
  const [w, x, y, z] = [a / n, b / n, c / n, d / n];
  const i: Vector3 = normalise([1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)]);
  const j: Vector3 = normalise([2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x)]);
  const k = cross(i, j);
  return [i, j, mirror ? [-k[0], -k[1], -k[2]] : k];
}

describe('volumeGeometry', () => {
  it('leads from voxel to millimetre and back, whatever the orientation, mirror or spacing', () => {
    fc.assert(
      fc.property(geometries, fc.tuple(offset(), offset(), offset()), (geometry, [i, j, k]) => {
        const back = worldToIndex(geometry, indexToWorld(geometry, indexPoint(i, j, k)));
        for (const [axis, value] of [i, j, k].entries()) expect(back[axis]).toBeCloseTo(value, 4);
      }),
    );
  });

  it('puts voxel 0,0,0 at the origin and one step along i one spacing along the i direction', () => {
    fc.assert(
      fc.property(geometries, (geometry) => {
        const first = indexToWorld(geometry, indexPoint(0, 0, 0));
        for (const [axis, mm] of geometry.originLps.entries()) expect(first[axis]).toBeCloseTo(mm, 9);
        const step = indexToWorld(geometry, indexPoint(1, 0, 0));
        const along: Vector3 = [
          step[0] - geometry.originLps[0],
          step[1] - geometry.originLps[1],
          step[2] - geometry.originLps[2],
        ];
        expect(dot(along, geometry.direction[0])).toBeCloseTo(geometry.spacingMm[0], 6);
      }),
    );
  });

  it('gives the same voxel volume for a mirrored grid', () => {
    fc.assert(
      fc.property(geometries, (geometry) => {
        const [si, sj, sk] = geometry.spacingMm;
        expect(voxelVolumeMm3(geometry)).toBeCloseTo(si * sj * sk, 6);
      }),
    );
  });

  it('keeps i fastest in memory', () => {
    expect(voxelOffset([4, 3, 2], 1, 0, 0)).toBe(1);
    expect(voxelOffset([4, 3, 2], 0, 1, 0)).toBe(4);
    expect(voxelOffset([4, 3, 2], 0, 0, 1)).toBe(12);
  });

  it('tells a shifted, a turned and a smaller grid from the same grid', () => {
    const grid: VolumeGeometry = {
      size: [10, 20, 30],
      spacingMm: [1, 1, 2],
      originLps: worldPoint(1, 2, 3),
      direction: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    };
    expect(sameGrid(grid, { ...grid })).toBe(true);
    expect(sameGrid(grid, { ...grid, originLps: worldPoint(1, 2, 3.1) })).toBe(false);
    expect(sameGrid(grid, { ...grid, size: [10, 20, 29] })).toBe(false);
    expect(
      sameGrid(grid, {
        ...grid,
        direction: [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, -1],
        ],
      }),
    ).toBe(false);
  });

  it.each([
    ['a size of zero', { size: [0, 1, 1] }, 'geometry/invalid-size'],
    ['a spacing of zero', { spacingMm: [0, 1, 1] }, 'geometry/invalid-spacing'],
    ['a spacing that is no number', { spacingMm: [Number.NaN, 1, 1] }, 'geometry/invalid-spacing'],
    [
      'two equal axes',
      {
        direction: [
          [1, 0, 0],
          [1, 0, 0],
          [0, 0, 1],
        ],
      },
      'geometry/singular-direction',
    ],
    [
      'an axis that is not of unit length',
      {
        direction: [
          [2, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ],
      },
      'geometry/singular-direction',
    ],
  ] as const)('refuses %s', (_name, change, code) => {
    const geometry = {
      size: [2, 2, 2],
      spacingMm: [1, 1, 1],
      originLps: worldPoint(0, 0, 0),
      direction: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
      ...change,
    } as VolumeGeometry;
    try {
      checkedGeometry(geometry);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(LanternError);
      expect((error as LanternError).code).toBe(code);
    }
  });
});
