/** A rectangle of a slice: what is weighed pixel by pixel need not be the whole slice. */
import type { PromptSlice, SliceBox } from './promptSlice.ts';

/** @returns the box grown by a margin, inside of the slice, whole pixels */
export function boxWithMargin(
  { width, height, pixelSpacingMm }: PromptSlice,
  box: SliceBox,
  marginMm: number,
): SliceBox {
  const dx = Math.ceil(marginMm / pixelSpacingMm[0]);
  const dy = Math.ceil(marginMm / pixelSpacingMm[1]);
  return {
    x0: Math.max(0, box.x0 - dx),
    y0: Math.max(0, box.y0 - dy),
    x1: Math.min(width - 1, box.x1 + dx),
    y1: Math.min(height - 1, box.y1 + dy),
  };
}

/** @returns the values in the box, row by row, in an array of the same kind */
export function cropped<T extends Float32Array | Uint8Array>(
  values: T,
  width: number,
  { x0, y0, x1, y1 }: SliceBox,
): T {
  const columns = x1 - x0 + 1;
  const rows = y1 - y0 + 1;
  const out = (values instanceof Float32Array ? new Float32Array(columns * rows) : new Uint8Array(columns * rows)) as T;
  for (let y = 0; y < rows; y++) {
    const from = x0 + width * (y0 + y);
    out.set(values.subarray(from, from + columns), columns * y);
  }
  return out;
}

/** @returns the part of the slice in the box */
export function croppedSlice(slice: PromptSlice, box: SliceBox): PromptSlice {
  const [width, height] = [box.x1 - box.x0 + 1, box.y1 - box.y0 + 1];
  return { ...slice, width, height, values: cropped(slice.values, slice.width, box) };
}

/** @returns of pixel offsets those that lie in the box, as offsets in it */
export function offsetsIn(offsets: readonly number[], width: number, { x0, y0, x1, y1 }: SliceBox): number[] {
  return offsets.flatMap((o) => {
    const x = o % width;
    const y = (o - x) / width;
    return x >= x0 && x <= x1 && y >= y0 && y <= y1 ? [x - x0 + (x1 - x0 + 1) * (y - y0)] : [];
  });
}

/** The inverse of {@link cropped} for a mask: everything beyond the box is empty. */
export function uncropped(pixels: Uint8Array, width: number, height: number, { x0, y0, x1 }: SliceBox): Uint8Array {
  const out = new Uint8Array(width * height);
  const columns = x1 - x0 + 1;
  for (let from = 0, y = y0; from < pixels.length; from += columns, y++) {
    out.set(pixels.subarray(from, from + columns), x0 + width * y);
  }
  return out;
}
