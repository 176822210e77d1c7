/**
 * Segments over a slice, in memory (reports, key images, the demonstration): fill, outline, and for a proposal a hatched fill
 * and a dashed outline. The screen's canvas draws the same paths: renderer/viewer/slice. Coordinates: slice pixels → picture.
 */
import type { Segment } from '../segmentation/segment.ts';
import { type ClosedPath, type LabelSlice, labelBoxes, outlinePaths } from './outlinePaths.ts';
import { blendPixel, fillRectangle, type Rgb, type RgbaImage, rgbOfHex } from './rgbaImage.ts';

/** accepted: solid; proposed and preview: dashed and hatched, so that nobody takes them for the clinician's work. */
export type OverlayStyle = 'accepted' | 'proposed' | 'preview';

/** Where the slice lies in the picture: picture pixel = offset + scale × slice corner. */
export interface SlicePlacement {
  readonly offsetX: number;
  readonly offsetY: number;
  readonly scaleX: number;
  readonly scaleY: number;
}

export const HATCH_PERIOD_PX = 8;
export const HATCH_LINE_PX = 3;
export const DASH_PX = [7, 5] as const;

/** What of a segment is drawn. */
export type DrawnSegment = Pick<Segment, 'number' | 'color' | 'opacity' | 'display' | 'visible'>;

/** Draws the segments of one label slice over a picture, in the order of the list. */
export function drawOverlay(
  image: RgbaImage,
  labels: LabelSlice,
  segments: readonly DrawnSegment[],
  style: OverlayStyle,
  placement: SlicePlacement,
  lineWidthPx = 2,
): void {
  const boxes = labelBoxes(labels);
  const shown = segments.filter((segment) => segment.visible && boxes.has(segment.number));
  const fills = new Map(
    shown
      .filter(({ display }) => display !== 'outline')
      .map(({ number, color, opacity }) => [number, { color: rgbOfHex(color), opacity }] as const),
  );
  if (fills.size > 0) fillLabels(image, labels, fills, style, placement);
  for (const segment of shown) {
    if (segment.display === 'fill') continue;
    const color = rgbOfHex(segment.color);
    for (const path of outlinePaths(labels, segment.number, boxes.get(segment.number))) {
      strokePath(image, path, color, style !== 'accepted', placement, lineWidthPx);
    }
  }
}

function fillLabels(
  image: RgbaImage,
  { values, width, height }: LabelSlice,
  fills: ReadonlyMap<number, { color: Rgb; opacity: number }>,
  style: OverlayStyle,
  { offsetX, offsetY, scaleX, scaleY }: SlicePlacement,
): void {
  for (let y = 0; y < image.height; y++) {
    const row = Math.floor((y + 0.5 - offsetY) / scaleY);
    if (row < 0 || row >= height) continue;
    for (let x = 0; x < image.width; x++) {
      const column = Math.floor((x + 0.5 - offsetX) / scaleX);
      if (column < 0 || column >= width) continue;
      const label = values[row * width + column]!;
      const fill = label === 0 ? undefined : fills.get(label);
      if (fill === undefined) continue;
      if (style !== 'accepted' && (x + y) % HATCH_PERIOD_PX >= HATCH_LINE_PX) continue;
      blendPixel(image, x, y, fill.color, style === 'accepted' ? fill.opacity : Math.min(1, fill.opacity * 2));
    }
  }
}

/** Every edge runs along x or y, so a line is a row of rectangles; the dash goes on round the corners. */
function strokePath(
  image: RgbaImage,
  path: ClosedPath,
  color: Rgb,
  dashed: boolean,
  { offsetX, offsetY, scaleX, scaleY }: SlicePlacement,
  lineWidthPx: number,
): void {
  const half = lineWidthPx / 2;
  const period = DASH_PX[0] + DASH_PX[1];
  let walked = 0;
  for (let n = 0; n < path.length; n += 2) {
    const x0 = offsetX + path[n]! * scaleX;
    const y0 = offsetY + path[n + 1]! * scaleY;
    const x1 = offsetX + path[(n + 2) % path.length]! * scaleX;
    const y1 = offsetY + path[(n + 3) % path.length]! * scaleY;
    const lengthPx = Math.abs(x1 - x0) + Math.abs(y1 - y0);
    if (!dashed) rectangleAlong(image, x0, y0, x1, y1, half, half, color);
    for (let from = 0; dashed && from < lengthPx; ) {
      const phase = (walked + from) % period;
      const on = phase < DASH_PX[0];
      const to = Math.min(lengthPx, from + (on ? DASH_PX[0] : period) - phase);
      const at = (t: number): [number, number] => [x0 + ((x1 - x0) * t) / lengthPx, y0 + ((y1 - y0) * t) / lengthPx];
      if (on) rectangleAlong(image, ...at(from), ...at(to), half, 0, color);
      from = to;
    }
    walked += lengthPx;
  }
}

function rectangleAlong(
  image: RgbaImage,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  across: number,
  beyond: number,
  color: Rgb,
): void {
  const horizontal = y0 === y1;
  const padX = horizontal ? beyond : across;
  const padY = horizontal ? across : beyond;
  fillRectangle(
    image,
    Math.min(x0, x1) - padX,
    Math.min(y0, y1) - padY,
    Math.max(x0, x1) + padX,
    Math.max(y0, y1) + padY,
    color,
  );
}
