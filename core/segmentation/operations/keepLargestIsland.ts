/** Keeps the largest connected part of the segment; of equal ones the first in memory. */
import { maskLike } from '../binaryMask.ts';
import { componentsMask, connectedComponents } from '../connectedComponents.ts';
import { defineOperation } from './operation.ts';

export const keepLargestIsland = defineOperation({
  id: 'keepLargestIsland',
  label: 'Keep largest island',
  description: 'Removes every part that is not connected with the largest one.',
  needsImage: false,
  needsOther: false,
  parameters: {},
  wanted: (context) => {
    const mask = context.targetMask(0);
    if (!mask) return null;
    const islands = connectedComponents(mask, 'faces');
    const largest = islands.sizes.indexOf(islands.sizes.reduce((most, size) => Math.max(most, size), 0));
    return maskLike(
      mask,
      componentsMask(mask, islands, (c) => c === largest),
    );
  },
});
