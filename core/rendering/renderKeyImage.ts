/**
 * One slice with its segments as a finished picture: right aspect in millimetres, outlines, orientation letters, scale bar.
 * For reports and the demonstration; no screen needed. Coordinates: LPS geometry in, picture pixels out. Next: drawOverlay.ts.
 */
import type { Plane } from '../geometry/anatomicalAxes.ts';
import type { Labelmap } from '../segmentation/labelmap.ts';
import type { Volume } from '../volume/volume.ts';
import { drawText, textSize } from './bitmapFont.ts';
import { type DrawnSegment, drawOverlay, type OverlayStyle } from './drawOverlay.ts';
import { clampIndex, extractLabelSlice, extractSlice, type Slice } from './extractSlice.ts';
import { blankImage, fillRectangle, type Rgb, type RgbaImage } from './rgbaImage.ts';
import { edgeLetters, sliceLayout } from './sliceLayout.ts';
import { applyWindow, type WindowLevel } from './windowLevel.ts';

export interface KeyImageOverlay {
  readonly style: OverlayStyle;
  /** On the volume's grid, at the segments' `layer` index. */
  readonly layers: readonly Labelmap[];
  readonly segments: readonly (DrawnSegment & { readonly layer: number })[];
}

export interface KeyImageOptions {
  readonly plane: Plane;
  /** Voxel index along the plane's through axis. */
  readonly index: number;
  readonly window: WindowLevel;
  readonly widthPx: number;
  /** Letters, scale bar and slice number; default true. */
  readonly annotations?: boolean | undefined;
}

const INK: Rgb = [235, 238, 242];

/** @returns an opaque picture, `widthPx` wide, its height by the slice's millimetres */
export function renderKeyImage(
  volume: Volume,
  overlays: readonly KeyImageOverlay[],
  { plane, index, window, widthPx, annotations = true }: KeyImageOptions,
): RgbaImage {
  const layout = sliceLayout(volume.geometry, plane);
  const slice = extractSlice(volume, plane, index);
  const [sx, sy] = layout.pixelSpacingMm;
  const pixelsPerMm = widthPx / (layout.width * sx);
  const heightPx = Math.max(1, Math.round(layout.height * sy * pixelsPerMm));
  const image = blankImage(widthPx, heightPx);
  const placement = { offsetX: 0, offsetY: 0, scaleX: widthPx / layout.width, scaleY: heightPx / layout.height };
  drawSlice(image, slice, window);
  for (const { style, layers, segments } of overlays) {
    layers.forEach((layer, number) => {
      const labels = extractLabelSlice(layer, volume.geometry, plane, index);
      const own = segments.filter((segment) => segment.layer === number);
      drawOverlay(image, labels, own, style, placement, Math.max(2, Math.round(widthPx / 400)));
    });
  }
  if (annotations) {
    annotate(image, volume, plane, `${clampIndex(layout, index) + 1} / ${layout.count}`, pixelsPerMm);
  }
  return image;
}

/** Bilinear between pixel centres, in grey values after the window, as a canvas smooths. */
function drawSlice(image: RgbaImage, slice: Slice, window: WindowLevel): void {
  const { width, height } = slice;
  const grey = applyWindow(slice.values, window);
  const at = (x: number, y: number): number =>
    grey[4 * (Math.max(0, Math.min(height - 1, y)) * width + Math.max(0, Math.min(width - 1, x)))]!;
  const pixels = new Uint32Array(image.rgba.buffer);
  for (let y = 0; y < image.height; y++) {
    const row = ((y + 0.5) * height) / image.height - 0.5;
    const y0 = Math.floor(row);
    const fy = row - y0;
    for (let x = 0; x < image.width; x++) {
      const column = ((x + 0.5) * width) / image.width - 0.5;
      const x0 = Math.floor(column);
      const fx = column - x0;
      const upper = at(x0, y0) * (1 - fx) + at(x0 + 1, y0) * fx;
      const lower = at(x0, y0 + 1) * (1 - fx) + at(x0 + 1, y0 + 1) * fx;
      const value = Math.round(upper * (1 - fy) + lower * fy);
      pixels[y * image.width + x] = (0xff000000 | (value * 0x010101)) >>> 0;
    }
  }
}

function annotate(image: RgbaImage, volume: Volume, plane: Plane, sliceText: string, pixelsPerMm: number): void {
  const scale = Math.max(1, Math.round(image.width / 320));
  const pad = 4 * scale;
  const letters = edgeLetters(volume.geometry, plane);
  const write = (text: string, x: number, y: number): void => drawText(image, text, x, y, scale, INK);
  const [, high] = textSize('A', scale);
  const middle = (image.height - high) / 2;
  write(letters.left, pad, middle);
  write(letters.right, image.width - pad - textSize(letters.right, scale)[0], middle);
  write(letters.top, (image.width - textSize(letters.top, scale)[0]) / 2, pad);
  write(letters.bottom, (image.width - textSize(letters.bottom, scale)[0]) / 2, image.height - pad - high);
  write(`${plane} ${sliceText}`, pad, pad);
  const bar = scaleBarMm((image.width * 0.35) / pixelsPerMm);
  const long = bar * pixelsPerMm;
  const right = image.width - pad;
  const bottom = image.height - pad;
  const thick = Math.max(1, scale / 1.5);
  fillRectangle(image, right - long - 1, bottom - thick - 1, right + 1, bottom + 1, [0, 0, 0], 0.6);
  fillRectangle(image, right - long, bottom - thick, right, bottom, INK);
  const text = scaleBarText(bar);
  write(text, right - textSize(text, scale)[0], bottom - thick - pad / 2 - high);
}

/** @returns the longest round length (1, 2, 5 × 10ⁿ mm) that is not above `mostMm` */
export function scaleBarMm(mostMm: number): number {
  const decade = 10 ** Math.floor(Math.log10(mostMm));
  return decade * (mostMm >= 5 * decade ? 5 : mostMm >= 2 * decade ? 2 : 1);
}

/** @returns "5 cm", "2 mm" */
export function scaleBarText(lengthMm: number): string {
  return lengthMm >= 10 ? `${lengthMm / 10} cm` : `${lengthMm} mm`;
}
