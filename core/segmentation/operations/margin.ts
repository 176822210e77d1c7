/** Grows (positive) or shrinks (negative) the segment by millimetres in all directions, exactly, whatever the spacing. */
import { grownMask, shrunkMask } from '../morphology.ts';
import { defineOperation } from './operation.ts';

export const margin = defineOperation({
  id: 'margin',
  label: 'Margin',
  description: 'Grows the segment by a positive, shrinks it by a negative number of millimetres.',
  needsImage: false,
  needsOther: false,
  parameters: {
    marginMm: { kind: 'number', label: 'Margin', unit: 'mm', min: -50, max: 50, step: 0.5, default: 3 },
  },
  wanted: (context, { marginMm }) => {
    // One voxel more than the margin, so that the outside is seen wherever there is one.
    const mask = context.targetMask(Math.max(0, marginMm) + Math.max(...context.geometry.spacingMm));
    if (!mask || marginMm === 0) return mask;
    const { spacingMm } = context.geometry;
    return marginMm > 0 ? grownMask(mask, spacingMm, marginMm) : shrunkMask(mask, spacingMm, -marginMm);
  },
});
