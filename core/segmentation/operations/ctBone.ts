/**
 * Bone in a CT by one click. Bone is told from contrast-filled vessels, kidneys and bowel by its cortex: a connected part above
 * the threshold is bone only when enough of it is denser than contrast medium gets. The patient's table is cut off first.
 * Bone that touches an artery of the same density can only be parted by hand.
 */
import { voxelVolumeMm3 } from '../../geometry/volumeGeometry.ts';
import type { Scalars } from '../../volume/volume.ts';
import { type BinaryMask, maskLike } from '../binaryMask.ts';
import { bodyMask } from '../bodyMask.ts';
import { componentsMask, connectedComponents } from '../connectedComponents.ts';
import { fillEnclosed } from '../fillEnclosed.ts';
import { defineOperation } from './operation.ts';

/** Cortical bone; contrast medium in vessels and kidneys stays below it in the phases used for the trunk. */
const CORTEX_HU = 450;
/** Voxels of the border are a mixture of bone and soft tissue: half way between 40 HU and thin cortex. */
const BORDER_HU = 160;

export const ctBone = defineOperation({
  id: 'ctBone',
  label: 'CT bone',
  description: 'Finds bone in a CT: a threshold, without table, contrast medium and small calcifications.',
  needsImage: true,
  needsOther: false,
  parameters: {
    lowerHu: { kind: 'number', label: 'Lower bound', unit: 'HU', min: 100, max: 1000, step: 10, default: 200 },
    cortexShare: {
      kind: 'number',
      label: 'Least share of cortex',
      unit: '%',
      min: 0,
      max: 50,
      step: 1,
      default: 5,
    },
    smallestMl: { kind: 'number', label: 'Smallest part', unit: 'ml', min: 0, max: 50, step: 0.1, default: 0.2 },
    holeMm2: { kind: 'number', label: 'Fill holes up to', unit: 'mm²', min: 0, max: 2000, step: 1, default: 4 },
  },
  wanted: (context, { lowerHu, cortexShare, smallestMl, holeMm2 }) => {
    const scalars = context.scalars!;
    const { geometry } = context;
    const body = bodyMask(scalars, geometry);
    const candidates = maskLike(
      body,
      body.voxels.map((inside, o) => (inside === 1 && scalars[o]! >= lowerHu ? 1 : 0)),
    );
    const smallest = (smallestMl * 1000) / voxelVolumeMm3(geometry);
    const bone = withCortex(candidates, scalars, cortexShare / 100, smallest);
    const bordered = withBorder(bone, body, scalars, lowerHu);
    const mostVoxels = holeMm2 / (geometry.spacingMm[0] * geometry.spacingMm[1]);
    return maskLike(bordered, fillEnclosed(bordered, { inPlane: true, mostVoxels }));
  },
});

function withCortex(candidates: BinaryMask, scalars: Scalars, share: number, smallest: number): BinaryMask {
  const parts = connectedComponents(candidates, 'faces');
  const dense = new Uint32Array(parts.sizes.length);
  for (let r = 0; r < parts.starts.length; r++) {
    const start = parts.starts[r]!;
    for (let o = start; o < start + parts.lengths[r]!; o++) {
      if (scalars[o]! >= CORTEX_HU) dense[parts.component[r]!]!++;
    }
  }
  const isBone = (c: number) => parts.sizes[c]! >= smallest && dense[c]! >= share * parts.sizes[c]!;
  return maskLike(candidates, componentsMask(candidates, parts, isBone));
}

/** Adds the voxels that touch the bone and are too dense for soft tissue: one layer, so that nothing can leak. */
function withBorder(bone: BinaryMask, body: BinaryMask, scalars: Scalars, lowerHu: number): BinaryMask {
  const [ni, nj] = bone.size;
  const { voxels } = bone;
  const steps = [ni, -ni, ni * nj, -ni * nj];
  const border = Math.min(BORDER_HU, lowerHu);
  return maskLike(
    bone,
    voxels.map((is, o) => {
      if (is === 1) return 1;
      if (scalars[o]! < border || body.voxels[o] === 0) return 0;
      const i = o % ni;
      if ((i > 0 && voxels[o - 1] === 1) || (i < ni - 1 && voxels[o + 1] === 1)) return 1;
      for (const step of steps) if (voxels[o + step] === 1) return 1;
      return 0;
    }),
  );
}
