/**
 * Where a slice lies in its view. Screen: CSS pixels from the view's top left corner. Slice: pixel (column, row), 0 = centre of
 * the first pixel. The aspect is always the patient's (millimetres).
 */
import type { SliceLayout } from '#core/rendering/sliceLayout.ts';

export interface SliceCamera {
  /** 1 = the whole slice fits the view. */
  readonly zoom: number;
  /** Shift of the slice on screen, to the right and downwards. */
  readonly panMm: readonly [x: number, y: number];
}

export const FITTED: SliceCamera = { zoom: 1, panMm: [0, 0] };

export interface ViewSize {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
}

export interface SliceTransform {
  /** CSS pixels per millimetre. */
  readonly pixelsPerMm: number;
  /** CSS pixels per slice pixel. */
  readonly scaleX: number;
  readonly scaleY: number;
  /** Where the outer corner of the first slice pixel lies. */
  readonly left: number;
  readonly top: number;
}

const ZOOM_RANGE = [0.2, 60] as const;

export function sliceTransform(layout: SliceLayout, view: ViewSize, camera: SliceCamera): SliceTransform {
  const [sx, sy] = layout.pixelSpacingMm;
  const widthMm = layout.width * sx;
  const heightMm = layout.height * sy;
  const fit = Math.min(view.width / widthMm, view.height / heightMm);
  const pixelsPerMm = Math.max(1e-6, fit * camera.zoom);
  return {
    pixelsPerMm,
    scaleX: pixelsPerMm * sx,
    scaleY: pixelsPerMm * sy,
    left: view.width / 2 + (camera.panMm[0] - widthMm / 2) * pixelsPerMm,
    top: view.height / 2 + (camera.panMm[1] - heightMm / 2) * pixelsPerMm,
  };
}

export function toScreen(t: SliceTransform, column: number, row: number): readonly [x: number, y: number] {
  return [t.left + (column + 0.5) * t.scaleX, t.top + (row + 0.5) * t.scaleY];
}

/** The inverse of {@link toScreen}. */
export function toSlicePixel(t: SliceTransform, x: number, y: number): readonly [column: number, row: number] {
  return [(x - t.left) / t.scaleX - 0.5, (y - t.top) / t.scaleY - 0.5];
}

/** @param factor above 1 enlarges @param x the place that stays where it is, CSS pixels */
export function zoomedAt(
  layout: SliceLayout,
  view: ViewSize,
  camera: SliceCamera,
  factor: number,
  x: number,
  y: number,
): SliceCamera {
  const zoom = Math.max(ZOOM_RANGE[0], Math.min(ZOOM_RANGE[1], camera.zoom * factor));
  const before = sliceTransform(layout, view, camera).pixelsPerMm;
  const after = sliceTransform(layout, view, { ...camera, zoom }).pixelsPerMm;
  const dx = x - view.width / 2;
  const dy = y - view.height / 2;
  // The millimetre under (x, y), measured from the slice's middle, is d / scale − pan; it must not change.
  const panX = camera.panMm[0] + dx / after - dx / before;
  const panY = camera.panMm[1] + dy / after - dy / before;
  return { zoom, panMm: [panX, panY] };
}

/** @param dx movement in CSS pixels */
export function panned(layout: SliceLayout, view: ViewSize, camera: SliceCamera, dx: number, dy: number): SliceCamera {
  const { pixelsPerMm } = sliceTransform(layout, view, camera);
  return { ...camera, panMm: [camera.panMm[0] + dx / pixelsPerMm, camera.panMm[1] + dy / pixelsPerMm] };
}

/** The edge that is kept between a place that has to be seen and the end of the view, as a share of the view. */
const EDGE = 0.12;

/**
 * @param column continuous slice pixel @param row continuous slice pixel
 * @returns the same camera where the place is in sight, else one of the same zoom with the place in its middle
 */
export function cameraShowing(
  layout: SliceLayout,
  view: ViewSize,
  camera: SliceCamera,
  column: number,
  row: number,
): SliceCamera {
  const [x, y] = toScreen(sliceTransform(layout, view, camera), column, row);
  const isInside = (at: number, size: number): boolean => at >= EDGE * size && at <= (1 - EDGE) * size;
  // A slice that fits its view is in sight to its edges, and stays where the hand expects it.
  if (camera.zoom <= 1 && camera.panMm[0] === 0 && camera.panMm[1] === 0) return camera;
  if (isInside(x, view.width) && isInside(y, view.height)) return camera;
  const [sx, sy] = layout.pixelSpacingMm;
  return {
    zoom: camera.zoom,
    panMm: [(layout.width / 2 - column - 0.5) * sx, (layout.height / 2 - row - 0.5) * sy],
  };
}
