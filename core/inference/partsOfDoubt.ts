/** Which voxels can belong to a place of doubt (placesOfDoubt.ts): thick doubt and the doubtful voxels that touch it. */
import type { Vector3 } from '../geometry/points.ts';

const DOUBTFUL = 1;
const THICK = 2;
export const PART = 3;

/**
 * @param threshold doubt from which a voxel counts, 0 … 255
 * @returns by voxel PART or something else; where no doubt at all is thick (small structures), the thin doubt
 */
export function partsOfDoubt(size: Vector3, doubt: Uint8Array, threshold: number): Uint8Array {
  const state = new Uint8Array(doubt.length);
  let isAnyThick = false;
  for (let n = 0; n < doubt.length; n++) {
    if (doubt[n]! < threshold) continue;
    const isThick = meanAround(size, doubt, n) >= threshold;
    state[n] = isThick ? THICK : DOUBTFUL;
    isAnyThick ||= isThick;
  }
  for (let n = 0; n < state.length; n++) {
    if (state[n] === THICK) spread(size, state, n);
    else if (!isAnyThick && state[n] === DOUBTFUL) state[n] = PART;
  }
  return state;
}

/** Of the voxel and its 26 neighbours, as far as they are inside. */
function meanAround(size: Vector3, doubt: Uint8Array, n: number): number {
  let sum = 0;
  let count = 0;
  around(size, n, (m) => {
    sum += doubt[m]!;
    count++;
  });
  return sum / count;
}

function spread(size: Vector3, state: Uint8Array, n: number): void {
  around(size, n, (m) => {
    if (state[m] === DOUBTFUL) state[m] = PART;
  });
  state[n] = PART;
}

function around([ni, nj, nk]: Vector3, n: number, visit: (m: number) => void): void {
  const i = n % ni;
  const j = Math.floor(n / ni) % nj;
  const k = Math.floor(n / (ni * nj));
  const [i0, i1] = [Math.max(0, i - 1), Math.min(ni - 1, i + 1)];
  const [j0, j1] = [Math.max(0, j - 1), Math.min(nj - 1, j + 1)];
  for (let kk = Math.max(0, k - 1); kk <= Math.min(nk - 1, k + 1); kk++) {
    for (let jj = j0; jj <= j1; jj++) for (let ii = i0; ii <= i1; ii++) visit(ii + ni * (jj + nj * kk));
  }
}
