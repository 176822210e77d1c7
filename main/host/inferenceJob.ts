/** A network's run as a job: the volume out of the vault, the process without keys, the proposal into the vault. */
import type { InferContractRouterInputs } from '@orpc/contract';
import type { Api } from '#contract/api.ts';
import type { InferenceResult, PlaceOfDoubt, RunEstimate } from '#contract/schemas/inference.ts';
import type { Warning } from '#contract/schemas/messages.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import { worldPoint } from '#core/geometry/points.ts';
import type { VolumeGeometry } from '#core/geometry/volumeGeometry.ts';
import type { PlaceOfDoubt as FoundPlace } from '#core/inference/placesOfDoubt.ts';
import { channelsOf } from '../inference/channelsOf.ts';
import type { CoarseAnswer } from '../inference/inferenceRequest.ts';
import type { HostJobContext } from '../jobs/jobs.ts';
import { labelmapBytes } from './blobSources.ts';
import { seriesFacts } from './seriesFacts.ts';
import { type HostServices, startVaultJob } from './services.ts';

type InferenceOrder = InferContractRouterInputs<Api>['inference']['run'];

export async function startInferenceJob(services: HostServices, order: InferenceOrder): Promise<{ jobId: string }> {
  const { seriesId, modelId, channels: stated = [], ensemble, flips, doubt: wish = 'if-possible' } = order;
  const { provider: required, priority = 'interactive', coarse: wantsCoarse = false, aroundLps } = order;
  // A title for a person: the model's name. An id that nobody knows is the run's own failure.
  services.session.require();
  const inference = await services.inference();
  const modelName = (await inference.nameOf(modelId)) ?? modelId;
  return startVaultJob(services, 'inference', `Segment with ${modelName}`, async (unlocked, context, jobId) => {
    const { vault, segmentations } = unlocked;
    const { isDemonstration, unevenness } = seriesFacts(vault, seriesId);
    let geometry: VolumeGeometry | null = null;
    const apart: Warning[] = [];
    const { name, layers, doubt, segments, model, provider, seconds, provenance, ...run } = await inference
      .run(
        async () => {
          const { loadVolume } = await import('../studies/loadVolume.ts');
          const volume = await loadVolume(vault, seriesId);
          geometry = volume.geometry;
          const { channels, warnings } = await channelsOf(vault, seriesId, volume, stated);
          apart.push(...warnings);
          return {
            modelId,
            volume,
            modality: volume.modality,
            isDemonstration,
            channels,
            doubt: wish,
            ...(ensemble && { ensemble }),
            ...(aroundLps && { aroundLps: worldPoint(...aroundLps) }),
            ...(flips !== undefined && { flips }),
            ...(required && { provider: required }),
            ...(wantsCoarse && { onCoarse: (answer) => showCoarse(services, seriesId, answer, context, jobId()) }),
          };
        },
        context,
        priority,
      )
      .finally(() => services.coarseLabels.delete(jobId()));
    context.signal.throwIfAborted();
    if (!geometry) throw new Error('a run without its volume');
    const warnings = [...unevenness, ...apart, ...run.warnings];
    const added = await segmentations.addResult({
      seriesId,
      geometry,
      name,
      state: 'proposed',
      origin: 'model',
      provenance: {
        ...provenance,
        ...(stated.length > 0 && { channels: stated }),
        operator: vault.user.name,
        warnings,
      },
      segments,
      layers,
      doubt: doubt && { values: doubt.values, places: doubt.places.map(contractPlace) },
    });
    return { segmentationId: added.id, model, provider, seconds, warnings } satisfies InferenceResult;
  });
}

function showCoarse(
  { coarseLabels }: HostServices,
  seriesId: string,
  { labelmap, geometry, segments, agreement }: CoarseAnswer,
  context: HostJobContext,
  jobId: string,
): void {
  coarseLabels.set(jobId, labelmapBytes(labelmap));
  const { BYTES_PER_ELEMENT } = labelmap.voxels;
  context.coarse({
    seriesId,
    size: [...labelmap.size],
    spacingMm: [...geometry.spacingMm],
    bytesPerVoxel: BYTES_PER_ELEMENT === 2 ? 2 : 1,
    segments: segments.map((segment) => ({ ...segment })),
    agreement,
  });
}

function contractPlace({ centreLps: [x, y, z], classes, ...rest }: FoundPlace): PlaceOfDoubt {
  return { ...rest, centreLps: [x, y, z], classes: classes.map((one) => ({ ...one })) };
}

/** @throws vault/locked, series/unknown, series/no-volume, model/unknown and the like */
export async function estimateInference(
  services: HostServices,
  { seriesId, modelId, flips, isAround }: InferContractRouterInputs<Api>['inference']['estimate'],
): Promise<RunEstimate> {
  const { vault } = services.session.require();
  const { isDemonstration, unevenness, modality, geometry } = seriesFacts(vault, seriesId);
  if (!geometry) throw noVolume();
  const inference = await services.inference();
  const estimate = await inference.estimate(modelId, { geometry, modality, isDemonstration }, { flips, isAround });
  const warnings = [...unevenness, ...estimate.warnings];
  return { ...estimate, warnings, fits: estimate.fits === 'yes' && warnings.length > 0 ? 'with-care' : estimate.fits };
}

function noVolume(): LanternError {
  return new LanternError(
    'series/no-volume',
    'This series has no volume that a network could look at.',
    'Open it once, or choose another series.',
  );
}
