/**
 * Cuts one slice out of a volume, in screen order. No interpolation: a pixel is a voxel.
 * Coordinates: slice pixels and voxel indices, see sliceLayout.ts. Next: slab.ts, windowLevel.ts.
 */
import type { Plane, PlaneAxes } from '../geometry/anatomicalAxes.ts';
import type { Labelmap } from '../segmentation/labelmap.ts';
import { allocateScalars, type Scalars, scalarTypeOf, type Volume } from '../volume/volume.ts';
import { type SliceLayout, sliceLayout } from './sliceLayout.ts';

export interface Slice<Values = Scalars> {
  /** Row by row, from the top left of the screen. */
  readonly values: Values;
  readonly width: number;
  readonly height: number;
  /** Distance of pixel centres along x and y. */
  readonly pixelSpacingMm: readonly [x: number, y: number];
  readonly axes: PlaneAxes;
}

/**
 * @param index voxel index along the plane's through axis; clamped to the volume
 * @param out reused when it has the volume's type and the slice's length
 * @returns the slice in the volume's own type and unit
 */
export function extractSlice(volume: Volume, plane: Plane, index: number, out?: Scalars): Slice {
  const layout = sliceLayout(volume.geometry, plane);
  const type = scalarTypeOf(volume.scalars);
  const count = layout.width * layout.height;
  const values =
    out !== undefined && out.length === count && scalarTypeOf(out) === type ? out : allocateScalars(type, count);
  gather(volume.scalars, values, layout, clampIndex(layout, index));
  return sliceOf(layout, values);
}

/**
 * @param grid the volume's geometry; the labelmap lies on its grid
 * @returns labels in screen order
 */
export function extractLabelSlice(
  labelmap: Labelmap,
  grid: Volume['geometry'],
  plane: Plane,
  index: number,
  out?: Labelmap['voxels'],
): Slice<Labelmap['voxels']> {
  const layout = sliceLayout(grid, plane);
  const count = layout.width * layout.height;
  const wide = labelmap.voxels instanceof Uint16Array;
  const fits = out !== undefined && out.length === count && out instanceof Uint16Array === wide;
  const values = fits ? out : wide ? new Uint16Array(count) : new Uint8Array(count);
  gather(labelmap.voxels, values, layout, clampIndex(layout, index));
  return sliceOf(layout, values);
}

export function sliceOf<Values>(layout: SliceLayout, values: Values): Slice<Values> {
  const { width, height, pixelSpacingMm, axes } = layout;
  return { values, width, height, pixelSpacingMm, axes };
}

export function clampIndex(layout: SliceLayout, index: number): number {
  return Math.max(0, Math.min(layout.count - 1, Math.round(index)));
}

/** Copies the voxels of one slice; whole rows at once where they lie together in memory. */
function gather(source: Scalars, target: Scalars, layout: SliceLayout, index: number): void {
  const { width, height, stepRight, stepDown } = layout;
  const first = layout.start + index * layout.stepThrough;
  if (stepRight === 1 && stepDown === width) {
    target.set(source.subarray(first, first + width * height));
    return;
  }
  if (stepRight === 1) {
    for (let y = 0; y < height; y++) {
      const from = first + y * stepDown;
      target.set(source.subarray(from, from + width), y * width);
    }
    return;
  }
  let at = 0;
  for (let y = 0; y < height; y++) {
    let from = first + y * stepDown;
    for (let x = 0; x < width; x++) {
      target[at++] = source[from]!;
      from += stepRight;
    }
  }
}
