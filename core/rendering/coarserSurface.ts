/**
 * A surface with fewer triangles for pictures in motion: vertices of one cell of a grid become one, at their mean.
 * Not for measuring or printing. LPS mm.
 * @see J. Rossignac, P. Borrel, Multi-resolution 3D approximations for rendering complex scenes, 1993
 */
import type { Isosurface } from './isosurface.ts';

type Surface = { readonly positions: Float32Array; readonly triangles: Uint32Array };

/** Cells along one axis, 0 in the middle; three of them fit into the whole numbers that a double holds exactly. */
const CELLS = 2 ** 17;

function part(mm: number, cellMm: number): number {
  return Math.floor(mm / cellMm) + CELLS / 2;
}

export function coarserSurface({ positions, triangles }: Surface, cellMm: number): Isosurface {
  const cells = new Map<number, number>();
  const sums: number[] = [];
  const counts: number[] = [];
  const cellOf = new Uint32Array(positions.length / 3);
  for (let v = 0; v < cellOf.length; v++) {
    const [x, y, z] = [positions[3 * v]!, positions[3 * v + 1]!, positions[3 * v + 2]!];
    const key = (part(x, cellMm) * CELLS + part(y, cellMm)) * CELLS + part(z, cellMm);
    let cell = cells.get(key);
    if (cell === undefined) {
      cell = counts.length;
      cells.set(key, cell);
      counts.push(0);
      sums.push(0, 0, 0);
    }
    cellOf[v] = cell;
    counts[cell]!++;
    sums[3 * cell]! += x;
    sums[3 * cell + 1]! += y;
    sums[3 * cell + 2]! += z;
  }
  const kept: number[] = [];
  for (let t = 0; t < triangles.length; t += 3) {
    const [a, b, c] = [cellOf[triangles[t]!]!, cellOf[triangles[t + 1]!]!, cellOf[triangles[t + 2]!]!];
    if (a !== b && b !== c && c !== a) kept.push(a, b, c);
  }
  return {
    positions: Float32Array.from(sums, (sum, n) => sum / counts[Math.floor(n / 3)]!),
    triangles: Uint32Array.from(kept),
  };
}
