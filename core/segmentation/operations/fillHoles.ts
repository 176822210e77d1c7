/** Fills what the segment encloses, in each axial slice of the grid or in space. */
import { maskLike } from '../binaryMask.ts';
import { fillEnclosed } from '../fillEnclosed.ts';
import { defineOperation } from './operation.ts';

export const fillHoles = defineOperation({
  id: 'fillHoles',
  label: 'Fill holes',
  description: 'Fills everything that the segment encloses.',
  needsImage: false,
  needsOther: false,
  parameters: {
    dimensions: {
      kind: 'choice',
      label: 'Enclosed',
      choices: [
        { value: '2d', label: 'In each slice' },
        { value: '3d', label: 'In space' },
      ],
      default: '3d',
    },
  },
  wanted: (context, { dimensions }) => {
    const mask = context.targetMask(0);
    return mask && maskLike(mask, fillEnclosed(mask, { inPlane: dimensions === '2d' }));
  },
});
