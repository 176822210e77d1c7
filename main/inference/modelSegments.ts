/** From a model's classes to segments of a proposal. */
import type { ModelManifest } from '#core/inference/modelManifest.ts';
import { layRegions, singleLabels } from '#core/inference/sharedVoxels.ts';
import type { Labelmap } from '#core/segmentation/labelmap.ts';
import type { Segment } from '#core/segmentation/segment.ts';
import { seenValues } from '#core/volume/seenValues.ts';

export interface ModelSegments {
  readonly layers: readonly [Labelmap, ...Labelmap[]];
  /** One for each class with a voxel; when nothing at all was found, for all of them, so that the proposal says what was looked for. */
  readonly segments: Segment[];
  /** Names of the other classes. */
  readonly missing: string[];
}

/** @param mask of labels, or of marks where the classes overlap */
export function modelSegments(manifest: ModelManifest, mask: Labelmap): ModelSegments {
  const { classes, output } = manifest;
  if (!output.overlapping) {
    const { seen } = seenValues(mask.voxels);
    return { layers: [mask], ...segmentsWhere(manifest, (n) => (seen[classes[n]?.value ?? 0] ? 0 : null)) };
  }
  const { layers, layerOf, isFound } = layRegions(mask, classes);
  return { layers, ...segmentsWhere(manifest, (n) => (isFound[n] ? (layerOf[n] ?? 0) : null)) };
}

/** A look that is drawn and not kept: where classes overlap, a voxel shows the last of them. */
export function drawnSegments(manifest: ModelManifest, mask: Labelmap): { labelmap: Labelmap; segments: Segment[] } {
  const labelmap = singleLabels(manifest, mask);
  const { seen } = seenValues(labelmap.voxels);
  const { segments } = segmentsWhere(manifest, (n) => (seen[manifest.classes[n]?.value ?? 0] ? 0 : null));
  return { labelmap, segments };
}

/** @param layerOf the layer of a class, by its place in the manifest; null: not found */
function segmentsWhere(
  { classes }: ModelManifest,
  layerOf: (n: number) => number | null,
): Pick<ModelSegments, 'segments' | 'missing'> {
  const all = classes.flatMap(({ value, name, color, codes }, n): { segment: Segment; isFound: boolean }[] => {
    if (value === 0 || !color || !codes) return [];
    const layer = layerOf(n);
    const drawn = { opacity: 0.4, display: 'both', visible: true, locked: false, origin: 'model' } as const;
    return [{ segment: { number: value, name, layer: layer ?? 0, color, codes, ...drawn }, isFound: layer !== null }];
  });
  const found = all.filter(({ isFound }) => isFound);
  const shown = found.length > 0 ? found : all;
  return {
    segments: shown.map(({ segment }) => segment),
    missing: all.filter(({ isFound }) => !isFound).map(({ segment }) => segment.name),
  };
}
