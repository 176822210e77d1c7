/** A small PNG of the middle slice, with the window that the series opens with and the pixels' true shape. */
import { PNG } from 'pngjs';
import type { VolumeGeometry } from '../../core/geometry/volumeGeometry.ts';
import { openingWindow, type WindowLevel } from '../../core/rendering/windowLevel.ts';
import type { Scalars } from '../../core/volume/volume.ts';

/** Pixels along the longer side. */
const SIDE = 256;

/**
 * @param middle the values of the middle slice
 * @param stated the series' window; another one is taken where it would show nothing
 * @returns PNG, grey
 */
export function thumbnail(
  { geometry, unit }: { readonly geometry: VolumeGeometry; readonly unit: string },
  middle: Scalars,
  stated: WindowLevel,
): Uint8Array {
  const window = openingWindow(stated, unit, middle);
  const [columns, rows] = geometry.size;
  const widthMm = columns * geometry.spacingMm[0];
  const heightMm = rows * geometry.spacingMm[1];
  const width = Math.max(1, Math.round((SIDE * widthMm) / Math.max(widthMm, heightMm)));
  const height = Math.max(1, Math.round((SIDE * heightMm) / Math.max(widthMm, heightMm)));
  const low = window.center - window.width / 2;
  const grey = Buffer.alloc(width * height);
  const across = Array.from({ length: width }, (_, x) => span(x, width, columns));
  for (let y = 0; y < height; y++) {
    const [top, bottom] = span(y, height, rows);
    for (let x = 0; x < width; x++) {
      const [left, right] = across[x]!;
      let sum = 0;
      for (let j = top; j < bottom; j++) {
        for (let i = left; i < right; i++) sum += middle[j * columns + i]!;
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
