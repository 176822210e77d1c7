/**
 * How a slice of a volume lies on screen: which voxel is at which pixel, whatever the order and signs of the volume's axes.
 * Slice pixels: (column, row), 0 = centre of the first pixel, rows downwards; `index` = voxel index along the through axis.
 * Radiological layout (core/geometry/anatomicalAxes.ts). Next: extractSlice.ts.
 */
import { orientationLetters, type Plane, type PlaneAxes, planeAxes } from '../geometry/anatomicalAxes.ts';
import { type IndexPoint, indexPoint, type Vector3 } from '../geometry/points.ts';
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';

export interface SliceLayout {
  readonly plane: Plane;
  readonly axes: PlaneAxes;
  readonly width: number;
  readonly height: number;
  /** Number of slices. */
  readonly count: number;
  /** Distance of neighbouring pixel centres along the screen's x and y. */
  readonly pixelSpacingMm: readonly [x: number, y: number];
  /** Distance of neighbouring slices along the through axis. */
  readonly sliceSpacingMm: number;
  /** Offset in the volume's array of pixel (0, 0) of slice 0, and the signed steps to the next pixel, row and slice. */
  readonly start: number;
  readonly stepRight: number;
  readonly stepDown: number;
  readonly stepThrough: number;
}

export function sliceLayout(geometry: VolumeGeometry, plane: Plane): SliceLayout {
  const axes = planeAxes(geometry, plane);
  const { size, spacingMm } = geometry;
  const strides: Vector3 = [1, size[0], size[0] * size[1]];
  const { right, down, through } = axes;
  const stepRight = strides[right.axis] * right.sign;
  const stepDown = strides[down.axis] * down.sign;
  return {
    plane,
    axes,
    width: size[right.axis],
    height: size[down.axis],
    count: size[through.axis],
    pixelSpacingMm: [spacingMm[right.axis], spacingMm[down.axis]],
    sliceSpacingMm: spacingMm[through.axis],
    start:
      (right.sign < 0 ? (size[right.axis] - 1) * strides[right.axis] : 0) +
      (down.sign < 0 ? (size[down.axis] - 1) * strides[down.axis] : 0),
    stepRight,
    stepDown,
    stepThrough: strides[through.axis],
  };
}

/**
 * @param column continuous, 0 = centre of the first pixel
 * @param row continuous, 0 = centre of the first pixel
 * @param index slice, along the through axis
 * @returns continuous voxel index (i, j, k)
 */
export function slicePixelToIndex(layout: SliceLayout, column: number, row: number, index: number): IndexPoint {
  const { right, down, through } = layout.axes;
  const ijk: [number, number, number] = [0, 0, 0];
  ijk[right.axis] = right.sign > 0 ? column : layout.width - 1 - column;
  ijk[down.axis] = down.sign > 0 ? row : layout.height - 1 - row;
  ijk[through.axis] = index;
  return indexPoint(ijk[0], ijk[1], ijk[2]);
}

/** The inverse of {@link slicePixelToIndex}; the third number is the (continuous) slice. */
export function indexToSlicePixel(
  layout: SliceLayout,
  ijk: Vector3,
): readonly [column: number, row: number, index: number] {
  const { right, down, through } = layout.axes;
  return [
    right.sign > 0 ? ijk[right.axis] : layout.width - 1 - ijk[right.axis],
    down.sign > 0 ? ijk[down.axis] : layout.height - 1 - ijk[down.axis],
    ijk[through.axis],
  ];
}

export interface EdgeLetters {
  readonly left: string;
  readonly right: string;
  readonly top: string;
  readonly bottom: string;
}

/** @returns the letters at the edges of a slice, from the geometry alone; several letters where the volume is oblique */
export function edgeLetters(geometry: VolumeGeometry, plane: Plane): EdgeLetters {
  const { right, down } = planeAxes(geometry, plane);
  const along = (axis: 0 | 1 | 2, sign: number): Vector3 => {
    const d = geometry.direction[axis];
    return [d[0] * sign, d[1] * sign, d[2] * sign];
  };
  return {
    left: orientationLetters(along(right.axis, -right.sign)),
    right: orientationLetters(along(right.axis, right.sign)),
    top: orientationLetters(along(down.axis, -down.sign)),
    bottom: orientationLetters(along(down.axis, down.sign)),
  };
}

/** @returns the unit normal of a slice in LPS, pointing to higher indices of the through axis */
export function planeNormal(geometry: VolumeGeometry, plane: Plane): Vector3 {
  return geometry.direction[planeAxes(geometry, plane).through.axis];
}
