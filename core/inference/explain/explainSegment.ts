/**
 * Occlusion saliency of one segment from the series' voxels to a map on the series' own grid: preprocessing as for a run, then hiding.
 * Knows nothing of the runtime. Next: planOcclusion.ts, occlude.ts, saliencyMap.ts.
 */
import type { Volume } from '../../volume/volume.ts';
import { wholeInput } from '../cutWindow.ts';
import { geometryTrace } from '../geometryTrace.ts';
import type { ModelManifest } from '../modelManifest.ts';
import { preprocess } from '../preprocess.ts';
import { type OcclusionHooks, occlude } from './occlude.ts';
import type { OcclusionPlan } from './planOcclusion.ts';
import { type SaliencyMap, saliencyMap } from './saliencyMap.ts';
import type { TargetOnGrid } from './targetOnGrid.ts';

export interface ExplainedSegment {
  readonly map: SaliencyMap;
  /** Mean probability of the class in the segment while nothing was hidden, 0 … 1. */
  readonly meanProbability: number;
  readonly runs: number;
  /** How many blocks were hidden, the largest first; edges as wished, `patchMm` × 2^level. */
  readonly patches: readonly { readonly sizeMm: number; readonly count: number }[];
}

export interface SegmentToExplain {
  /** The class's label in the manifest. */
  readonly value: number;
  readonly plan: OcclusionPlan;
  readonly target: TargetOnGrid;
}

/**
 * @param companions the series of the other channel names, as for a run
 * @throws as occlude and preprocess do
 */
export async function explainSegment(
  volume: Volume,
  manifest: ModelManifest,
  { value, plan, target }: SegmentToExplain,
  hooks: OcclusionHooks,
  companions: readonly Volume[] = [],
): Promise<ExplainedSegment> {
  const geometry = geometryTrace(manifest, volume.geometry);
  const { input } = preprocess(volume, manifest, companions);
  if (input.size.some((n, a) => n !== plan.grid[a])) throw new Error('a plan for another grid');
  const channel = manifest.classes.findIndex((one) => one.value === value);
  if (channel === -1) throw new Error('a class that the manifest has not');
  const occlusion = await occlude(wholeInput(input), manifest, channel, plan, target, hooks);
  const levels = [...new Set(occlusion.blocks.map(({ level }) => level))].sort((a, b) => b - a);
  return {
    map: saliencyMap(geometry, plan, occlusion),
    meanProbability: occlusion.meanProbability,
    runs: occlusion.runs,
    patches: levels.map((level) => ({
      sizeMm: plan.patchMm * 2 ** level,
      count: occlusion.blocks.filter((block) => block.level === level).length,
    })),
  };
}
