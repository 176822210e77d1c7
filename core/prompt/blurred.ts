/** A Gaussian of a slice, in millimetres; the slice goes on beyond its edge as it ends there. */
import type { SliceGrid } from './sliceMask.ts';

export function blurred(
  { width, height, pixelSpacingMm }: SliceGrid,
  values: Float32Array,
  sigmaMm: number,
): Float32Array {
  const along = blurLines(values, width, height, 1, width, kernelOf(sigmaMm / pixelSpacingMm[0]));
  return blurLines(along, height, width, width, 1, kernelOf(sigmaMm / pixelSpacingMm[1]));
}

/** @param step between pixels of a line @param next between lines */
function blurLines(
  values: Float32Array,
  length: number,
  lines: number,
  step: number,
  next: number,
  kernel: Float64Array,
): Float32Array {
  const out = new Float32Array(values.length);
  const reach = (kernel.length - 1) / 2;
  for (let line = 0; line < lines; line++) {
    const first = line * next;
    for (let n = 0; n < length; n++) {
      let sum = 0;
      if (n >= reach && n < length - reach) {
        for (let k = 0, o = first + (n - reach) * step; k < kernel.length; k++, o += step)
          sum += kernel[k]! * values[o]!;
      } else {
        for (let k = -reach; k <= reach; k++) {
          const at = Math.min(length - 1, Math.max(0, n + k));
          sum += kernel[k + reach]! * values[first + at * step]!;
        }
      }
      out[first + n * step] = sum;
    }
  }
  return out;
}

function kernelOf(sigma: number): Float64Array {
  const reach = Math.ceil(2.5 * sigma);
  const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, n) =>
    Math.exp(-((n - reach) ** 2) / (2 * sigma ** 2)),
  );
  const sum = kernel.reduce((a, b) => a + b, 0);
  return kernel.map((weight) => weight / sum);
}
