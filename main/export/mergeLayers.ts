/** Layers of a segmentation as one mask, value = segment number: what NIfTI and NRRD can hold. */
import { LanternError } from '#core/errors/lanternError.ts';
import type { Labelmap } from '#core/segmentation/labelmap.ts';
import type { Segment } from '#core/segmentation/segment.ts';

/**
 * @returns the voxels of these segments only; one byte each where the numbers allow it
 * @throws export/overlap where two of the segments share a voxel: one value cannot name both
 */
export function mergeLayers(
  layers: readonly Labelmap[],
  segments: readonly Pick<Segment, 'number' | 'layer'>[],
): Uint8Array | Uint16Array {
  const first = layers[0];
  if (!first) return new Uint8Array(0);
  const most = Math.max(...segments.map((s) => s.number));
  const merged = most > 255 ? new Uint16Array(first.voxels.length) : new Uint8Array(first.voxels.length);
  layers.forEach(({ voxels }, layer) => {
    const wanted = new Uint8Array(65_536);
    for (const s of segments) if (s.layer === layer) wanted[s.number] = 1;
    for (let at = 0; at < voxels.length; at++) {
      const label = voxels[at]!;
      if (label === 0 || wanted[label] === 0) continue;
      if (merged[at] !== 0) throw overlap();
      merged[at] = label;
    }
  });
  return merged;
}

function overlap(): LanternError {
  return new LanternError(
    'export/overlap',
    'Segments overlap, and a mask file has one value a voxel.',
    'Export as DICOM SEG, which keeps both, or export one segment at a time.',
  );
}
