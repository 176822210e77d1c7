/**
 * The outline of labels as closed paths along the pixels' edges: exact at every zoom, and drawn at device resolution.
 * Coordinates: slice pixel corners, 0 = the left (top) edge of the first pixel. Next: drawOverlay.ts, renderer/viewer.
 */
import type { Labelmap } from '../segmentation/labelmap.ts';
import type { Slice } from './extractSlice.ts';

export type LabelSlice = Slice<Labelmap['voxels']>;

/** What of it an outline needs. */
type LabelPixels = Pick<LabelSlice, 'values' | 'width' | 'height'>;

/** Corner points x0, y0, x1, y1, …; closed: the last joins the first. The label lies to the right when walking. */
export type ClosedPath = Int32Array;

interface PixelBox {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** @returns for each label that occurs in the slice (0 left out) the box of its pixels, inclusive */
export function labelBoxes(slice: LabelPixels): Map<number, PixelBox> {
  const boxes = new Map<number, PixelBox>();
  const { values, width, height } = slice;
  let last = 0;
  let box: PixelBox | undefined;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const label = values[at]!;
      if (label === 0) continue;
      if (label !== last || box === undefined) {
        last = label;
        box = boxes.get(label);
        if (box === undefined) {
          box = { left: x, top: y, right: x, bottom: y };
          boxes.set(label, box);
        }
      }
      if (x < box.left) box.left = x;
      if (x > box.right) box.right = x;
      box.bottom = y;
    }
  }
  return boxes;
}

/**
 * @param box where the label lies ({@link labelBoxes}); found when not given
 * @returns the closed borders of the label, holes included; filled by the even-odd rule they give the label's pixels back
 */
export function outlinePaths(slice: LabelPixels, label: number, box = labelBoxes(slice).get(label)): ClosedPath[] {
  if (box === undefined) return [];
  const { values, width } = slice;
  const { left, top, right, bottom } = box;
  const columns = right - left + 1;
  const rows = bottom - top + 1;
  // A padded copy of the box, so that the walk needs no border tests.
  const w = columns + 2;
  const inside = new Uint8Array(w * (rows + 2));
  for (let y = 0; y < rows; y++) {
    const from = (top + y) * width + left;
    const to = (y + 1) * w + 1;
    for (let x = 0; x < columns; x++) if (values[from + x] === label) inside[to + x] = 1;
  }
  // A walk starts at each upper edge not walked yet, always going right first; walked upper edges are marked with bit 2.
  const paths: ClosedPath[] = [];
  for (let y = 1; y <= rows; y++) {
    for (let x = 1; x <= columns; x++) {
      const at = y * w + x;
      if (inside[at] === 1 && (inside[at - w]! & 1) === 0) paths.push(walk(inside, w, x, y, left - 1, top - 1));
    }
  }
  return paths;
}

/** Walks one border from the upper edge of pixel (x, y), the label at the right hand; marks the upper edges it passes. */
function walk(inside: Uint8Array, w: number, x: number, y: number, offsetX: number, offsetY: number): ClosedPath {
  const corners: number[] = [];
  const filled = (px: number, py: number): boolean => (inside[py * w + px]! & 1) === 1;
  // Corner (cx, cy) is the upper left corner of pixel (cx, cy); direction 0 right, 1 down, 2 left, 3 up.
  let cx = x;
  let cy = y;
  let direction = 0;
  do {
    if (direction === 0) inside[cy * w + cx] = 3;
    cx += direction === 0 ? 1 : direction === 2 ? -1 : 0;
    cy += direction === 1 ? 1 : direction === 3 ? -1 : 0;
    // The pixels ahead at the left and right hand; at a touch of two corners the border keeps them apart (4-connected).
    const aheadRight = filled(
      direction === 0 || direction === 3 ? cx : cx - 1,
      direction === 0 || direction === 1 ? cy : cy - 1,
    );
    const aheadLeft = filled(
      direction === 0 || direction === 1 ? cx : cx - 1,
      direction === 1 || direction === 2 ? cy : cy - 1,
    );
    const turn = !aheadRight ? 1 : aheadLeft ? 3 : 0;
    if (turn !== 0) corners.push(cx + offsetX, cy + offsetY);
    direction = (direction + turn) % 4;
  } while (cx !== x || cy !== y || direction !== 0);
  return Int32Array.from(corners);
}
