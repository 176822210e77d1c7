/** A slice with fewer pixels, each the mean of a block: growth has no use for more than smaller pixels than two millimetres, and noise shrinks. */
import type { PromptSlice, SliceBox } from './promptSlice.ts';

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

/** @returns the box on the fine slice's pixels that a box on those of the coarse one covers */
export function onFineBox({ factor }: CoarseSlice, { width, height }: PromptSlice, box: SliceBox): SliceBox {
  return {
    x0: box.x0 * factor,
    y0: box.y0 * factor,
    x1: Math.min(width, (box.x1 + 1) * factor) - 1,
    y1: Math.min(height, (box.y1 + 1) * factor) - 1,
  };
}

/** @returns of a mask of the coarse slice the pixel that lies over the fine one's (x, y) */
export function onFinePixel({ slice, factor }: CoarseSlice, pixels: Uint8Array, x: number, y: number): number {
  return pixels[Math.floor(x / factor) + slice.width * Math.floor(y / factor)]!;
}

/** @returns a mask of the coarse slice on the pixels of the fine one */
export function onFineSlice({ slice, factor }: CoarseSlice, fine: PromptSlice, pixels: Uint8Array): Uint8Array {
  if (factor === 1) return pixels;
  const out = new Uint8Array(fine.width * fine.height);
  for (let v = 0; v < slice.height; v++) {
    const first = fine.width * factor * v;
    for (let u = 0; u < slice.width; u++) {
      if (pixels[u + slice.width * v] === 0) continue;
      out.fill(1, first + factor * u, first + Math.min(fine.width, factor * (u + 1)));
    }
    const end = Math.min(fine.height, factor * (v + 1));
    for (let y = factor * v + 1; y < end; y++) out.copyWithin(fine.width * y, first, first + fine.width);
  }
  return out;
}
