import { describe, expect, test } from 'vitest';
import { worldPoint } from '../geometry/points.ts';
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';
import { meshVolumeMl } from '../meshing/surfaceMesh.ts';
import { pictureSurface } from './pictureSurface.ts';

const geometry: VolumeGeometry = {
  size: [60, 50, 24],
  spacingMm: [1, 1, 2.5],
  originLps: worldPoint(10, -20, 30),
  direction: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
};

/** Number 3 in a ball round voxel (30, 24, 12), to the border of the grid where it is large. */
function ball(radiusMm: number) {
  const voxels = new Uint8Array(60 * 50 * 24);
  for (let k = 0, at = 0; k < 24; k++) {
    for (let j = 0; j < 50; j++) {
      for (let i = 0; i < 60; i++, at++) {
        if (Math.hypot(i - 30, j - 24, (k - 12) * 2.5) <= radiusMm) voxels[at] = 3;
      }
    }
  }
  return { size: geometry.size, voxels };
}

/** Edges that do not have as many triangles one way as the other. */
function openEdges(triangles: Uint32Array): number {
  const edges = new Map<string, number>();
  for (let t = 0; t < triangles.length; t += 3) {
    for (let n = 0; n < 3; n++) {
      const [a, b] = [triangles[t + n]!, triangles[t + ((n + 1) % 3)]!];
      const key = a < b ? `${a} ${b}` : `${b} ${a}`;
      edges.set(key, (edges.get(key) ?? 0) + (a < b ? 1 : -1));
    }
  }
  return [...edges.values()].filter((balance) => balance !== 0).length;
}

describe('pictureSurface', () => {
  test.each([1, 2.5, 4])('of a ball is closed, in its place and about as large, with cells of %d mm', (cellMm) => {
    const surface = pictureSurface(ball(20), 3, geometry, cellMm);
    expect(openEdges(surface.triangles)).toBe(0);
    expect(meshVolumeMl(surface) / ((4 / 3) * Math.PI * 8)).toBeCloseTo(1, 0.7);
    const middle = [0, 1, 2].map((axis) => {
      const values = surface.positions.filter((_, n) => n % 3 === axis);
      return (Math.min(...values) + Math.max(...values)) / 2;
    });
    [40, 4, 60].forEach((mm, axis) => {
      expect(Math.abs(middle[axis]! - mm)).toBeLessThan(cellMm);
    });
  });

  test('is closed where the segment meets the border of the grid', () => {
    expect(openEdges(pictureSurface(ball(100), 3, geometry, 2).triangles)).toBe(0);
  });

  test('has fewer triangles with larger cells, and none without voxels', () => {
    const [fine, coarse] = [1, 3].map((mm) => pictureSurface(ball(20), 3, geometry, mm).triangles.length);
    expect(coarse!).toBeLessThan(fine! / 2);
    expect(pictureSurface(ball(20), 4, geometry, 1).triangles).toHaveLength(0);
  });
});
