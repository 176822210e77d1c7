/** A slice with fewer pixels, each the mean of a block: growth has no use for more than smaller pixels than two millimetres, and noise shrinks. */
import type { PromptSlice } from './promptSlice.ts';

export interface CoarseSlice {
  readonly slice: PromptSlice;
  /** Pixels of a block along x and y. */
  readonly factor: number;
}

/** Blocks are as large as this allows. */
const PIXEL_MM = 2;

export function coarseSlice(slice: PromptSlice): CoarseSlice {
  const { width, height, pixelSpacingMm, values } = slice;
  const factor = Math.max(1, Math.floor(PIXEL_MM / Math.min(...pixelSpacingMm)));
  if (factor === 1) return { slice, factor };
  const columns = Math.ceil(width / factor);
  const rows = Math.ceil(height / factor);
  const out = new Float32Array(columns * rows);
  for (let v = 0; v < rows; v++) {
    for (let u = 0; u < columns; u++) {
      let sum = 0;
      let count = 0;
      for (let y = v * factor; y < Math.min(height, (v + 1) * factor); y++) {
        for (let x = u * factor; x < Math.min(width, (u + 1) * factor); x++) {
          sum += values[x + width * y]!;
          count++;
        }
      }
      out[u + columns * v] = sum / count;
    }
  }
  const spacing = [pixelSpacingMm[0] * factor, pixelSpacingMm[1] * factor] as const;
  return { slice: { width: columns, height: rows, pixelSpacingMm: spacing, values: out }, factor };
}

/** @returns a mask of the coarse slice on the pixels of the fine one */
export function onFineSlice({ slice, factor }: CoarseSlice, fine: PromptSlice, pixels: Uint8Array): Uint8Array {
  if (factor === 1) return pixels;
  const out = new Uint8Array(fine.width * fine.height);
  for (let y = 0; y < fine.height; y++) {
    const row = slice.width * Math.floor(y / factor);
    for (let x = 0; x < fine.width; x++) out[x + fine.width * y] = pixels[row + Math.floor(x / factor)]!;
  }
  return out;
}
