/** Explanations of a proposal as jobs: the proposal and its series out of the vault, the process without keys; nothing is written. */
import type { InferContractRouterInputs } from '@orpc/contract';
import type { Api } from '#contract/api.ts';
import type { AttentionResult, ExplanationEstimate, SaliencyResult } from '#contract/schemas/explanation.ts';
import type { SegmentationDetail } from '#contract/schemas/segmentation.ts';
import { volumeGeometryOf } from '#contract/volumeGeometryOf.ts';
import type { Labelmap } from '#core/segmentation/labelmap.ts';
import { bytesOf, type Volume } from '#core/volume/volume.ts';
import { channelsOf } from '../inference/channelsOf.ts';
import type { Explanation, ExplanationRequest } from '../inference/Explanations.ts';
import { notFromModel, unknownSegment } from '../inference/explanationRefusals.ts';
import { type HostServices, startVaultJob } from './services.ts';
import type { UnlockedVault } from './vaultSession.ts';

type SaliencyOrder = InferContractRouterInputs<Api>['explanations']['saliency'];
type AttentionOrder = InferContractRouterInputs<Api>['explanations']['attention'];

/** @throws what Explanations.ts refuses before the first run of the network */
export async function estimateExplanation(services: HostServices, order: SaliencyOrder): Promise<ExplanationEstimate> {
  const unlocked = services.session.require();
  const detail = await unlocked.segmentations.get(order.segmentationId);
  const { asked } = await occlusionOf(unlocked, detail, order);
  const inference = await services.inference();
  const { attention, ...estimate } = await inference.estimateExplanation(withoutVoxels(detail, asked));
  return { ...estimate, attention: [...attention] };
}

export function startSaliencyJob(services: HostServices, order: SaliencyOrder): { jobId: string } {
  return startVaultJob(services, 'explanation', 'What the network needs to see', async (unlocked, context) => {
    const detail = await unlocked.segmentations.get(order.segmentationId);
    const { asked, segment } = await occlusionOf(unlocked, detail, order);
    const inference = await services.inference();
    const explanation = await inference.explain(() => requestFor(unlocked, detail, asked), context);
    const { found } = explanation;
    if (found.kind !== 'occlusion') throw new Error('an answer to another question');
    const { map, patches, patchMm, runs, windows, meanProbability } = found;
    return {
      ...about(order.segmentationId, explanation),
      segment,
      patchMm,
      patches: patches.map((one) => ({ ...one })),
      runs,
      windows,
      meanProbability,
      map: {
        size: [...map.size],
        cells: [...map.cells],
        lost: [...map.lost],
        cellOf: [[...map.cellOf[0]], [...map.cellOf[1]], [...map.cellOf[2]]],
      },
    } satisfies SaliencyResult;
  });
}

export function startAttentionJob(services: HostServices, order: AttentionOrder): { jobId: string } {
  return startVaultJob(services, 'explanation', 'Attention map of the network', async (unlocked, context, jobId) => {
    const detail = await unlocked.segmentations.get(order.segmentationId);
    const inference = await services.inference();
    const asked = { kind: 'attention', map: order.map ?? null } as const;
    const explanation = await inference.explain(() => requestFor(unlocked, detail, asked), context);
    const { found } = explanation;
    if (found.kind !== 'attention') throw new Error('an answer to another question');
    const { map, lowest, highest, values } = found;
    services.exportResults.keep(jobId(), { bytes: bytesOf(values), suggestedName: 'attention' });
    return { ...about(order.segmentationId, explanation), map, lowest, highest } satisfies AttentionResult;
  });
}

function about(segmentationId: string, { model, provider, seconds, warnings }: Explanation) {
  return { segmentationId, model, provider, seconds, warnings: [...warnings] };
}

/** @throws segmentation/not-from-model, segmentation/unknown-segment */
async function occlusionOf(
  { segmentations }: UnlockedVault,
  { id, provenance, segments }: SegmentationDetail,
  { segment: number, patchMm, mostRuns }: SaliencyOrder,
): Promise<{
  asked: Extract<ExplanationRequest['asked'], { kind: 'occlusion' }>;
  segment: { number: number; name: string };
}> {
  if (!provenance) throw notFromModel();
  const found = segments.find((one) => one.number === number);
  if (!found) throw unknownSegment(number);
  const segment = { number, name: found.name };
  const mask: Labelmap = await segmentations.layer(id, found.layer);
  return { asked: { kind: 'occlusion', segment, mask, wish: { patchMm, mostRuns } }, segment };
}

/** An estimate needs to know where the series lies, and nothing of what it shows. */
function withoutVoxels(
  { geometry, provenance }: SegmentationDetail,
  asked: ExplanationRequest['asked'],
): ExplanationRequest {
  const empty = (): Volume => ({ geometry: volumeGeometryOf(geometry), scalars: new Uint8Array(0) });
  const channels = (provenance?.channels ?? []).map(({ name }) => ({ name, volume: empty() }));
  return { provenance, volume: empty(), channels, asked };
}

async function requestFor(
  { vault }: UnlockedVault,
  { seriesId, provenance }: SegmentationDetail,
  asked: ExplanationRequest['asked'],
): Promise<ExplanationRequest> {
  const { loadVolume } = await import('../studies/loadVolume.ts');
  const volume = await loadVolume(vault, seriesId);
  const { channels } = await channelsOf(vault, seriesId, volume, provenance?.channels ?? []);
  return { provenance, volume, channels, asked };
}
