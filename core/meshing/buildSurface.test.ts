import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cross, dot, type Vector3, worldPoint } from '../geometry/points.ts';
import { indexToWorld, type VolumeGeometry, voxelCount } from '../geometry/volumeGeometry.ts';
import type { Labelmap } from '../segmentation/labelmap.ts';
import { buildSurface, extractSurface } from './buildSurface.ts';
import { CELL_TRIANGLES, loopsOf } from './cellTriangles.ts';
import { meshTopology } from './meshTopology.ts';
import { smoothSurface } from './smoothSurface.ts';
import { meshVolumeMl, type SurfaceMesh, surfaceAreaMm2 } from './surfaceMesh.ts';

function geometryOf(size: Vector3, spacingMm: Vector3 = [1, 1, 1], direction = AXES): VolumeGeometry {
  return { size, spacingMm, originLps: worldPoint(-120.5, 33.25, 871), direction };
}
const AXES: VolumeGeometry['direction'] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/** Slices of rows of characters: "#" is in the segment. */
function drawn(...slices: string[][]): Labelmap {
  const size: Vector3 = [slices[0]![0]!.length, slices[0]!.length, slices.length];
  return { size, voxels: Uint8Array.from(slices.flat().join(''), (c) => (c === '#' ? 1 : 0)) };
}

function filled(size: Vector3, isInside: (i: number, j: number, k: number) => boolean, number = 1): Labelmap {
  const voxels = new Uint8Array(size[0] * size[1] * size[2]);
  for (let k = 0, at = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++)
      for (let i = 0; i < size[0]; i++, at++) if (isInside(i, j, k)) voxels[at] = number;
  return { size, voxels };
}

function countOf(labelmap: Labelmap, number = 1): number {
  return [...labelmap.voxels].filter((value) => value === number).length;
}

function expectClosed(mesh: SurfaceMesh): void {
  const topology = meshTopology(mesh);
  expect(topology.brokenEdges).toBe(0);
  expect(topology.brokenVertices).toBe(0);
  expect(topology.vertices).toBe(mesh.positions.length / 3);
  expectClosedAfterRounding(mesh);
}

/** As a reader of the STL sees it: corners rounded to a thousandth of a millimetre, degenerate triangles left out. */
function expectClosedAfterRounding(mesh: SurfaceMesh): void {
  const name = (v: number) => [0, 1, 2].map((c) => Math.round(mesh.positions[3 * v + c]! * 1000)).join();
  const uses = new Map<string, number>();
  for (let at = 0; at < mesh.triangles.length; at += 3) {
    const [a, b, c] = [0, 1, 2].map((n) => name(mesh.triangles[at + n]!)) as [string, string, string];
    if (a === b || b === c || c === a) continue;
    for (const [from, to] of [
      [a, b],
      [b, c],
      [c, a],
    ] as const) {
      uses.set(`${from}>${to}`, (uses.get(`${from}>${to}`) ?? 0) + 1);
    }
  }
  for (const [edge, count] of uses) {
    const [from, to] = edge.split('>');
    expect(count, edge).toBe(1);
    expect(uses.get(`${to}>${from}`), edge).toBe(1);
  }
}

const sphere = (radius: number, size: number) =>
  filled(
    [size, size, size],
    (i, j, k) => Math.hypot(i - (size - 1) / 2, j - (size - 1) / 2, k - (size - 1) / 2) <= radius,
  );

describe('the table of cells', () => {
  it('closes every one of the 256 patterns, with every vertex in one loop', () => {
    expect(CELL_TRIANGLES).toHaveLength(256);
    for (let pattern = 0; pattern < 256; pattern++) {
      const loops = loopsOf(pattern);
      const vertices = loops.flat();
      expect(new Set(vertices).size).toBe(vertices.length);
      expect(CELL_TRIANGLES[pattern]!.length / 3).toBe(loops.reduce((sum, loop) => sum + loop.length - 2, 0));
    }
  });
});

