import { describe, expect, it } from 'vitest';
import { type Vector3, worldPoint } from '../geometry/points.ts';
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';
import { coarserSurface } from './coarserSurface.ts';
import { isosurface } from './isosurface.ts';
import { reduceVolume, reductionFactors } from './reduceVolume.ts';
import { smoothVolume } from './smoothVolume.ts';
import { withoutCrumbs } from './withoutCrumbs.ts';

/** Grey falls from the middle of a ball; `radiusMm` is where it crosses 0. */
function ball(direction: VolumeGeometry['direction'], radiusMm: number) {
  const size: Vector3 = [40, 36, 30];
  const spacingMm: Vector3 = [1, 1.2, 1.5];
  const scalars = new Float32Array(size[0] * size[1] * size[2]);
  for (let k = 0, n = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      for (let i = 0; i < size[0]; i++, n++) {
        const r = Math.hypot((i - 19.4) * spacingMm[0], (j - 17.7) * spacingMm[1], (k - 14.6) * spacingMm[2]);
        scalars[n] = radiusMm - r;
      }
    }
  }
  return { geometry: { size, spacingMm, originLps: worldPoint(10, -20, 30), direction }, scalars };
}

/** Volume by the divergence theorem; positive when the triangles turn outwards. */
function enclosed({ positions: p, triangles: t }: { positions: Float32Array; triangles: Uint32Array }): number {
  let six = 0;
  for (let n = 0; n < t.length; n += 3) {
    const [a, b, c] = [t[n]! * 3, t[n + 1]! * 3, t[n + 2]! * 3];
    six +=
      p[a]! * (p[b + 1]! * p[c + 2]! - p[b + 2]! * p[c + 1]!) +
      p[a + 1]! * (p[b + 2]! * p[c]! - p[b]! * p[c + 2]!) +
      p[a + 2]! * (p[b]! * p[c + 1]! - p[b + 1]! * p[c]!);
  }
  return six / 6;
}

const SKEWED: VolumeGeometry['direction'] = [
  [0, 0.6, 0.8],
  [0, 0.8, -0.6],
  [1, 0, 0],
];
const RIGHT_HANDED: VolumeGeometry['direction'] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];
const LEFT_HANDED: VolumeGeometry['direction'] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, -1],
];

describe('isosurface', () => {
  it('encloses the volume of a ball and turns outwards, in right-handed, left-handed and oblique grids', () => {
    for (const direction of [RIGHT_HANDED, LEFT_HANDED, SKEWED]) {
      const surface = isosurface(ball(direction, 12), 0);
      const truth = (4 / 3) * Math.PI * 12 ** 3;
      expect(enclosed(surface) / truth).toBeGreaterThan(0.97);
      expect(enclosed(surface) / truth).toBeLessThan(1.01);
    }
  });

  it('is closed: every edge belongs to two triangles that run along it in opposite ways', () => {
    const { triangles } = isosurface(ball(RIGHT_HANDED, 12), 0);
    const directed = new Set<string>();
    for (let n = 0; n < triangles.length; n += 3) {
      for (let e = 0; e < 3; e++) directed.add(`${triangles[n + e]}-${triangles[n + ((e + 1) % 3)]}`);
    }
    expect(directed.size).toBe(triangles.length);
    expect([...directed].every((edge) => directed.has(edge.split('-').reverse().join('-')))).toBe(true);
  });

  it('is empty where nothing reaches the value', () => {
    expect(isosurface(ball(RIGHT_HANDED, 12), 1000).triangles).toHaveLength(0);
  });
});

describe('reduceVolume', () => {
  it('keeps a ball where and as large as it was', () => {
    const volume = ball(SKEWED, 12);
    const reduced = reduceVolume(volume, [2, 2, 2]);
    expect(reduced.geometry.size).toEqual([20, 18, 15]);
    const centre = (mesh: { positions: Float32Array }, axis: number): number => {
      const values = mesh.positions.filter((_, n) => n % 3 === axis);
      return (Math.min(...values) + Math.max(...values)) / 2;
    };
    const [before, after] = [isosurface(volume, 0), isosurface(reduced, 0)];
    for (const axis of [0, 1, 2]) expect(centre(after, axis)).toBeCloseTo(centre(before, axis), 0);
    expect(enclosed(after) / enclosed(before)).toBeGreaterThan(0.9);
    expect(enclosed(after) / enclosed(before)).toBeLessThan(1.05);
  });

  it('is the volume itself when nothing is to be reduced', () => {
    const volume = ball(RIGHT_HANDED, 5);
    expect(reduceVolume(volume, [1, 1, 1])).toBe(volume);
    expect(reductionFactors([512, 512, 129], 192)).toEqual([3, 3, 1]);
  });
});

describe('smoothVolume', () => {
  it('spreads one value as 1-2-1 along each axis and keeps a flat image flat', () => {
    const { geometry } = ball(RIGHT_HANDED, 5);
    const scalars = new Int16Array(40 * 36 * 30);
    scalars[20 + 40 * (20 + 36 * 20)] = 6400;
    const at = (i: number, j: number, k: number) => smoothVolume({ geometry, scalars }).scalars[i + 40 * (j + 36 * k)];
    expect([at(20, 20, 20), at(21, 20, 20), at(20, 19, 21), at(19, 19, 19), at(22, 20, 20)]).toEqual([
      800, 400, 200, 100, 0,
    ]);
    const flat = new Int16Array(scalars.length).fill(-7);
    expect(smoothVolume({ geometry, scalars: flat }).scalars.every((v) => v === -7)).toBe(true);
  });
});

describe('coarserSurface', () => {
  it('has far fewer triangles and about the same volume', () => {
    const fine = isosurface(ball(RIGHT_HANDED, 12), 0);
    const coarse = coarserSurface(fine, 4);
    expect(coarse.triangles.length).toBeLessThan(fine.triangles.length / 4);
    expect(enclosed(coarse) / enclosed(fine)).toBeGreaterThan(0.85);
    expect(enclosed(coarse) / enclosed(fine)).toBeLessThan(1.1);
  });
});

describe('withoutCrumbs', () => {
  it('keeps the large piece and drops the small one with its vertices', () => {
    const { geometry, scalars } = ball(RIGHT_HANDED, 8);
    // A single bright voxel far from the ball.
    scalars[2 + 40 * (2 + 36 * 2)] = 5;
    const all = isosurface({ geometry, scalars }, 0);
    const kept = withoutCrumbs(all, 50);
    const alone = isosurface(ball(RIGHT_HANDED, 8), 0);
    expect(all.triangles.length).toBeGreaterThan(alone.triangles.length);
    expect(kept.triangles.length).toBe(alone.triangles.length);
    expect(kept.positions.length).toBe(alone.positions.length);
    expect(enclosed(kept)).toBeCloseTo(enclosed(alone), 1);
  });
});
