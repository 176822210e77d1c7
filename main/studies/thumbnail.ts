/** A small PNG of the middle slice, with the series' window and the pixels' true shape. */
import { PNG } from 'pngjs';
import type { WindowLevel } from '../../core/dicom/defaultWindow.ts';
import type { Volume } from '../../core/volume/volume.ts';

/** Pixels along the longer side. */
const SIDE = 256;

/** @returns PNG, grey */
export function thumbnail({ geometry, scalars }: Volume, window: WindowLevel): Uint8Array {
  const [columns, rows, slices] = geometry.size;
  const widthMm = columns * geometry.spacingMm[0];
  const heightMm = rows * geometry.spacingMm[1];
  const width = Math.max(1, Math.round((SIDE * widthMm) / Math.max(widthMm, heightMm)));
  const height = Math.max(1, Math.round((SIDE * heightMm) / Math.max(widthMm, heightMm)));
  const slice = Math.floor(slices / 2) * columns * rows;
  const low = window.center - window.width / 2;
  const grey = Buffer.alloc(width * height);
  for (let y = 0; y < height; y++) {
    const [top, bottom] = span(y, height, rows);
    for (let x = 0; x < width; x++) {
      const [left, right] = span(x, width, columns);
      let sum = 0;
      for (let j = top; j < bottom; j++) {
        for (let i = left; i < right; i++) sum += scalars[slice + j * columns + i]!;
      }
      const mean = sum / ((bottom - top) * (right - left));
      grey[y * width + x] = Math.max(0, Math.min(255, ((mean - low) / window.width) * 255));
    }
  }
  const png = new PNG({ width, height });
  png.data = grey;
  return PNG.sync.write(png, { colorType: 0, inputColorType: 0, inputHasAlpha: false, bitDepth: 8 });
}

/** The source pixels under a target pixel, at least one. */
function span(at: number, of: number, source: number): [number, number] {
  const from = Math.min(source - 1, Math.floor((at * source) / of));
  return [from, Math.max(from + 1, Math.min(source, Math.floor(((at + 1) * source) / of)))];
}
