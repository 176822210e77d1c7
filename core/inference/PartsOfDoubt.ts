/** Which voxels can belong to a place of doubt (placesOfDoubt.ts): thick doubt and the doubtful voxels that touch it. */
import type { Vector3 } from '../geometry/points.ts';

const DOUBTFUL = 1;
/** From here on a part. */
const BESIDE_THICK = 2;
const THICK = 3;

/**
 * One byte a voxel and no list of voxels: a network that is unsure everywhere has as many doubtful ones as the series has voxels.
 */
export class PartsOfDoubt {
  readonly #state: Uint8Array;

  /**
   * What is doubtful and touches thick doubt; where no doubt at all is thick (small structures), all that is doubtful.
   * @param threshold doubt from which a voxel counts, above 0, at most 255
   */
  constructor(size: Vector3, doubt: Uint8Array, threshold: number) {
    const state = new Uint8Array(doubt.length);
    this.#state = state;
    let isAnyThick = false;
    eachAboveZero(doubt, (n) => {
      if (doubt[n]! < threshold) return;
      const isThick = isMeanAtLeast(size, doubt, n, threshold);
      state[n] = isThick ? THICK : DOUBTFUL;
      isAnyThick ||= isThick;
    });
    eachAboveZero(state, (n) => {
      if (!isAnyThick) state[n] = THICK;
      else if (state[n] === THICK) spread(size, state, n);
    });
  }

  has(voxel: number): boolean {
    return this.#state[voxel]! >= BESIDE_THICK;
  }

  /** The voxel belongs to a place now. */
  take(voxel: number): void {
    this.#state[voxel] = 0;
  }

  /** In the order of the array. */
  each(visit: (voxel: number) => void): void {
    const state = this.#state;
    eachAboveZero(state, (n) => {
      if (state[n]! >= BESIDE_THICK) visit(n);
    });
  }
}

/** Nearly all of a volume is 0: eight voxels at once are seen to be. */
function eachAboveZero(values: Uint8Array, visit: (n: number) => void): void {
  const whole = values.byteOffset % 8 === 0 ? Math.floor(values.length / 8) : 0;
  const eights = new Float64Array(values.buffer as ArrayBuffer, whole > 0 ? values.byteOffset : 0, whole);
  for (let n = 0; n < values.length; ) {
    // Only eight zero bytes (or a lone sign bit, which is 128 in the last of them) are equal to 0.
    if (n % 8 === 0 && n / 8 < whole && eights[n / 8] === 0 && values[n + 7] === 0) {
      n += 8;
      continue;
    }
    if (values[n] !== 0) visit(n);
    n++;
  }
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
        if (state[m] === DOUBTFUL) state[m] = BESIDE_THICK;
      }
    }
  }
}
