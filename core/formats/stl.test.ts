import { describe, expect, it } from 'vitest';
import { worldPoint } from '../geometry/points.ts';
import { buildSurface } from '../meshing/buildSurface.ts';
import { meshTopology } from '../meshing/meshTopology.ts';
import { meshVolumeMl } from '../meshing/surfaceMesh.ts';
import { readStl, writeStl } from './stl.ts';

const size = [12, 11, 10] as const;
const voxels = Uint8Array.from({ length: 12 * 11 * 10 }, (_, at) =>
  Math.hypot((at % 12) - 6, (Math.floor(at / 12) % 11) - 5, Math.floor(at / 132) - 4) < 4 ? 1 : 0,
);
const { mesh } = buildSurface(
  { size, voxels },
  1,
  {
    size,
    spacingMm: [0.6, 0.6, 1.5],
    originLps: worldPoint(-310, 99, -1200),
    direction: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
  },
  { smoothing: 0.5 },
);

describe('a binary STL', () => {
  const bytes = writeStl([mesh], { name: 'Bone é' });

  it('says in its header what space and unit it is in, and is not mistaken for ASCII', () => {
    const header = String.fromCharCode(...bytes.subarray(0, 80));
    expect(header).toMatch(/^Lantern binary STL, LPS mm: Bone \? +$/);
    expect(bytes.length).toBe(84 + 50 * (mesh.triangles.length / 3));
  });

  it('comes back with the same triangles, closed, in the same place', () => {
    const back = readStl(bytes);
    expect(meshTopology(back)).toEqual(meshTopology(mesh));
    expect(meshTopology(back).brokenEdges).toBe(0);
    expect(meshVolumeMl(back)).toBeCloseTo(meshVolumeMl(mesh), 9);
    const corner = (m: typeof back, n: number) => [
      ...m.positions.subarray(3 * m.triangles[n]!, 3 * m.triangles[n]! + 3),
    ];
    for (let n = 0; n < mesh.triangles.length; n += 37) expect(corner(back, n)).toEqual(corner(mesh, n));
  });

  it('holds unit normals that look out of the surface', () => {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    for (let n = 0; n < mesh.triangles.length / 3; n += 11) {
      const f = (at: number) => view.getFloat32(84 + 50 * n + 4 * at, true);
      expect(Math.hypot(f(0), f(1), f(2))).toBeCloseTo(1, 5);
      const out = [f(3) + 310 - 3.6, f(4) - 99 - 3, f(5) + 1200 - 6];
      expect(f(0) * out[0]! + f(1) * out[1]! + f(2) * out[2]!).toBeGreaterThan(0);
    }
  });

  it('holds several surfaces in one file, and leaves out triangles of which two corners are one', () => {
    const flat = { positions: Float32Array.of(0, 0, 0, 1, 0, 0, 1, 0, 0), triangles: Uint32Array.of(0, 1, 2) };
    const both = readStl(writeStl([mesh, flat, mesh], { name: 'two' }));
    expect(both.triangles.length).toBe(2 * mesh.triangles.length);
  });

  it('cut off, or text, is refused', () => {
    for (const wrong of [
      bytes.subarray(0, bytes.length - 1),
      bytes.subarray(0, 20),
      new TextEncoder().encode('solid x'),
    ]) {
      expect(() => readStl(wrong)).toThrow(expect.objectContaining({ code: 'mesh/invalid-stl' }));
    }
  });
});
