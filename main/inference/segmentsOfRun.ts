/** From what the process answers to segments: a mask's classes, on layers where they overlap, or instances on layers. */
import type { Warning } from '#contract/schemas/messages.ts';
import type { ModelManifest } from '#core/inference/modelManifest.ts';
import type { Labelmap } from '#core/segmentation/labelmap.ts';
import type { Segment } from '#core/segmentation/segment.ts';
import type { Volume } from '#core/volume/volume.ts';
import type { ProcessRun } from './InferenceProcess.ts';
import { instanceSegments } from './instanceSegments.ts';
import { modelSegments } from './modelSegments.ts';

/** @returns segments with their layers; classes that were not found are told */
export function segmentsOf(
  manifest: ModelManifest,
  { labelmap, instances }: ProcessRun,
  { geometry: { size } }: Volume,
): {
  layers: readonly [Labelmap, ...Labelmap[]];
  segments: Segment[];
  warnings: readonly Warning[];
  scores: readonly { readonly segment: number; readonly score: number }[] | null;
} {
  if (!labelmap) return instanceSegments(manifest, instances ?? [], size);
  const { layers, segments, missing } = modelSegments(manifest, labelmap);
  const message = `Not found in this series: ${missing.join(', ')}.`;
  const warnings: Warning[] = missing.length > 0 ? [{ code: 'model/not-found', message }] : [];
  return { layers, segments, warnings, scores: null };
}
