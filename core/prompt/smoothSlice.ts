/**
 * Takes the noise out of a slice and leaves the edges: diffusion that stops where neighbours differ by more than the noise explains.
 * @see Perona & Malik, "Scale-space and edge detection using anisotropic diffusion", IEEE TPAMI 12(7), 1990
 */
import type { PromptSlice } from './promptSlice.ts';

/** How far the noise is spread in an even region. */
const REACH_MM = 1.6;
const STEP = 0.2;
const MOST_ROUNDS = 24;

/** @param noise standard deviation of the noise, modality units */
export function smoothSlice(slice: PromptSlice, noise: number): PromptSlice {
  const { width, height, pixelSpacingMm } = slice;
  const pixelMm = Math.sqrt(pixelSpacingMm[0] * pixelSpacingMm[1]);
  const rounds = Math.min(MOST_ROUNDS, Math.max(1, Math.round((REACH_MM / pixelMm) ** 2 / (2 * STEP))));
  let now = slice.values.slice();
  let next = new Float32Array(now.length);
  for (let round = 0; round < rounds; round++) {
    // What is left of the noise shrinks while it spreads.
    const stop = Math.max(1e-6, (2.5 * noise) / Math.sqrt(1 + round));
    diffuse(now, next, width, height, 1 / (stop * stop));
    [now, next] = [next, now];
  }
  return { ...slice, values: now };
}

/** What flows in from the left and from above flowed out there: each flux is worked out once. */
function diffuse(from: Float32Array, to: Float32Array, width: number, height: number, stop: number): void {
  const above = new Float64Array(width);
  for (let y = 0; y < height; y++) {
    const isLast = y === height - 1;
    let left = 0;
    for (let x = 0, o = width * y; x < width; x++, o++) {
      const here = from[o]!;
      const right = x < width - 1 ? flux(from[o + 1]! - here, stop) : 0;
      const below = isLast ? 0 : flux(from[o + width]! - here, stop);
      to[o] = here + STEP * (right - left - above[x]! + below);
      left = right;
      above[x] = below;
    }
  }
}

/** Grows with a small difference and dies away with a large one. */
function flux(difference: number, stop: number): number {
  return difference / (1 + difference * difference * stop);
}
