/** Filters of a mask, axis after axis: a Gaussian, and the sum over a box. Outside of the mask's box everything is 0. */
import type { Vector3 } from '../geometry/points.ts';
import type { BinaryMask } from './binaryMask.ts';

/** @param sigmaVoxels standard deviation along i, j, k @returns the blurred mask, 0 … 1 */
export function gaussian(mask: BinaryMask, sigmaVoxels: Vector3): Float32Array {
  return [0, 1, 2].reduce(
    (values, axis) => alongAxis(values, mask.size, axis, gaussianKernel(sigmaVoxels[axis]!)),
    Float32Array.from(mask.voxels),
  );
}

/** @param reach voxels on either side @returns how many voxels of the box around each voxel are set */
export function boxSum(mask: BinaryMask, reach: Vector3): Float32Array {
  return [0, 1, 2].reduce(
    (values, axis) => alongAxis(values, mask.size, axis, new Float64Array(2 * reach[axis]! + 1).fill(1)),
    Float32Array.from(mask.voxels),
  );
}

function gaussianKernel(sigma: number): Float64Array {
  // Beyond three standard deviations lies 0.3 % of the weight.
  const reach = Math.ceil(3 * sigma);
  const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, n) =>
    sigma === 0 ? 1 : Math.exp(-((n - reach) ** 2) / (2 * sigma * sigma)),
  );
  const sum = kernel.reduce((a, b) => a + b, 0);
  return kernel.map((weight) => weight / sum);
}

function alongAxis(values: Float32Array, size: Vector3, axis: number, kernel: Float64Array): Float32Array<ArrayBuffer> {
  const stride = axis === 0 ? 1 : axis === 1 ? size[0] : size[0] * size[1];
  const n = size[axis]!;
  const reach = (kernel.length - 1) / 2;
  const out = new Float32Array(values.length);
  for (let o = 0; o < values.length; o++) {
    const at = Math.floor(o / stride) % n;
    let sum = 0;
    for (let d = Math.max(-reach, -at); d <= Math.min(reach, n - 1 - at); d++) {
      sum += kernel[d + reach]! * values[o + d * stride]!;
    }
    out[o] = sum;
  }
  return out;
}
