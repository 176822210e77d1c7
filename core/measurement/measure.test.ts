import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexPoint, type Vector3, worldPoint } from '../geometry/points.ts';
import { indexToWorld, type VolumeGeometry } from '../geometry/volumeGeometry.ts';
import type { Volume } from '../volume/volume.ts';
import { angleDegrees } from './lengthAndAngle.ts';
import { measure } from './measure.ts';

const OBLIQUE: VolumeGeometry = {
  size: [20, 16, 6],
  spacingMm: [0.7, 0.9, 2.5],
  originLps: worldPoint(-31, 12, 400),
  // Left-handed, turned about two axes.
  direction: turned([[1, 0, 0], [0, 0, -1], [0, 1, 0].map((x) => -x) as unknown as Vector3]),
};

function turned(axes: readonly Vector3[]): VolumeGeometry['direction'] {
  const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
  return axes.map(([x, y, z]) => [c * x - s * y, s * x + c * y, z]) as unknown as VolumeGeometry['direction'];
}

/** Every voxel's value tells where it is: i + 100 j + 10000 k. */
function numbered(geometry: VolumeGeometry): Volume {
  const [ni, nj, nk] = geometry.size;
  const scalars = new Int32Array(ni * nj * nk);
  for (let k = 0, at = 0; k < nk; k++)
    for (let j = 0; j < nj; j++) for (let i = 0; i < ni; i++, at++) scalars[at] = i + 100 * j + 10_000 * k;
  return { geometry, scalars };
}

const volume = numbered(OBLIQUE);
const at = (i: number, j: number, k: number) => indexToWorld(OBLIQUE, indexPoint(i, j, k));
const normal = (axis: 0 | 1 | 2) => OBLIQUE.direction[axis];

describe('a length', () => {
  it('is the distance in millimetres along and across voxels', () => {
    expect(measure('length', [at(0, 0, 0), at(10, 0, 0)], normal(2), volume)['lengthMm']).toBeCloseTo(7, 9);
    expect(measure('length', [at(2, 3, 1), at(2, 3, 4)], normal(0), volume)['lengthMm']).toBeCloseTo(7.5, 9);
    expect(measure('length', [at(0, 0, 0), at(10, 10, 0)], normal(2), volume)['lengthMm']).toBeCloseTo(
      Math.hypot(7, 9),
      9,
    );
  });
});

describe('an angle', () => {
  it('has its known value, at any size and in any order', () => {
    const o = worldPoint(5, -3, 8);
    for (const degrees of [0, 1e-5, 30, 90, 123.4, 179.99999, 180]) {
      const r = (degrees * Math.PI) / 180;
      const a = worldPoint(5 + 40, -3, 8);
      const b = worldPoint(5 + 0.5 * Math.cos(r), -3 + 0.5 * Math.sin(r), 8);
      expect(angleDegrees(a, o, b)).toBeCloseTo(degrees, 6);
      expect(angleDegrees(b, o, a)).toBeCloseTo(degrees, 6);
    }
  });

  it('of fewer than three different points is no angle', () => {
    const o = worldPoint(1, 2, 3);
    expect(() => angleDegrees(o, o, worldPoint(0, 0, 0))).toThrow(
      expect.objectContaining({ code: 'argument/no-angle' }),
    );
    expect(measure('angle', [o, o, [0, 0, 0]], normal(2), volume)).toEqual({});
    expect(measure('angle', [o, [0, 0, 0]], normal(2), volume)).toEqual({});
  });
});

describe('a point', () => {
  it('has the value of the voxel in which it lies, and none outside', () => {
    expect(measure('point', [at(3, 5, 2)], normal(2), volume)).toEqual({ value: 20_503 });
    expect(measure('point', [at(3.49, 4.51, 2.3)], normal(2), volume)).toEqual({ value: 20_503 });
    expect(measure('point', [at(-0.6, 5, 2)], normal(2), volume)).toEqual({});
    expect(measure('point', [at(19.6, 5, 2)], normal(2), volume)).toEqual({});
  });
});

