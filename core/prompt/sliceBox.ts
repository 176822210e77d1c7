/** Boxes of a slice's pixels, both corners included. */
import type { SliceBox } from './promptSlice.ts';

/** @returns the box around all pixels of a mask; an empty mask has none that holds anything */
export function boxOf(pixels: Uint8Array, width: number): SliceBox {
  let x0 = width;
  let y0 = Number.POSITIVE_INFINITY;
  let x1 = -1;
  let y1 = -1;
  for (let y = 0, start = 0; start < pixels.length; y++, start += width) {
    const row = pixels.subarray(start, start + width);
    const first = row.indexOf(1);
    if (first < 0) continue;
    x0 = Math.min(x0, first);
    x1 = Math.max(x1, row.lastIndexOf(1));
    y0 = Math.min(y0, y);
    y1 = y;
  }
  return { x0, y0, x1, y1 };
}

/** @returns shared ÷ joint area of two boxes */
export function boxFit(a: SliceBox, b: SliceBox): number {
  const area = ({ x0, y0, x1, y1 }: SliceBox): number => Math.max(0, x1 - x0 + 1) * Math.max(0, y1 - y0 + 1);
  const shared = area({
    x0: Math.max(a.x0, b.x0),
    y0: Math.max(a.y0, b.y0),
    x1: Math.min(a.x1, b.x1),
    y1: Math.min(a.y1, b.y1),
  });
  return shared / (area(a) + area(b) - shared);
}

/**
 * @param pixelAt of a mask, 0 or 1
 * @returns how much of the four corners of a box, each an eighth of its sides, the mask takes, 0 to 1
 */
export function cornersTaken(pixelAt: (x: number, y: number) => number, { x0, y0, x1, y1 }: SliceBox): number {
  const dx = Math.ceil((x1 - x0 + 1) / 8);
  const dy = Math.ceil((y1 - y0 + 1) / 8);
  let taken = 0;
  for (let v = 0; v < dy; v++) {
    for (let u = 0; u < dx; u++) {
      for (const y of [y0 + v, y1 - v]) taken += pixelAt(x0 + u, y) + pixelAt(x1 - u, y);
    }
  }
  return taken / (4 * dx * dy);
}
