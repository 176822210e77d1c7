/** A slice's mask in the form that core/segmentation computes with: one slice of a volume, so that its filters need no second version. */
import type { BinaryMask } from '../segmentation/binaryMask.ts';
import { componentsMask, connectedComponents } from '../segmentation/connectedComponents.ts';
import { squaredDistanceMm2 } from '../segmentation/distanceTransform.ts';
import { fillEnclosed } from '../segmentation/fillEnclosed.ts';

export interface SliceGrid {
  readonly width: number;
  readonly height: number;
  readonly pixelSpacingMm: readonly [x: number, y: number];
}

export function sliceMask({ width, height }: SliceGrid, pixels: Uint8Array): BinaryMask {
  return { box: { min: [0, 0, 0], max: [width - 1, height - 1, 0] }, size: [width, height, 1], voxels: pixels };
}

/** A plain loop: what `Uint8Array.from` does with an iterator takes ten times as long. */
export function pixelsWhere(
  values: Float32Array | Uint8Array,
  holds: (value: number, offset: number) => boolean,
): Uint8Array<ArrayBuffer> {
  const pixels = new Uint8Array(values.length);
  for (let o = 0; o < values.length; o++) if (holds(values[o]!, o)) pixels[o] = 1;
  return pixels;
}

/** A loop without a call for each pixel: a slice has a quarter of a million, and is looked through many times for a prompt. */
export function pixelsAbove(values: Float32Array, limit: number): Uint8Array<ArrayBuffer> {
  const pixels = new Uint8Array(values.length);
  for (let o = 0; o < values.length; o++) if (values[o]! > limit) pixels[o] = 1;
  return pixels;
}

/** @returns the pixels whose value is at most `limit` */
export function pixelsUpTo(values: Float32Array, limit: number): Uint8Array<ArrayBuffer> {
  const pixels = new Uint8Array(values.length);
  for (let o = 0; o < values.length; o++) if (values[o]! <= limit) pixels[o] = 1;
  return pixels;
}

/** @returns the pixels within `radiusMm` of the mask */
export function grown(grid: SliceGrid, pixels: Uint8Array, radiusMm: number): Uint8Array {
  const squared = distances(grid, pixels, 1);
  return pixelsUpTo(squared, radiusMm * radiusMm);
}

/** @returns the pixels of the mask further than `radiusMm` from its outside */
export function shrunk(grid: SliceGrid, pixels: Uint8Array, radiusMm: number): Uint8Array {
  const squared = distances(grid, pixels, 0);
  return pixelsAbove(squared, radiusMm * radiusMm);
}

/** @returns squared distance to the nearest pixel with this value, mm² */
export function distances(grid: SliceGrid, pixels: Uint8Array, value: 0 | 1): Float32Array {
  return squaredDistanceMm2(sliceMask(grid, pixels), [...grid.pixelSpacingMm, 1], value, { inPlane: true });
}

/** @returns the mask without its holes, as far as these are no larger */
export function filled(grid: SliceGrid, pixels: Uint8Array, mostMm2 = Number.POSITIVE_INFINITY): Uint8Array {
  const mostVoxels = mostMm2 / (grid.pixelSpacingMm[0] * grid.pixelSpacingMm[1]);
  return fillEnclosed(sliceMask(grid, pixels), { inPlane: true, mostVoxels });
}

/** @returns the connected parts for which `keep` holds, given their pixels and whether one of `marks` lies in them */
export function partsWhere(
  grid: SliceGrid,
  pixels: Uint8Array,
  marks: readonly number[],
  keep: (part: { readonly pixels: number; readonly isMarked: boolean }) => boolean,
): Uint8Array {
  const mask = sliceMask(grid, pixels);
  const parts = connectedComponents(mask, 'faces');
  const marked = new Set<number>();
  for (let r = 0; r < parts.starts.length; r++) {
    const start = parts.starts[r]!;
    if (marks.some((o) => o >= start && o < start + parts.lengths[r]!)) marked.add(parts.component[r]!);
  }
  return componentsMask(mask, parts, (c) => keep({ pixels: parts.sizes[c]!, isMarked: marked.has(c) }));
}

export function countPixels(pixels: Uint8Array): number {
  let count = 0;
  for (let o = 0; o < pixels.length; o++) count += pixels[o]!;
  return count;
}

/** @returns 2 × shared ÷ sum, 0 to 1 */
export function overlap(a: Uint8Array, b: Uint8Array): number {
  let both = 0;
  let sum = 0;
  for (let o = 0; o < a.length; o++) {
    both += a[o]! & b[o]!;
    sum += a[o]! + b[o]!;
  }
  return sum === 0 ? 0 : (2 * both) / sum;
}