describe('a rectangle', () => {
  it('counts the voxels whose centres lie in it or on its outline', () => {
    const on = measure('rectangle', [at(2, 3, 1), at(4, 5, 1)], normal(2), volume);
    expect(on['voxels']).toBe(9);
    expect(on['mean']).toBeCloseTo(10_403, 9);
    expect(on['minimum']).toBe(10_302);
    expect(on['maximum']).toBe(10_504);
    expect(on['areaMm2']).toBeCloseTo(2 * 0.7 * 2 * 0.9, 9);
    const between = measure('rectangle', [at(2.1, 3.1, 1), at(3.9, 4.9, 1)], normal(2), volume);
    expect(between).toMatchObject({ voxels: 1, mean: 10_403, standardDeviation: 0 });
  });

  it('takes the slice nearest to it, in any of the three planes', () => {
    expect(measure('rectangle', [at(7.6, 1, 1), at(7.6, 3, 4)], normal(0), volume)).toMatchObject({
      voxels: 12,
      minimum: 10_108,
      maximum: 40_308,
    });
    expect(measure('rectangle', [at(0, 2.2, 0), at(1, 2.2, 1)], normal(1), volume)).toMatchObject({
      voxels: 4,
      minimum: 200,
      maximum: 10_201,
    });
  });

  it('has an area but no values where no voxel counts', () => {
    const small = measure('rectangle', [at(2.2, 3.2, 1), at(2.8, 3.8, 1)], normal(2), volume);
    expect(Object.keys(small).sort()).toEqual(['areaMm2', 'voxels']);
    expect(small['voxels']).toBe(0);
    const outside = measure('rectangle', [at(30, 3, 1), at(40, 9, 1)], normal(2), volume);
    expect(outside['voxels']).toBe(0);
  });

  it('counts only the voxels within the volume where it reaches beyond', () => {
    expect(measure('rectangle', [at(-5, -5, 0), at(1, 1, 0)], normal(2), volume)['voxels']).toBe(4);
  });
});

describe('an ellipse', () => {
  it('counts these voxels', () => {
    const region = measure('ellipse', [at(1, 1, 0), at(7, 5, 0)], normal(2), volume);
    const picture = Array.from({ length: 5 }, (_, j) =>
      Array.from({ length: 7 }, (__, i) => (((i + 1 - 4) / 3) ** 2 + ((j + 1 - 3) / 2) ** 2 <= 1 ? '#' : '.')).join(''),
    );
    expect(picture).toEqual(['...#...', '.#####.', '#######', '.#####.', '...#...']);
    expect(region['voxels']).toBe(19);
    expect(region['areaMm2']).toBeCloseTo(Math.PI * 3 * 0.7 * 2 * 0.9, 9);
    expect(region['mean']).toBeCloseTo(304, 9);
  });

  it('has the area of its voxels within one in a hundred when it is large', () => {
    const geometry = { ...OBLIQUE, size: [300, 300, 1] as const };
    const big = numbered(geometry);
    const corner = (i: number, j: number) => indexToWorld(geometry, indexPoint(i, j, 0));
    const region = measure('ellipse', [corner(10.3, 20.7), corner(280.1, 250.4)], normal(2), big);
    expect((region['voxels']! * 0.7 * 0.9) / region['areaMm2']!).toBeCloseTo(1, 2);
  });
});

describe('the statistics', () => {
  it('do not depend on which corners were drawn', () => {
    const inside = (n: number) => fc.double({ min: 0, max: n - 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.constantFrom('ellipse' as const, 'rectangle' as const),
        inside(20),
        inside(16),
        inside(20),
        inside(16),
        (kind, i, j, i2, j2) => {
          const one = measure(kind, [at(i, j, 2), at(i2, j2, 2)], normal(2), volume);
          const other = measure(kind, [at(i2, j, 2), at(i, j2, 2)], normal(2), volume);
          expect(other['voxels']).toBe(one['voxels']);
          expect(other['areaMm2']).toBeCloseTo(one['areaMm2']!, 6);
          if (one['voxels']) expect(other['mean']).toBeCloseTo(one['mean']!, 6);
        },
      ),
    );
  });

  const hasNumpy = spawnSync('python3', ['-c', 'import numpy']).status === 0 ? 'python3' : '/usr/bin/python3';
  const numpy = spawnSync(hasNumpy, ['-c', 'import numpy']).status === 0;
  if (!numpy) console.warn('SKIPPED: statistics against numpy; python3 with numpy is not installed.');
  it.runIf(numpy)('are those of numpy', () => {
    const noise = Float32Array.from({ length: 20 * 16 * 6 }, (_, n) => 1e5 + 300 * Math.sin(n * n * 0.37));
    const region = measure('ellipse', [at(3.2, 1.4, 3), at(16.9, 13.1, 3)], normal(2), {
      geometry: OBLIQUE,
      scalars: noise,
    });
    const script = `
import sys, json, numpy as np
v = np.frombuffer(sys.stdin.buffer.read(), '<f4').astype(float).reshape(6, 16, 20)[3]
j, i = np.mgrid[0:16, 0:20]
inside = ((i - 10.05) / 6.85) ** 2 + ((j - 7.25) / 5.85) ** 2 <= 1
x = v[inside]
print(json.dumps([int(inside.sum()), x.mean(), x.std(), x.min(), x.max()]))`;
    const run = spawnSync(hasNumpy, ['-c', script], { input: Buffer.from(noise.buffer) });
    const [voxels, mean, standardDeviation, minimum, maximum] = JSON.parse(run.stdout.toString());
    expect(voxels).toBeGreaterThan(100);
    expect(region['voxels']).toBe(voxels);
    expect(region['mean']).toBeCloseTo(mean, 6);
    expect(region['standardDeviation']).toBeCloseTo(standardDeviation, 6);
    expect([region['minimum'], region['maximum']]).toEqual([minimum, maximum]);
  });
});
