/**
 * Fills the slices between painted ones: the border in between is where the interpolated signed distance changes its sign.
 * @see Raya & Udupa, "Shape-based interpolation of multidimensional objects", IEEE TMI 9(1), 1990
 */
import type { Vector3 } from '../../geometry/points.ts';
import { type BinaryMask, maskLike } from '../binaryMask.ts';
import { squaredDistanceMm2 } from '../distanceTransform.ts';
import { defineOperation } from './operation.ts';

export const fillBetweenSlices = defineOperation({
  id: 'fillBetweenSlices',
  label: 'Fill between slices',
  description: 'Paints the slices between those that are painted, by interpolating the outline.',
  needsImage: false,
  needsOther: false,
  parameters: {},
  wanted: (context) => {
    const mask = context.targetMask(Math.max(...context.geometry.spacingMm));
    if (!mask) return null;
    const slice = mask.size[0] * mask.size[1];
    const painted = Array.from({ length: mask.size[2] }, (_, k) => k).filter(
      (k) => mask.voxels.indexOf(1, k * slice) !== -1 && mask.voxels.indexOf(1, k * slice) < (k + 1) * slice,
    );
    const signed = signedDistances(mask, context.geometry.spacingMm);
    const voxels = mask.voxels.slice();
    for (const [at, from] of painted.entries()) {
      const to = painted[at + 1];
      if (to === undefined) break;
      for (let k = from + 1; k < to; k++) {
        const share = (k - from) / (to - from);
        for (let o = 0; o < slice; o++) {
          const distance = (1 - share) * signed[from * slice + o]! + share * signed[to * slice + o]!;
          if (distance <= 0) voxels[k * slice + o] = 1;
        }
      }
    }
    return maskLike(mask, voxels);
  },
});

/** Distance to the border in each slice, mm: negative inside. The border runs half way between voxel centres. */
function signedDistances(mask: BinaryMask, spacingMm: Vector3): Float32Array {
  const toInside = squaredDistanceMm2(mask, spacingMm, 1, { inPlane: true });
  const toOutside = squaredDistanceMm2(mask, spacingMm, 0, { inPlane: true });
  return toInside.map((outside, o) => (mask.voxels[o] === 1 ? -Math.sqrt(toOutside[o]!) : Math.sqrt(outside)));
}
