/** Logical operations of the segment with another one, on the same or on another layer. */
import { boxOfLabel, maskLike, maskOf } from '../binaryMask.ts';
import { joinBoxes } from '../deltaBox.ts';
import { defineOperation } from './operation.ts';

export const combine = defineOperation({
  id: 'combine',
  label: 'Combine',
  description: 'Unites the segment with another one, keeps what both share, or takes the other one away.',
  needsImage: false,
  needsOther: true,
  parameters: {
    mode: {
      kind: 'choice',
      label: 'How',
      choices: [
        { value: 'union', label: 'Unite with' },
        { value: 'intersection', label: 'Keep what is shared with' },
        { value: 'difference', label: 'Take away' },
      ],
      default: 'union',
    },
  },
  wanted: (context, { mode }) => {
    const { labelmap, target } = context;
    const other = context.other!;
    const box = joinBoxes(boxOfLabel(labelmap, target), boxOfLabel(other.labelmap, other.number));
    if (!box) return null;
    const a = maskOf(labelmap, target, box).voxels;
    const b = maskOf(other.labelmap, other.number, box);
    const wanted = a.map((own, o) => {
      const theirs = b.voxels[o]!;
      if (mode === 'union') return own | theirs;
      return mode === 'intersection' ? own & theirs : own & (1 - theirs);
    });
    return maskLike(b, wanted);
  },
});
