/** Boxes of voxel indices: of runs, joined, grown. Inclusive at both ends. */
import type { Vector3 } from '../geometry/points.ts';
import type { IndexBox } from './labelmap.ts';

/** @param runs quadruples offset, length, before, after @returns null when there are none */
export function boxOfRuns(size: Vector3, runs: Uint32Array): IndexBox | null {
  if (runs.length === 0) return null;
  const [ni, nj] = size;
  let i0 = ni;
  let j0 = nj;
  let k0 = size[2];
  let i1 = -1;
  let j1 = -1;
  let k1 = -1;
  for (let r = 0; r < runs.length; r += 4) {
    const first = runs[r]!;
    const last = first + runs[r + 1]! - 1;
    const row = Math.floor(first / ni);
    const lastRow = Math.floor(last / ni);
    const k = Math.floor(row / nj);
    const lastK = Math.floor(lastRow / nj);
    // A run that goes on in the next row (or slice) covers whole rows (or slices).
    i0 = Math.min(i0, row === lastRow ? first - row * ni : 0);
    i1 = Math.max(i1, row === lastRow ? last - row * ni : ni - 1);
    j0 = Math.min(j0, k === lastK ? row - k * nj : 0);
    j1 = Math.max(j1, k === lastK ? lastRow - k * nj : nj - 1);
    k0 = Math.min(k0, k);
    k1 = Math.max(k1, lastK);
  }
  return { min: [i0, j0, k0], max: [i1, j1, k1] };
}

export function joinBoxes(a: IndexBox | null, b: IndexBox | null): IndexBox | null {
  if (!a || !b) return a ?? b;
  const pick = (f: (...n: number[]) => number, p: Vector3, q: Vector3): Vector3 => [
    f(p[0], q[0]),
    f(p[1], q[1]),
    f(p[2], q[2]),
  ];
  return { min: pick(Math.min, a.min, b.min), max: pick(Math.max, a.max, b.max) };
}

/** @param voxels how far to grow along i, j, k @returns the box, kept inside of the grid */
export function grownBox(box: IndexBox, voxels: Vector3, size: Vector3): IndexBox {
  const at = (axis: 0 | 1 | 2): [number, number] => [
    Math.max(0, box.min[axis] - voxels[axis]),
    Math.min(size[axis] - 1, box.max[axis] + voxels[axis]),
  ];
  const [i, j, k] = [at(0), at(1), at(2)];
  return { min: [i[0], j[0], k[0]], max: [i[1], j[1], k[1]] };
}

export function boxSize(box: IndexBox): Vector3 {
  return [box.max[0] - box.min[0] + 1, box.max[1] - box.min[1] + 1, box.max[2] - box.min[2] + 1];
}

export function wholeBox(size: Vector3): IndexBox {
  return { min: [0, 0, 0], max: [size[0] - 1, size[1] - 1, size[2] - 1] };
}
