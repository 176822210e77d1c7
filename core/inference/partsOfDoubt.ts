/** Which voxels can belong to a place of doubt (placesOfDoubt.ts): thick doubt and the doubtful voxels that touch it. */
import type { Vector3 } from '../geometry/points.ts';

const DOUBTFUL = 1;
const THICK = 2;
export const PART = 3;

export interface DoubtParts {
  /** By voxel PART or something else. */
  readonly state: Uint8Array;
  /** Offsets of the parts, ascending. */
  readonly voxels: Uint32Array;
}

/**
 * @param threshold doubt from which a voxel counts, above 0, at most 255
 * @returns where no doubt at all is thick (small structures), the thin doubt
 */
export function partsOfDoubt(size: Vector3, doubt: Uint8Array, threshold: number): DoubtParts {
  const state = new Uint8Array(doubt.length);
  const doubtful = doubtfulVoxels(doubt, threshold);
  const thick = doubtful.filter((n) => {
    const isThick = isMeanAtLeast(size, doubt, n, threshold);
    state[n] = isThick ? THICK : DOUBTFUL;
    return isThick;
  });
  if (thick.length === 0) {
    for (const n of doubtful) state[n] = PART;
    return { state, voxels: doubtful };
  }
  for (const n of thick) spread(size, state, n);
  return { state, voxels: doubtful.filter((n) => state[n] === PART) };
}

/** Nearly all of a volume is sure: eight voxels at once are seen to be 0. */
function doubtfulVoxels(doubt: Uint8Array, threshold: number): Uint32Array {
  const whole = doubt.byteOffset % 8 === 0 ? Math.floor(doubt.length / 8) : 0;
  const eights = new Float64Array(doubt.buffer as ArrayBuffer, whole > 0 ? doubt.byteOffset : 0, whole);
  let found = new Uint32Array(65_536);
  let count = 0;
  for (let n = 0; n < doubt.length; ) {
    // Only eight zero bytes (or a lone sign bit, which is doubt 128 in the last of them) are equal to 0.
    if (n % 8 === 0 && n / 8 < whole && eights[n / 8] === 0 && doubt[n + 7] === 0) {
      n += 8;
      continue;
    }
    if (doubt[n]! >= threshold) {
      if (count === found.length) {
        const larger = new Uint32Array(2 * count);
        larger.set(found);
        found = larger;
      }
      found[count++] = n;
    }
    n++;
  }
  return found.slice(0, count);
}

/** Whether the mean of the voxel and its 26 neighbours, as far as they are inside, reaches the threshold. */
function isMeanAtLeast([ni, nj, nk]: Vector3, doubt: Uint8Array, n: number, threshold: number): boolean {
  const i = n % ni;
  const j = Math.floor(n / ni) % nj;
  const k = Math.floor(n / (ni * nj));
  let sum = 0;
  let count = 0;
  for (let kk = Math.max(0, k - 1); kk <= Math.min(nk - 1, k + 1); kk++) {
    for (let jj = Math.max(0, j - 1); jj <= Math.min(nj - 1, j + 1); jj++) {
      const row = ni * (jj + nj * kk);
      for (let m = row + Math.max(0, i - 1); m <= row + Math.min(ni - 1, i + 1); m++) {
        sum += doubt[m]!;
        count++;
      }
    }
  }
  return sum >= threshold * count;
}

function spread([ni, nj, nk]: Vector3, state: Uint8Array, n: number): void {
  const i = n % ni;
  const j = Math.floor(n / ni) % nj;
  const k = Math.floor(n / (ni * nj));
  for (let kk = Math.max(0, k - 1); kk <= Math.min(nk - 1, k + 1); kk++) {
    for (let jj = Math.max(0, j - 1); jj <= Math.min(nj - 1, j + 1); jj++) {
      const row = ni * (jj + nj * kk);
      for (let m = row + Math.max(0, i - 1); m <= row + Math.min(ni - 1, i + 1); m++) {
        if (state[m] !== 0) state[m] = PART;
      }
    }
  }
}
