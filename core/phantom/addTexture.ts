/** What makes it look like a CT: soft mottling of each tissue, and noise that is correlated in the slice as a reconstruction's is. */
import type { Vector3 } from '../geometry/points.ts';
import { type SeededRandom, seededRandom } from './seededRandom.ts';

/** Mottling by what the voxel is, HU: bone marrow and lungs are coarse, air is empty. */
function mottleHu(hu: number): number {
  if (hu < -940) return 0;
  if (hu < -600) return 26;
  if (hu < -30) return 7;
  if (hu < 230) return 5;
  return 34;
}

/** Coarse lattice of normal values, read by trilinear interpolation. */
class Lattice {
  readonly #values: Float32Array;
  readonly #n: Vector3;

  constructor(random: SeededRandom, n: Vector3) {
    this.#n = n;
    this.#values = Float32Array.from({ length: n[0] * n[1] * n[2] }, () => random.gauss());
  }

  /** One row of values along i, at fixed fractional j and k. */
  row(target: Float32Array, stepI: number, j: number, k: number): void {
    const [ni, nj] = this.#n;
    const [j0, k0] = [Math.floor(j), Math.floor(k)];
    const [fj, fk] = [j - j0, k - k0];
    const base = ni * (j0 + nj * k0);
    const v = this.#values;
    const column = (i: number): number => {
      const at = base + i;
      const near = v[at]! + (v[at + ni]! - v[at]!) * fj;
      const far = v[at + ni * nj]! + (v[at + ni * nj + ni]! - v[at + ni * nj]!) * fj;
      return near + (far - near) * fk;
    };
    let cell = -1;
    let left = 0;
    let right = 0;
    for (let i = 0; i < target.length; i++) {
      const u = i * stepI;
      const c = Math.floor(u);
      if (c !== cell) {
        left = c === cell + 1 && cell >= 0 ? right : column(c);
        right = column(c + 1);
        cell = c;
      }
      target[i] = left + (right - left) * (u - c);
    }
  }
}

/**
 * @param hu changed in place
 * @param noiseHu standard deviation of the noise in water
 */
export function addTexture(hu: Float32Array, size: Vector3, spacingMm: Vector3, seed: number, noiseHu: number): void {
  const random = seededRandom(seed ^ 0x5eed);
  const cellMm = [5.2, 16];
  const lattices = cellMm.map(
    (cell) =>
      new Lattice(
        random,
        size.map((n, axis) => Math.ceil((n * (spacingMm[axis] ?? 1)) / cell) + 2) as unknown as Vector3,
      ),
  );
  const table = Float32Array.from({ length: 1 << 16 }, () => random.gauss());
  const [ni, nj, nk] = size;
  const rows = lattices.map(() => new Float32Array(ni));
  const white = new Float32Array((ni + 2) * (nj + 2));
  const pitch = ni + 2;
  // Weights 1 (corner), 2 (edge), 4 (centre) have the square sum 36; divided by 6 the deviation is that of the white noise.
  const gain = noiseHu / 6;
  for (let k = 0; k < nk; k++) {
    for (let n = 0; n < white.length; n++) white[n] = table[(random.next() * 65_536) | 0]!;
    for (let j = 0; j < nj; j++) {
      lattices.forEach((lattice, n) => {
        const cell = cellMm[n] ?? 1;
        lattice.row(rows[n]!, spacingMm[0] / cell, (j * spacingMm[1]) / cell, (k * spacingMm[2]) / cell);
      });
      const [fine, coarse] = [rows[0]!, rows[1]!];
      for (let i = 0; i < ni; i++) {
        const at = i + ni * (j + nj * k);
        const value = hu[at]!;
        const w = i + 1 + pitch * (j + 1);
        const near =
          4 * white[w]! +
          2 * (white[w - 1]! + white[w + 1]! + white[w - pitch]! + white[w + pitch]!) +
          white[w - pitch - 1]! +
          white[w - pitch + 1]! +
          white[w + pitch - 1]! +
          white[w + pitch + 1]!;
        const quiet = value < -900 ? 0.55 : 1;
        hu[at] = value + mottleHu(value) * (0.8 * fine[i]! + 0.6 * coarse[i]!) + gain * quiet * near;
      }
    }
  }
}
