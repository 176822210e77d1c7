/** Boxes of a slice's pixels, both corners included. */
import type { SliceBox } from './promptSlice.ts';

/** @returns the box around all pixels of a mask; an empty mask has none that holds anything */
export function boxOf(pixels: Uint8Array, width: number): SliceBox {
  let x0 = width;
  let y0 = Number.POSITIVE_INFINITY;
  let x1 = -1;
  let y1 = -1;
  for (let o = 0; o < pixels.length; o++) {
    if (pixels[o] === 0) continue;
    const x = o % width;
    const y = (o - x) / width;
    x0 = Math.min(x0, x);
    x1 = Math.max(x1, x);
    y0 = Math.min(y0, y);
    y1 = Math.max(y1, y);
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
