/**
 * The exact Euclidean distance transform on an anisotropic grid, in mm²: lower envelopes of parabolas, axis after axis.
 * @see Felzenszwalb & Huttenlocher, "Distance transforms of sampled functions", Theory of Computing 8, 2012
 */
import type { Vector3 } from '../geometry/points.ts';
import type { BinaryMask } from './binaryMask.ts';

/**
 * @param value distance to the nearest voxel with this value
 * @param inPlane true: slices along k are looked at one by one
 * @returns squared distances between voxel centres, mm², i fastest; infinite where there is no such voxel. Accurate to the
 * seventh digit (single precision).
 */
export function squaredDistanceMm2(
  mask: BinaryMask,
  spacingMm: Vector3,
  value: 0 | 1,
  { inPlane = false }: { inPlane?: boolean } = {},
): Float32Array {
  const { size, voxels } = mask;
  const [ni, nj, nk] = size;
  const squared = new Float32Array(voxels.length).fill(Number.POSITIVE_INFINITY);
  alongRows(voxels, squared, ni, nj * nk, spacingMm[0], value);
  const line = new Envelope(Math.max(nj, nk));
  for (let k = 0; k < nk; k++) {
    for (let i = 0; i < ni; i++) line.transform(squared, i + ni * nj * k, ni, nj, spacingMm[1]);
  }
  if (!inPlane) for (let ij = 0; ij < ni * nj; ij++) line.transform(squared, ij, ni * nj, nk, spacingMm[2]);
  return squared;
}

/** In the first axis the nearest voxel of a row is found by walking it both ways. */
function alongRows(
  voxels: Uint8Array,
  squared: Float32Array,
  ni: number,
  rows: number,
  spacing: number,
  value: 0 | 1,
): void {
  for (let row = 0; row < rows; row++) {
    const start = row * ni;
    let near = Number.POSITIVE_INFINITY;
    for (let o = start; o < start + ni; o++) {
      near = voxels[o] === value ? 0 : near + spacing;
      squared[o] = near * near;
    }
    near = Number.POSITIVE_INFINITY;
    for (let o = start + ni - 1; o >= start; o--) {
      near = voxels[o] === value ? 0 : near + spacing;
      if (near * near < squared[o]!) squared[o] = near * near;
    }
  }
}

class Envelope {
  readonly #values: Float64Array;
  readonly #centres: Int32Array;
  readonly #bounds: Float64Array;

  constructor(length: number) {
    this.#values = new Float64Array(length);
    this.#centres = new Int32Array(length);
    this.#bounds = new Float64Array(length + 1);
  }

  /** Replaces `n` values, `stride` apart, by the lower envelope of the parabolas that stand on them. */
  transform(squared: Float32Array, start: number, stride: number, n: number, spacing: number): void {
    const values = this.#values;
    const centres = this.#centres;
    const bounds = this.#bounds;
    const s2 = spacing * spacing;
    let last = -1;
    for (let q = 0; q < n; q++) {
      const value = squared[start + q * stride]!;
      values[q] = value;
      if (value === Number.POSITIVE_INFINITY) continue;
      let from = Number.NEGATIVE_INFINITY;
      while (last >= 0) {
        const p = centres[last]!;
        from = (value - values[p]! + s2 * (q * q - p * p)) / (2 * s2 * (q - p));
        if (from > bounds[last]!) break;
        last--;
        from = Number.NEGATIVE_INFINITY;
      }
      centres[++last] = q;
      bounds[last] = from;
    }
    if (last < 0) return;
    for (let q = 0, at = 0; q < n; q++) {
      while (at < last && bounds[at + 1]! < q) at++;
      const d = q - centres[at]!;
      squared[start + q * stride] = values[centres[at]!]! + s2 * d * d;
    }
  }
}
