/** From a model's classes to segments of a proposal. */
import type { ModelManifest } from '#core/inference/modelManifest.ts';
import type { Labelmap } from '#core/segmentation/labelmap.ts';
import type { Segment } from '#core/segmentation/segment.ts';
import { seenValues } from '#core/volume/seenValues.ts';

/**
 * @returns a segment for each class with a voxel in the mask and the names of the other classes; when nothing at all was found,
 *   segments for all of them, so that the proposal says what was looked for
 */
export function modelSegments(manifest: ModelManifest, mask: Labelmap): { segments: Segment[]; missing: string[] } {
  const { seen } = seenValues(mask.voxels);
  const all = manifest.classes.flatMap(({ value, name, color, codes }): Segment[] =>
    value > 0 && color && codes
      ? [
          {
            number: value,
            name,
            layer: 0,
            color,
            codes,
            opacity: 0.4,
            display: 'both',
            visible: true,
            locked: false,
            origin: 'model',
          },
        ]
      : [],
  );
  const found = all.filter((s) => seen[s.number]);
  const missing = all.filter((s) => !seen[s.number]).map((s) => s.name);
  return { segments: found.length > 0 ? found : all, missing };
}
