/**
 * Marching cubes over one segment of a labelmap: the closed surface half way between voxel centres inside and outside, in voxel indices.
 * Voxels beyond the border count as outside, so that a segment that touches the border is closed there. Next: cellTriangles.ts.
 */
import type { IndexBox, Labelmap } from '../segmentation/labelmap.ts';
import { CELL_EDGES, CELL_TRIANGLES } from './cellTriangles.ts';

export interface IndexSurface {
  /** i, j, k of each vertex, continuous voxel indices: multiples of one half. */
  readonly positionsIjk: Float64Array;
  /** Corners anticlockwise seen from outside where i, j, k are right-handed. */
  readonly triangles: Uint32Array;
  /**
   * Every vertex stands for one face between a voxel inside and one outside. 1 or -1 for a face whose outward normal is +i or -i, else 0:
   * the sum of faceI × i over a closed surface is the number of voxels in it.
   */
  readonly faceI: Int8Array;
}

/** @returns the box of the voxels with this number, or null where there are none */
export function segmentBox(labelmap: Labelmap, number: number): IndexBox | null {
  const { size, voxels } = labelmap;
  const [ni, nj, nk] = size;
  const min: [number, number, number] = [ni, nj, nk];
  const max: [number, number, number] = [-1, -1, -1];
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      const begin = ni * (j + nj * k);
      const first = voxels.indexOf(number, begin);
      if (first < 0) return max[0] < 0 ? null : { min, max };
      if (first >= begin + ni) {
        // Jump to the row of the next one.
        const row = Math.floor(first / ni);
        k = Math.floor(row / nj);
        j = (row % nj) - 1;
        continue;
      }
      const last = voxels.lastIndexOf(number, begin + ni - 1);
      min[0] = Math.min(min[0], first - begin);
      max[0] = Math.max(max[0], last - begin);
      min[1] = Math.min(min[1], j);
      max[1] = Math.max(max[1], j);
      min[2] = Math.min(min[2], k);
      max[2] = Math.max(max[2], k);
    }
  }
  return max[0] < 0 ? null : { min, max };
}

export function marchSegment(labelmap: Labelmap, number: number, box: IndexBox): IndexSurface {
  const inside = croppedMask(labelmap, number, box);
  const [ni, nj, nk] = inside.size;
  const mask = inside.voxels;
  const slice = ni * nj;
  const vertices = new VertexList(box.min);
  const triangles = new IndexList();

  // Vertex on the edge that begins at a voxel and runs along i, j or k. A cell needs the edges of two slices; along k, of one.
  const edges = [0, 1, 2].map(() => [new Int32Array(slice), new Int32Array(slice)] as [Int32Array, Int32Array]);
  const corner = new Int32Array(12);
  const upper = new Uint8Array(12);
  for (let e = 0; e < 12; e++) {
    const at = CELL_EDGES[e]!.corner;
    corner[e] = (at & 1) + ni * ((at >> 1) & 1);
    upper[e] = at >> 2;
  }

  for (let k = 0; k + 1 < nk; k++) {
    for (const pair of edges) {
      pair.reverse();
      pair[1].fill(-1);
    }
    // Edges along k belong to the lower slice alone.
    edges[2]![0].fill(-1);
    if (k === 0) for (const pair of edges) pair[0].fill(-1);
    for (let j = 0; j + 1 < nj; j++) {
      const row = ni * j;
      const base = slice * k + row;
      let left = 0;
      for (let i = 0; i < ni; i++) {
        const o = base + i;
        const right = (mask[o]! << 1) | (mask[o + ni]! << 3) | (mask[o + slice]! << 5) | (mask[o + slice + ni]! << 7);
        const pattern = left | right;
        left = right >> 1;
        if (pattern === 0 || pattern === 255 || i === 0) continue;
        const cell = row + i - 1;
        const table = CELL_TRIANGLES[pattern]!;
        for (let at = 0; at < table.length; at++) {
          const e = table[at]!;
          const axis = e >> 2;
          const store = edges[axis]![upper[e]!]!;
          const place = cell + corner[e]!;
          let vertex = store[place]!;
          if (vertex < 0) {
            vertex = vertices.add(
              place % ni,
              (place / ni) | 0,
              k + upper[e]!,
              axis,
              mask[place + slice * (k + upper[e]!)]!,
            );
            store[place] = vertex;
          }
          triangles.push(vertex);
        }
      }
    }
  }
  return { ...vertices.finish(), triangles: triangles.finish() };
}

/** @returns 1 inside, 0 outside, with one voxel of outside around the box */
function croppedMask(
  labelmap: Labelmap,
  number: number,
  box: IndexBox,
): { size: [number, number, number]; voxels: Uint8Array } {
  const { size, voxels } = labelmap;
  const [ni, nj, nk] = [0, 1, 2].map((axis) => box.max[axis]! - box.min[axis]! + 3) as [number, number, number];
  const mask = new Uint8Array(ni * nj * nk);
  for (let k = 1; k < nk - 1; k++) {
    for (let j = 1; j < nj - 1; j++) {
      const from = box.min[0] + size[0] * (box.min[1] + j - 1 + size[1] * (box.min[2] + k - 1));
      const to = 1 + ni * (j + nj * k);
      for (let i = 0; i < ni - 2; i++) if (voxels[from + i] === number) mask[to + i] = 1;
    }
  }
  return { size: [ni, nj, nk], voxels: mask };
}

class VertexList {
  #positions = new Float64Array(3 * 1024);
  #faceI = new Int8Array(1024);
  #count = 0;
  readonly #origin: readonly [number, number, number];

  constructor(boxMin: IndexBox['min']) {
    // The cropped mask begins one voxel before the box.
    this.#origin = [boxMin[0] - 1, boxMin[1] - 1, boxMin[2] - 1];
  }

  /** @param lowIsInside 1 where the voxel at the edge's low end is in the segment, so that the face looks up the axis */
  add(i: number, j: number, k: number, axis: number, lowIsInside: number): number {
    const n = this.#count++;
    if (n === this.#faceI.length) {
      this.#positions = grown(this.#positions, new Float64Array(6 * n));
      this.#faceI = grown(this.#faceI, new Int8Array(2 * n));
    }
    const p = this.#positions;
    p[3 * n] = this.#origin[0] + i;
    p[3 * n + 1] = this.#origin[1] + j;
    p[3 * n + 2] = this.#origin[2] + k;
    p[3 * n + axis]! += 0.5;
    if (axis === 0) this.#faceI[n] = lowIsInside ? 1 : -1;
    return n;
  }

  finish(): { positionsIjk: Float64Array; faceI: Int8Array } {
    return { positionsIjk: this.#positions.slice(0, 3 * this.#count), faceI: this.#faceI.slice(0, this.#count) };
  }
}

class IndexList {
  #values = new Uint32Array(4096);
  #count = 0;

  push(value: number): void {
    if (this.#count === this.#values.length) this.#values = grown(this.#values, new Uint32Array(2 * this.#count));
    this.#values[this.#count++] = value;
  }

  finish(): Uint32Array {
    return this.#values.slice(0, this.#count);
  }
}

function grown<T extends Float64Array | Int8Array | Uint32Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
