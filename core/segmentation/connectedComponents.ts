/**
 * Connected parts of a mask. Rows are cut into runs and runs are joined by union-find, so the work follows the number of runs.
 * @see He, Chao & Suzuki, "A run-based two-scan labeling algorithm", IEEE TIP 17(5), 2008
 */
import type { BinaryMask } from './binaryMask.ts';

export type Connectivity = 'faces' | 'corners';

export interface Components {
  /** First voxel (mask offset), length and component of each run, in the order of memory. */
  readonly starts: Uint32Array;
  readonly lengths: Uint32Array;
  readonly component: Uint32Array;
  /** Voxels of each component; components are numbered from 0 in the order of their first voxel. */
  readonly sizes: Uint32Array;
}

/** @param inPlane true: slices along k are looked at one by one @param value which voxels, 1 (set) or 0 (empty) */
export function connectedComponents(
  mask: BinaryMask,
  connectivity: Connectivity,
  { inPlane = false, value = 1 }: { inPlane?: boolean; value?: 0 | 1 } = {},
): Components {
  const { starts, lengths, rowStart } = runsOf(mask, value);
  const parent = new Uint32Array(starts.length);
  for (let r = 0; r < parent.length; r++) parent[r] = r;
  const [ni, nj, nk] = mask.size;
  const reach = connectivity === 'corners' ? 1 : 0;
  const join = (row: number, other: number) => joinRows(starts, lengths, rowStart, parent, ni, reach, row, other);
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      const row = j + nj * k;
      if (j > 0) join(row, row - 1);
      if (k === 0 || inPlane) continue;
      for (let dj = -reach; dj <= reach; dj++) if (j + dj >= 0 && j + dj < nj) join(row, row - nj + dj);
    }
  }
  return numbered(starts, lengths, parent);
}

/** @returns the mask of the components for which `keep` holds */
export function componentsMask(
  mask: BinaryMask,
  components: Components,
  keep: (component: number) => boolean,
): Uint8Array {
  const voxels = new Uint8Array(mask.voxels.length);
  const kept = Uint8Array.from(components.sizes, (_, c) => (keep(c) ? 1 : 0));
  for (let r = 0; r < components.starts.length; r++) {
    if (kept[components.component[r]!] === 1) {
      const start = components.starts[r]!;
      voxels.fill(1, start, start + components.lengths[r]!);
    }
  }
  return voxels;
}

function runsOf(mask: BinaryMask, value: 0 | 1) {
  const { voxels, size } = mask;
  const [ni, nj, nk] = size;
  const rowStart = new Uint32Array(nj * nk + 1);
  let capacity = 1024;
  let starts = new Uint32Array(capacity);
  let lengths = new Uint32Array(capacity);
  let count = 0;
  for (let row = 0; row < nj * nk; row++) {
    rowStart[row] = count;
    const end = (row + 1) * ni;
    for (let o = row * ni; o < end; o++) {
      if (voxels[o] !== value) continue;
      const first = o;
      while (o < end && voxels[o] === value) o++;
      if (count === capacity) {
        capacity *= 2;
        starts = enlarged(starts, capacity);
        lengths = enlarged(lengths, capacity);
      }
      starts[count] = first;
      lengths[count++] = o - first;
    }
  }
  rowStart[nj * nk] = count;
  return { starts: starts.slice(0, count), lengths: lengths.slice(0, count), rowStart };
}

function joinRows(
  starts: Uint32Array,
  lengths: Uint32Array,
  rowStart: Uint32Array,
  parent: Uint32Array,
  ni: number,
  reach: number,
  row: number,
  other: number,
): void {
  let a = rowStart[row]!;
  let b = rowStart[other]!;
  const endA = rowStart[row + 1]!;
  const endB = rowStart[other + 1]!;
  while (a < endA && b < endB) {
    const a0 = starts[a]! - row * ni;
    const b0 = starts[b]! - other * ni;
    const a1 = a0 + lengths[a]! - 1;
    const b1 = b0 + lengths[b]! - 1;
    if (a0 <= b1 + reach && b0 <= a1 + reach) union(parent, a, b);
    if (a1 < b1) a++;
    else b++;
  }
}

function union(parent: Uint32Array, a: number, b: number): void {
  const p = rootOf(parent, a);
  const q = rootOf(parent, b);
  if (p < q) parent[q] = p;
  else parent[p] = q;
}

function rootOf(parent: Uint32Array, run: number): number {
  let root = run;
  while (parent[root] !== root) {
    parent[root] = parent[parent[root]!]!;
    root = parent[root]!;
  }
  return root;
}

function numbered(starts: Uint32Array, lengths: Uint32Array, parent: Uint32Array): Components {
  const component = new Uint32Array(parent.length);
  const sizes: number[] = [];
  for (let r = 0; r < parent.length; r++) {
    const root = rootOf(parent, r);
    component[r] = root === r ? sizes.push(0) - 1 : component[root]!;
    sizes[component[r]!]! += lengths[r]!;
  }
  return { starts, lengths, component, sizes: Uint32Array.from(sizes) };
}

function enlarged(array: Uint32Array<ArrayBuffer>, capacity: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(capacity);
  larger.set(array);
  return larger;
}
