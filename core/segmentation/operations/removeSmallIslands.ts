/** Removes connected parts of the segment that are smaller than a volume. */
import { voxelVolumeMm3 } from '../../geometry/volumeGeometry.ts';
import { maskLike } from '../binaryMask.ts';
import { componentsMask, connectedComponents } from '../connectedComponents.ts';
import { defineOperation } from './operation.ts';

export const removeSmallIslands = defineOperation({
  id: 'removeSmallIslands',
  label: 'Remove small islands',
  description: 'Removes every connected part that is smaller than this.',
  needsImage: false,
  needsOther: false,
  parameters: {
    smallestMl: {
      kind: 'number',
      label: 'Smaller than',
      unit: 'ml',
      min: 0,
      max: 10_000,
      step: 0.1,
      default: 0.5,
    },
  },
  wanted: (context, { smallestMl }) => {
    const mask = context.targetMask(0);
    if (!mask) return null;
    const islands = connectedComponents(mask, 'faces');
    const voxels = (smallestMl * 1000) / voxelVolumeMm3(context.geometry);
    return maskLike(
      mask,
      // A part of exactly this volume stays; the tolerance covers the rounding of the spacing.
      componentsMask(mask, islands, (c) => islands.sizes[c]! >= voxels * (1 - 1e-9)),
    );
  },
});
