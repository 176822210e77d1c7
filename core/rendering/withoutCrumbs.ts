/** Takes small separate pieces (noise) out of a surface that is only looked at. LPS mm. */
import type { Isosurface } from './isosurface.ts';

/** @param leastAreaMm2 connected pieces with a smaller area are left out; vertices that belong to none are dropped */
export function withoutCrumbs({ positions, triangles }: Isosurface, leastAreaMm2: number): Isosurface {
  const parent = Uint32Array.from({ length: positions.length / 3 }, (_, n) => n);
  const root = (v: number): number => {
    let r = v;
    while (parent[r] !== r) {
      parent[r] = parent[parent[r]!]!;
      r = parent[r]!;
    }
    return r;
  };
  for (let t = 0; t < triangles.length; t += 3) {
    const a = root(triangles[t]!);
    parent[root(triangles[t + 1]!)] = a;
    parent[root(triangles[t + 2]!)] = a;
  }
  const area = new Float64Array(parent.length);
  for (let t = 0; t < triangles.length; t += 3) {
    const piece = root(triangles[t]!);
    area[piece] = area[piece]! + areaMm2(positions, triangles, t);
  }
  const renumbered = new Int32Array(parent.length).fill(-1);
  const keptPositions: number[] = [];
  const keptTriangles: number[] = [];
  for (let t = 0; t < triangles.length; t += 3) {
    if (area[root(triangles[t]!)]! < leastAreaMm2) continue;
    for (let n = 0; n < 3; n++) {
      const vertex = triangles[t + n]!;
      if (renumbered[vertex] === -1) {
        renumbered[vertex] = keptPositions.length / 3;
        keptPositions.push(positions[3 * vertex]!, positions[3 * vertex + 1]!, positions[3 * vertex + 2]!);
      }
      keptTriangles.push(renumbered[vertex]!);
    }
  }
  return { positions: Float32Array.from(keptPositions), triangles: Uint32Array.from(keptTriangles) };
}

function areaMm2(p: Float32Array, triangles: Uint32Array, t: number): number {
  const [a, b, c] = [triangles[t]! * 3, triangles[t + 1]! * 3, triangles[t + 2]! * 3];
  const [ux, uy, uz] = [p[b]! - p[a]!, p[b + 1]! - p[a + 1]!, p[b + 2]! - p[a + 2]!];
  const [vx, vy, vz] = [p[c]! - p[a]!, p[c + 1]! - p[a + 1]!, p[c + 2]! - p[a + 2]!];
  return Math.hypot(uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx) / 2;
}
