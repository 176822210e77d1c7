/** Sums of doubt over blocks of some millimetres, to find quickly where most of what is left lies. Next: placesOfDoubt.ts. */
import type { Vector3 } from '../geometry/points.ts';
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';
import type { PartsOfDoubt } from './PartsOfDoubt.ts';

export class DoubtBlocks {
  readonly #size: Vector3;
  readonly #doubt: Uint8Array;
  readonly #parts: PartsOfDoubt;
  /** Voxels in a block along each axis. */
  readonly #edge: Vector3;
  readonly #count: Vector3;
  /** Of a block and its 26 neighbours. */
  readonly #sums: Float64Array;
  /** Blocks that held something. */
  readonly #filled: readonly number[];

  constructor({ size, spacingMm }: VolumeGeometry, doubt: Uint8Array, parts: PartsOfDoubt, edgeMm: number) {
    const edge = (axis: 0 | 1 | 2): number => Math.max(1, Math.round(edgeMm / spacingMm[axis]));
    this.#size = size;
    this.#doubt = doubt;
    this.#parts = parts;
    this.#edge = [edge(0), edge(1), edge(2)];
    this.#count = size.map((n, axis) => Math.ceil(n / this.#edge[axis as 0 | 1 | 2])) as unknown as Vector3;
    this.#sums = new Float64Array(this.#count[0] * this.#count[1] * this.#count[2]);
    this.#filled = this.#add((visit) => parts.each(visit), 1);
  }

  /** @returns the part nearest to the weighted middle of the 3 × 3 × 3 blocks that hold most; null when nothing is left */
  seed(): number | null {
    let best = -1;
    let most = 0;
    for (const block of this.#filled) {
      const sum = this.#sums[block]!;
      if (sum <= most) continue;
      best = block;
      most = sum;
    }
    return best === -1 ? null : this.#middle(best);
  }

  /** The voxels belong to a place now. */
  remove(voxels: readonly number[]): void {
    this.#add((visit) => voxels.forEach(visit), -1);
  }

  /** @returns the blocks that the voxels lie in */
  #add(each: (visit: (voxel: number) => void) => void, sign: 1 | -1): number[] {
    const changes = new Float64Array(this.#sums.length);
    each((n) => {
      changes[this.#blockOf(n)]! += this.#doubt[n]!;
    });
    const changed: number[] = [];
    for (const [block, change] of changes.entries()) {
      if (change === 0) continue;
      changed.push(block);
      this.#neighbours(block, (n) => {
        this.#sums[n]! += sign * change;
      });
    }
    return changed;
  }

  #middle(block: number): number {
    const parts: number[] = [];
    const middle = [0, 0, 0];
    let sum = 0;
    this.#neighbours(block, (n) => {
      this.#partsIn(n, (voxel) => {
        parts.push(voxel);
        const weight = this.#doubt[voxel]!;
        sum += weight;
        for (const [axis, x] of this.#place(voxel).entries()) middle[axis]! += weight * x;
      });
    });
    const distance = (n: number): number =>
      this.#place(n).reduce((d, x, axis) => d + ((x - middle[axis]! / sum) / this.#edge[axis as 0 | 1 | 2]) ** 2, 0);
    return parts.reduce((nearest, n) => (distance(n) < distance(nearest) ? n : nearest));
  }

  #partsIn(block: number, visit: (voxel: number) => void): void {
    const [bi, bj] = this.#count;
    const [ni, nj, nk] = this.#size;
    const [ei, ej, ek] = this.#edge;
    const i0 = (block % bi) * ei;
    const j0 = (Math.floor(block / bi) % bj) * ej;
    const k0 = Math.floor(block / (bi * bj)) * ek;
    for (let k = k0; k < Math.min(nk, k0 + ek); k++) {
      for (let j = j0; j < Math.min(nj, j0 + ej); j++) {
        for (let i = i0; i < Math.min(ni, i0 + ei); i++) {
          const voxel = i + ni * (j + nj * k);
          if (this.#parts.has(voxel)) visit(voxel);
        }
      }
    }
  }

  #neighbours(block: number, visit: (block: number) => void): void {
    const [bi, bj, bk] = this.#count;
    const i = block % bi;
    const j = Math.floor(block / bi) % bj;
    const k = Math.floor(block / (bi * bj));
    for (let kk = Math.max(0, k - 1); kk <= Math.min(bk - 1, k + 1); kk++) {
      for (let jj = Math.max(0, j - 1); jj <= Math.min(bj - 1, j + 1); jj++) {
        for (let ii = Math.max(0, i - 1); ii <= Math.min(bi - 1, i + 1); ii++) visit(ii + bi * (jj + bj * kk));
      }
    }
  }

  #place(n: number): Vector3 {
    const [ni, nj] = this.#size;
    return [n % ni, Math.floor(n / ni) % nj, Math.floor(n / (ni * nj))];
  }

  #blockOf(n: number): number {
    const [ni, nj] = this.#size;
    const [bi, bj] = this.#count;
    const i = Math.floor((n % ni) / this.#edge[0]);
    const j = Math.floor((Math.floor(n / ni) % nj) / this.#edge[1]);
    return i + bi * (j + bj * Math.floor(n / (ni * nj * this.#edge[2])));
  }
}
