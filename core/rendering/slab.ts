/**
 * Thick slices: the highest, lowest or mean value over some millimetres around a slice, in screen order.
 * Coordinates: slice pixels and voxel indices, see sliceLayout.ts.
 */
import type { Plane } from '../geometry/anatomicalAxes.ts';
import type { Vector3 } from '../geometry/points.ts';
import { voxelOffset } from '../geometry/volumeGeometry.ts';
import type { Volume } from '../volume/volume.ts';
import { clampIndex, extractSlice, type Slice, sliceOf } from './extractSlice.ts';
import { type SliceLayout, sliceLayout } from './sliceLayout.ts';

export type SlabMode = 'maximum' | 'minimum' | 'mean';

export interface Slab {
  readonly mode: SlabMode;
  readonly thicknessMm: number;
}

/**
 * @returns first and last slice (inclusive) of a slab around `index`: of the symmetric ones, which have an odd number of slices, the one
 *   that comes closest to the thickness, and of two that are equally close the thicker one
 */
export function slabRange(layout: SliceLayout, index: number, thicknessMm: number): readonly [number, number] {
  const centre = clampIndex(layout, index);
  const half = Math.round((thicknessMm / layout.sliceSpacingMm - 1) / 2 + 1e-6);
  if (half < 1) return [centre, centre];
  return [Math.max(0, centre - half), Math.min(layout.count - 1, centre + half)];
}

/**
 * @param index voxel index along the plane's through axis, the slab's middle; the slab ends where the volume ends
 * @returns the projection; the mean as Float32Array, the others in the volume's type
 */
export function extractSlab(volume: Volume, plane: Plane, index: number, slab: Slab): Slice {
  const layout = sliceLayout(volume.geometry, plane);
  const [first, last] = slabRange(layout, index, slab.thicknessMm);
  if (first === last) return extractSlice(volume, plane, index);
  const { width, height, start, stepRight, stepDown, stepThrough } = layout;
  const { scalars } = volume;
  const count = width * height;
  const slices = last - first + 1;
  const values = slab.mode === 'mean' ? new Float32Array(count) : extractSlice(volume, plane, first).values.slice();
  const { mode } = slab;
  // Slices that neighbour in memory are read pixel by pixel, others slice by slice: either way memory is walked forwards.
  if (stepThrough === 1) {
    for (let y = 0, at = 0; y < height; y++) {
      for (let x = 0; x < width; x++, at++) {
        const from = start + x * stepRight + y * stepDown + first;
        let value = scalars[from]!;
        for (let n = 1; n < slices; n++) {
          const next = scalars[from + n]!;
          if (mode === 'mean') value += next;
          else if (mode === 'maximum' ? next > value : next < value) value = next;
        }
        values[at] = mode === 'mean' ? value / slices : value;
      }
    }
    return sliceOf(layout, values);
  }
  for (let n = 0; n < slices; n++) {
    for (let y = 0, at = 0; y < height; y++) {
      let from = start + (first + n) * stepThrough + y * stepDown;
      for (let x = 0; x < width; x++, at++, from += stepRight) {
        const next = scalars[from]!;
        const value = values[at]!;
        if (mode === 'mean') values[at] = value + next / slices;
        else if (mode === 'maximum' ? next > value : next < value) values[at] = next;
      }
    }
  }
  return sliceOf(layout, values);
}

/**
 * @param voxel whole voxel index inside of the volume, in the slab's middle slice
 * @returns what {@link extractSlab} shows at that voxel's pixel
 */
export function slabValue({ geometry, scalars }: Volume, plane: Plane, voxel: Vector3, slab: Slab): number {
  const layout = sliceLayout(geometry, plane);
  const middle = voxel[layout.axes.through.axis];
  const [first, last] = slabRange(layout, middle, slab.thicknessMm);
  const offset = voxelOffset(geometry.size, ...voxel) - middle * layout.stepThrough;
  let value = scalars[offset + first * layout.stepThrough]!;
  for (let n = first + 1; n <= last; n++) {
    const next = scalars[offset + n * layout.stepThrough]!;
    if (slab.mode === 'mean') value += next;
    else value = slab.mode === 'maximum' ? Math.max(value, next) : Math.min(value, next);
  }
  return slab.mode === 'mean' ? value / (last - first + 1) : value;
}
