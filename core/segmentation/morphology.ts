/** Growing and shrinking of a mask by millimetres: exact balls, from the distance transform. */
import type { Vector3 } from '../geometry/points.ts';
import { type BinaryMask, maskLike } from './binaryMask.ts';
import { squaredDistanceMm2 } from './distanceTransform.ts';

/** Voxels at exactly the radius belong to it; the tolerance is that of single precision. */
const TOLERANCE = 1 + 1e-6;

/** @returns the voxels within `radiusMm` of the mask, inside of its box */
export function grownMask(mask: BinaryMask, spacingMm: Vector3, radiusMm: number): BinaryMask {
  const squared = squaredDistanceMm2(mask, spacingMm, 1);
  const limit = radiusMm * radiusMm * TOLERANCE;
  return maskLike(
    mask,
    Uint8Array.from(squared, (d) => (d <= limit ? 1 : 0)),
  );
}

/** @returns the voxels of the mask that are further than `radiusMm` from its outside; what lies beyond the box is not outside */
export function shrunkMask(mask: BinaryMask, spacingMm: Vector3, radiusMm: number): BinaryMask {
  const squared = squaredDistanceMm2(mask, spacingMm, 0);
  const limit = radiusMm * radiusMm * TOLERANCE;
  return maskLike(
    mask,
    Uint8Array.from(squared, (d) => (d > limit ? 1 : 0)),
  );
}
