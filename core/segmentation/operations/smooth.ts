/** Smooths the segment's border: the majority in a box (median) or a Gaussian cut at one half. */
import { maskLike } from '../binaryMask.ts';
import { boxSum, gaussian } from '../separableFilter.ts';
import { defineOperation } from './operation.ts';

export const smooth = defineOperation({
  id: 'smooth',
  label: 'Smooth',
  description: 'Smooths the border; details smaller than the width go.',
  needsImage: false,
  needsOther: false,
  parameters: {
    method: {
      kind: 'choice',
      label: 'Method',
      choices: [
        { value: 'median', label: 'Median' },
        { value: 'gaussian', label: 'Gaussian' },
      ],
      default: 'median',
    },
    widthMm: { kind: 'number', label: 'Width', unit: 'mm', min: 0.1, max: 30, step: 0.5, default: 3 },
  },
  wanted: (context, { method, widthMm }) => {
    const mask = context.targetMask(widthMm);
    if (!mask) return null;
    const inVoxels = context.geometry.spacingMm.map((spacing) => widthMm / spacing) as [number, number, number];
    if (method === 'gaussian') {
      const sigma = inVoxels.map((width) => width / 2) as [number, number, number];
      return maskLike(
        mask,
        Uint8Array.from(gaussian(mask, sigma), (v) => (v >= 0.5 ? 1 : 0)),
      );
    }
    const reach = inVoxels.map((width) => Math.round(width / 2)) as [number, number, number];
    const half = reach.reduce((n, r) => n * (2 * r + 1), 1) / 2;
    return maskLike(
      mask,
      Uint8Array.from(boxSum(mask, reach), (v) => (v > half ? 1 : 0)),
    );
  },
});
