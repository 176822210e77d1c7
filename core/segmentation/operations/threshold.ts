/** Everything whose value lies in a range becomes the segment. Bounds are inclusive, in modality units (HU for CT). */
import { defineOperation, wholeMask } from './operation.ts';

export const threshold = defineOperation({
  id: 'threshold',
  label: 'Threshold',
  description: 'Takes every voxel whose value lies between the two bounds, bounds included.',
  needsImage: true,
  needsOther: false,
  parameters: {
    lower: { kind: 'number', label: 'Lower bound', unit: '', min: -1e9, max: 1e9, step: 1, default: 200 },
    upper: { kind: 'number', label: 'Upper bound', unit: '', min: -1e9, max: 1e9, step: 1, default: 3000 },
    keep: {
      kind: 'choice',
      label: 'What is there already',
      choices: [
        { value: 'replace', label: 'Replace' },
        { value: 'add', label: 'Add to it' },
      ],
      default: 'replace',
    },
  },
  wanted: (context, { lower, upper, keep }) => {
    const wanted = wholeMask(context);
    const scalars = context.scalars!;
    const { voxels } = context.labelmap;
    for (let o = 0; o < wanted.voxels.length; o++) {
      const value = scalars[o]!;
      if ((value >= lower && value <= upper) || (keep === 'add' && voxels[o] === context.target)) wanted.voxels[o] = 1;
    }
    return wanted;
  },
});