describe('the surface of any mask', () => {
  const mask = fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 4 }))
    .chain(([ni, nj, nk]) =>
      fc
        .array(fc.constantFrom(0, 1, 1, 2), { minLength: ni * nj * nk, maxLength: ni * nj * nk })
        .map((values): Labelmap => ({ size: [ni, nj, nk], voxels: Uint8Array.from(values) })),
    )
    .filter((labelmap) => labelmap.voxels.includes(1));

  it('is a closed manifold, and holds the volume of the voxels, whatever their pattern and the smoothing', () => {
    fc.assert(
      fc.property(mask, fc.constantFrom(0, 0.3, 1), (labelmap, smoothing) => {
        const geometry = geometryOf(labelmap.size, [0.8, 0.9, 2]);
        const built = buildSurface(labelmap, 1, geometry, { smoothing });
        const topology = meshTopology(built.mesh);
        expect(topology.brokenEdges).toBe(0);
        expect(topology.brokenVertices).toBe(0);
        expect(built.volumeMlMask).toBeCloseTo((countOf(labelmap) * 0.8 * 0.9 * 2) / 1000, 9);
        expect(Math.abs(built.volumeMlAfter / built.volumeMlMask - 1)).toBeLessThan(0.005);
      }),
      { numRuns: 400 },
    );
  });

  it('stays within one and a half voxels of the voxel centres', () => {
    fc.assert(
      fc.property(mask, fc.constantFrom(0, 0.5, 1), (labelmap, smoothing) => {
        const spacing = [0.8, 0.9, 2] as const;
        const geometry = { ...geometryOf(labelmap.size, spacing), originLps: worldPoint(0, 0, 0) };
        const { mesh } = buildSurface(labelmap, 1, geometry, { smoothing });
        const [ni, nj] = labelmap.size;
        const centres = [...labelmap.voxels.keys()]
          .filter((at) => labelmap.voxels[at] === 1)
          .map((at) => [at % ni, Math.floor(at / ni) % nj, Math.floor(at / ni / nj)] as const);
        for (const axis of [0, 1, 2] as const) {
          const own = centres.map((centre) => centre[axis] * spacing[axis]);
          const mine = mesh.positions.filter((_, n) => n % 3 === axis);
          expect(Math.abs(Math.min(...mine) - Math.min(...own))).toBeLessThan(1.5 * spacing[axis]);
          expect(Math.abs(Math.max(...mine) - Math.max(...own))).toBeLessThan(1.5 * spacing[axis]);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('the surface of', () => {
  const one = { smoothing: 0.5 };

  it('one voxel is a closed octahedron around it, filled to its volume', () => {
    const labelmap = drawn(['#']);
    const geometry = geometryOf([1, 1, 1]);
    const raw = extractSurface(labelmap, 1, geometry);
    expect(meshTopology(raw)).toMatchObject({ vertices: 6, triangles: 8, edges: 12, eulerNumber: 2, parts: 1 });
    expect(meshVolumeMl(raw)).toBeCloseTo(1 / 6 / 1000, 9);
    const { mesh, volumeMlAfter } = buildSurface(labelmap, 1, geometry, one);
    expect(volumeMlAfter).toBeCloseTo(0.001, 7);
    expectClosed(mesh);
  });

  it('two voxels that touch at an edge or a corner only is two closed parts', () => {
    for (const labelmap of [
      drawn(['#.', '.#']),
      drawn(['#.', '..'], ['..', '.#']),
      drawn(['.#', '..'], ['..', '#.']),
    ]) {
      const { mesh } = buildSurface(labelmap, 1, geometryOf(labelmap.size), { smoothing: 0 });
      expect(meshTopology(extractSurface(labelmap, 1, geometryOf(labelmap.size)))).toMatchObject({
        parts: 2,
        eulerNumber: 4,
        brokenEdges: 0,
      });
      expect(meshTopology(mesh).brokenEdges).toBe(0);
    }
  });

  it('a sphere has its volume, its area and no hole', () => {
    const radius = 12.3;
    const labelmap = sphere(radius, 31);
    const built = buildSurface(labelmap, 1, geometryOf(labelmap.size), one);
    expect(meshTopology(built.mesh)).toMatchObject({ parts: 1, eulerNumber: 2, brokenEdges: 0 });
    expect(built.volumeMlAfter / ((4 / 3) * Math.PI * radius ** 3 * 1e-3)).toBeCloseTo(1, 2);
    expect(built.volumeMlAfter / built.volumeMlMask).toBeCloseTo(1, 4);
    // The steps of the voxels are gone: an unsmoothed surface has 8 % too much.
    expect(surfaceAreaMm2(built.mesh) / (4 * Math.PI * radius ** 2)).toBeCloseTo(1, 1);
    expect(Math.abs(surfaceAreaMm2(built.mesh) / (4 * Math.PI * radius ** 2) - 1)).toBeLessThan(0.02);
    expectClosed(built.mesh);
    const centre = indexToWorld(geometryOf(labelmap.size), [15, 15, 15] as never);
    const radii: number[] = [];
    const { positions, normals } = built.mesh;
    for (let at = 0; at < positions.length; at += 3) {
      const out: Vector3 = [positions[at]! - centre[0], positions[at + 1]! - centre[1], positions[at + 2]! - centre[2]];
      radii.push(Math.hypot(...out));
      expect(dot(out, [normals![at]!, normals![at + 1]!, normals![at + 2]!]) / Math.hypot(...out)).toBeGreaterThan(0.9);
    }
    expect(Math.min(...radii)).toBeGreaterThan(radius - 0.6);
    expect(Math.max(...radii)).toBeLessThan(radius + 0.6);
  });

  it('a ring has one handle', () => {
    const labelmap = filled([33, 33, 13], (i, j, k) => Math.hypot(Math.hypot(i - 16, j - 16) - 11, k - 6) <= 4);
    const built = buildSurface(labelmap, 1, geometryOf(labelmap.size), one);
    expect(meshTopology(built.mesh)).toMatchObject({ parts: 1, eulerNumber: 0, brokenEdges: 0 });
    expect(built.volumeMlAfter / ((2 * Math.PI ** 2 * 11 * 16) / 1000)).toBeCloseTo(1, 1);
    expectClosed(built.mesh);
  });

  it('a hollow ball keeps its cavity', () => {
    const labelmap = filled([21, 21, 21], (i, j, k) => {
      const r = Math.hypot(i - 10, j - 10, k - 10);
      return r <= 9 && r > 5;
    });
    const built = buildSurface(labelmap, 1, geometryOf(labelmap.size), one);
    expect(meshTopology(built.mesh)).toMatchObject({ parts: 2, eulerNumber: 4 });
    expect(built.volumeMlAfter / built.volumeMlMask).toBeCloseTo(1, 4);
  });

  it('a segment at all borders of the volume is closed there', () => {
    const labelmap = filled([6, 5, 4], () => true);
    const built = buildSurface(labelmap, 1, geometryOf(labelmap.size), one);
    expect(meshTopology(built.mesh)).toMatchObject({ parts: 1, eulerNumber: 2, brokenEdges: 0 });
    expect(built.volumeMlAfter).toBeCloseTo(0.12, 5);
  });

  it('a wall of one voxel stays a wall: no side goes through the other', () => {
    const labelmap = filled([24, 24, 9], (i, j, k) => k === 4 && i > 1 && j > 1 && i < 22 && j < 22);
    const { mesh } = buildSurface(labelmap, 1, geometryOf(labelmap.size), { smoothing: 1 });
    expect(meshTopology(mesh)).toMatchObject({ parts: 1, eulerNumber: 2, brokenEdges: 0 });
    const middle = 871 + 4;
    let sides = 0;
    let thickness = 0;
    for (let at = 0; at < mesh.positions.length; at += 3) {
      const [x, y, z, up] = [
        mesh.positions[at]!,
        mesh.positions[at + 1]!,
        mesh.positions[at + 2]!,
        mesh.normals![at + 2]!,
      ];
      const isInner = Math.abs(x + 120.5 - 11.5) < 8 && Math.abs(y - 33.25 - 11.5) < 8;
      if (!isInner) continue;
      // The rim is rounded, which rings a little; what it loses is given back to the whole.
      expect(Math.abs(z - middle)).toBeGreaterThan(0.4);
      expect(Math.abs(z - middle)).toBeLessThan(0.7);
      thickness += 2 * Math.abs(z - middle);
      expect(Math.sign(up)).toBe(Math.sign(z - middle));
      sides++;
    }
    expect(sides).toBeGreaterThan(400);
    expect(thickness / sides).toBeGreaterThan(0.97);
    expect(thickness / sides).toBeLessThan(1.15);
  });

  it('the right number of a labelmap of two bytes, in its right place', () => {
    const bytes = filled([8, 8, 8], (i, j, k) => i > 4 && j > 4 && k > 4, 1);
    const labelmap: Labelmap = { size: bytes.size, voxels: Uint16Array.from(bytes.voxels, (v) => (v ? 40_000 : 7)) };
    const built = buildSurface(labelmap, 40_000, geometryOf(labelmap.size), { smoothing: 0 });
    expect(built.volumeMlMask).toBeCloseTo(0.027, 9);
    expect(Math.min(...built.mesh.positions.filter((_, n) => n % 3 === 2))).toBeGreaterThan(871 + 4);
  });

  it('an empty segment, or another grid, is an error that says so', () => {
    const labelmap = drawn(['#.']);
    const geometry = geometryOf(labelmap.size);
    expect(() => buildSurface(labelmap, 2, geometry, one)).toThrow(
      expect.objectContaining({ code: 'mesh/empty-segment' }),
    );
    expect(() => buildSurface(labelmap, 0, geometry, one)).toThrow(
      expect.objectContaining({ code: 'mesh/empty-segment' }),
    );
    expect(() => buildSurface(labelmap, 1, geometryOf([3, 1, 1]), one)).toThrow(
      expect.objectContaining({ code: 'mesh/other-grid' }),
    );
  });
});

describe('in each of the 48 orders and signs of the axes', () => {
  const labelmap = filled([9, 8, 7], (i, j, k) => i > 0 && j > 1 && k > 2 && i + j + k < 17 && !(i === 4 && j === 4));
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ] as const;
  const cases = orders.flatMap((order) => [0, 1, 2, 3, 4, 5, 6, 7].map((signs) => ({ order, signs })));

  it.each(cases)('$order, signs $signs: in place, normals outwards, volume kept', ({ order, signs }) => {
    const direction = order.map((axis, n) =>
      [0, 1, 2].map((c) => (c === axis ? (signs & (1 << n) ? -1 : 1) : 0)),
    ) as unknown as VolumeGeometry['direction'];
    const geometry = geometryOf(labelmap.size, [0.7, 1.1, 2.3], direction);
    const raw = extractSurface(labelmap, 1, geometry);
    expect(meshVolumeMl(raw)).toBeGreaterThan(0);
    const built = buildSurface(labelmap, 1, geometry, { smoothing: 0.4 });
    expect(meshTopology(built.mesh).brokenEdges).toBe(0);
    expect(built.volumeMlAfter / built.volumeMlMask).toBeCloseTo(1, 4);
    // Every raw vertex lies half way between a voxel inside and one outside; its normal points to the one outside.
    let checked = 0;
    for (let at = 0; at < raw.positions.length; at += 3) {
      const p: Vector3 = [raw.positions[at]!, raw.positions[at + 1]!, raw.positions[at + 2]!];
      const n: Vector3 = [raw.normals![at]!, raw.normals![at + 1]!, raw.normals![at + 2]!];
      const inner = valueAt(geometry, p, n, -0.9);
      const outer = valueAt(geometry, p, n, 0.9);
      if (inner === 1 && outer === 0) checked++;
    }
    expect(checked / (raw.positions.length / 3)).toBeGreaterThan(0.9);
  });

  function valueAt(geometry: VolumeGeometry, p: Vector3, n: Vector3, stepMm: number): number {
    const d = [0, 1, 2].map((c) => p[c]! + n[c]! * stepMm - geometry.originLps[c]!) as unknown as Vector3;
    const ijk = geometry.direction.map((axis, a) => Math.round(dot(axis, d) / geometry.spacingMm[a]!));
    const [i, j, k] = ijk as [number, number, number];
    if (i < 0 || j < 0 || k < 0 || i >= 9 || j >= 8 || k >= 7) return 0;
    return labelmap.voxels[i + 9 * (j + 8 * k)]!;
  }
});

describe('smoothing', () => {
  it('of a mesh alone takes the steps away, moves nothing at 0, and leaves its input as it was', () => {
    const labelmap = sphere(9.4, 23);
    const raw = extractSurface(labelmap, 1, geometryOf(labelmap.size));
    const before = raw.positions.slice();
    expect(smoothSurface(raw, 0).positions).toEqual(before);
    const smooth = smoothSurface(raw, 1);
    expect(raw.positions).toEqual(before);
    expect(smooth.triangles).toEqual(raw.triangles);
    expect(surfaceAreaMm2(smooth)).toBeLessThan(surfaceAreaMm2(raw));
    expect(meshVolumeMl(smooth) / meshVolumeMl(raw)).toBeCloseTo(1, 1);
    expect(meshTopology(smooth)).toEqual(meshTopology(raw));
  });

  it('turns no triangle of an anatomical shape over', () => {
    const labelmap = filled([40, 40, 20], (i, j, k) => {
      const x = (i - 20) / 15;
      const y = (j - 20) / (11 + 3 * Math.sin(i / 3));
      const z = (k - 10) / 8;
      return x * x + y * y + z * z + 0.15 * Math.sin(i + 2 * j) * Math.cos(k) < 1;
    });
    const geometry = geometryOf(labelmap.size, [0.8, 0.8, 1.5]);
    const raw = extractSurface(labelmap, 1, geometry);
    const { mesh } = buildSurface(labelmap, 1, geometry, { smoothing: 0.5 });
    const facing = (m: SurfaceMesh, at: number): Vector3 => {
      const [a, b, c] = [0, 1, 2].map((n) => {
        const v = 3 * m.triangles[at + n]!;
        return [m.positions[v]!, m.positions[v + 1]!, m.positions[v + 2]!] as const;
      }) as [Vector3, Vector3, Vector3];
      return cross([b[0] - a[0], b[1] - a[1], b[2] - a[2]], [c[0] - a[0], c[1] - a[1], c[2] - a[2]]);
    };
    let over = 0;
    for (let at = 0; at < mesh.triangles.length; at += 3) if (dot(facing(mesh, at), facing(raw, at)) < 0) over++;
    expect(over / (mesh.triangles.length / 3)).toBeLessThan(0.001);
    expect(voxelCount(geometry)).toBe(32_000);
  });
});

const python = ['python3', '/usr/bin/python3'].find((p) => spawnSync(p, ['-c', 'import skimage.measure']).status === 0);
if (!python) console.warn('SKIPPED: the surface against scikit-image; python3 with scikit-image is not installed.');
describe.runIf(python)('beside scikit-image', () => {
  it('the unsmoothed surface has the volume and the area of its marching cubes', () => {
    const labelmap = filled([30, 28, 26], (i, j, k) => Math.hypot((i - 14) / 11, (j - 13) / 9, (k - 12) / 10) <= 1);
    const geometry = geometryOf(labelmap.size, [0.8, 0.9, 1.3]);
    const raw = extractSurface(labelmap, 1, geometry);
    const script = `
import sys, json, numpy as np
from skimage.measure import marching_cubes, mesh_surface_area
m = np.frombuffer(sys.stdin.buffer.read(), np.uint8).reshape(26, 28, 30).astype(float)
v, f, _, _ = marching_cubes(m, 0.5, spacing=(1.3, 0.9, 0.8))
t = v[f]
print(json.dumps([abs(np.einsum('ij,ij->i', t[:, 0], np.cross(t[:, 1], t[:, 2])).sum() / 6000), float(mesh_surface_area(v, f)), len(v)]))`;
    const run = spawnSync(python!, ['-c', script], { input: Buffer.from(labelmap.voxels) });
    const [volume, area, vertices] = JSON.parse(run.stdout.toString());
    expect(raw.positions.length / 3).toBe(vertices);
    expect(meshVolumeMl(raw) / volume).toBeCloseTo(1, 2);
    expect(surfaceAreaMm2(raw) / area).toBeCloseTo(1, 2);
  });
});
