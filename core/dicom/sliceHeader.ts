/**
 * Where one image lies in the patient, as its file states it. LPS, millimetres. Next: seriesGeometry.ts.
 * @see DICOM PS3.3 C.7.6.2
 */
import { cross, dot, normalise, type Vector3 } from '../geometry/points.ts';

export interface SliceHeader {
  readonly rows: number;
  readonly columns: number;
  /** Centre of the first pixel. */
  readonly positionLps: Vector3;
  /** Direction in which the column index grows (Image Orientation, first triple). */
  readonly rowDirection: Vector3;
  /** Direction in which the row index grows (second triple). */
  readonly columnDirection: Vector3;
  /** Pixel Spacing as in the file: between rows, then between columns. */
  readonly pixelSpacingMm: readonly [betweenRows: number, betweenColumns: number];
  /** Slice Thickness or Spacing Between Slices; only used for a single slice. */
  readonly thicknessMm: number | null;
}

/** @returns unit normal of the image plane, row × column */
export function sliceNormal(slice: SliceHeader): Vector3 {
  return normalise(cross(slice.rowDirection, slice.columnDirection));
}

/** @returns position along a normal, mm */
export function positionAlong(normal: Vector3, slice: SliceHeader): number {
  return dot(normal, slice.positionLps);
}

/** Cosine of about a tenth of a degree: nearer than that two images count as parallel. */
const PARALLEL = 1 - 1.5e-6;

/** @returns whether two images have the same matrix, pixel spacing and orientation, so that they can share a stack */
export function samePlane(a: SliceHeader, b: SliceHeader): boolean {
  return (
    a.rows === b.rows &&
    a.columns === b.columns &&
    near(a.pixelSpacingMm[0], b.pixelSpacingMm[0]) &&
    near(a.pixelSpacingMm[1], b.pixelSpacingMm[1]) &&
    dot(normalise(a.rowDirection), normalise(b.rowDirection)) > PARALLEL &&
    dot(normalise(a.columnDirection), normalise(b.columnDirection)) > PARALLEL
  );
}

function near(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-3 * Math.max(Math.abs(a), Math.abs(b));
}
