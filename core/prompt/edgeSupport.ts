/** How well the outline of a mask lies on edges of the image. */
import type { PromptSlice } from './promptSlice.ts';

/** The image is compared this far on either side of the outline. */
const SIDE_MM = 1.6;

/**
 * @param slice smoothed
 * @param noise standard deviation before smoothing: the step across an edge is measured in it
 * @returns 0 to 1, the mean over the outline; the edge of the slice is no edge of the image and counts nothing
 */
export function edgeSupport(slice: PromptSlice, pixels: Uint8Array, noise: number): number {
  const { width, height, values, pixelSpacingMm } = slice;
  const dx = Math.max(1, Math.round(SIDE_MM / pixelSpacingMm[0]));
  const dy = Math.max(1, Math.round(SIDE_MM / pixelSpacingMm[1]));
  let sum = 0;
  let count = 0;
  const look = (o: number, inside: number, outside: number): void => {
    if (pixels[o] === 1) return;
    const step = Math.abs(values[inside]! - values[outside]!) / noise;
    sum += step / (step + 1.5);
    count++;
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const o = x + width * y;
      if (pixels[o] === 0) continue;
      const left = Math.max(0, x - dx) + width * y;
      const right = Math.min(width - 1, x + dx) + width * y;
      const above = x + width * Math.max(0, y - dy);
      const below = x + width * Math.min(height - 1, y + dy);
      if (x > 0) look(o - 1, right, left);
      if (x < width - 1) look(o + 1, left, right);
      if (y > 0) look(o - width, below, above);
      if (y < height - 1) look(o + width, above, below);
    }
  }
  return count === 0 ? 0 : sum / count;
}
