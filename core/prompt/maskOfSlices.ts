/** Slices' masks put together on the volume's grid. */
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';
import type { SliceLayout } from '../rendering/sliceLayout.ts';
import { emptyLabelmap, type Labelmap } from '../segmentation/labelmap.ts';

/** @param slices pixels in screen order; `index` along the layout's through axis */
export function maskOfSlices(
  { size }: VolumeGeometry,
  { width, start, stepRight, stepDown, stepThrough }: SliceLayout,
  slices: readonly { readonly index: number; readonly pixels: Uint8Array }[],
  number: number,
): Labelmap {
  const labelmap = emptyLabelmap(size);
  for (const { index, pixels } of slices) {
    const first = start + index * stepThrough;
    for (let pixel = 0; pixel < pixels.length; pixel++) {
      if (pixels[pixel] === 0) continue;
      const x = pixel % width;
      labelmap.voxels[first + x * stepRight + ((pixel - x) / width) * stepDown] = number;
    }
  }
  return labelmap;
}
