/** A network's run as a job: the volume out of the vault, the process without keys, the proposal into the vault. */
import type { InferContractRouterInputs } from '@orpc/contract';
import type { Api } from '#contract/api.ts';
import type { InferenceResult, PlaceOfDoubt, Warning } from '#contract/schemas.ts';
import { geometryWarnings } from '#core/dicom/geometryWarnings.ts';
import type { PlaceOfDoubt as FoundPlace } from '#core/inference/placesOfDoubt.ts';
import { channelsOf } from '../inference/channelsOf.ts';
import type { OpenVault } from '../vault/openVault.ts';
import { type HostServices, startVaultJob } from './services.ts';

type InferenceOrder = InferContractRouterInputs<Api>['inference']['run'];

export function startInferenceJob(
  services: HostServices,
  {
    seriesId,
    modelId,
    channels: stated = [],
    ensemble,
    flips,
    doubt: wish = 'if-possible',
    provider: required,
  }: InferenceOrder,
): { jobId: string } {
  return startVaultJob(services, 'inference', `Segment with ${modelId}`, async (unlocked, context) => {
    const { vault, segmentations } = unlocked;
    const { loadVolume } = await import('../studies/loadVolume.ts');
    const inference = await services.inference();
    inference.warmUp();
    const volume = await loadVolume(vault, seriesId);
    const { isDemonstration, unevenness } = aboutSeries(vault, seriesId);
    const { channels, warnings: apart } = await channelsOf(vault, seriesId, volume, stated);
    const { name, layers, doubt, segments, model, provider, seconds, provenance, ...run } = await inference.run(
      {
        modelId,
        volume,
        modality: volume.modality,
        isDemonstration,
        channels,
        doubt: wish,
        ...(ensemble && { ensemble }),
        ...(flips !== undefined && { flips }),
        ...(required && { provider: required }),
      },
      context,
    );
    context.signal.throwIfAborted();
    const warnings = [...unevenness, ...apart, ...run.warnings];
    const added = await segmentations.addResult({
      seriesId,
      geometry: volume.geometry,
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

function contractPlace({ centreLps: [x, y, z], classes, ...rest }: FoundPlace): PlaceOfDoubt {
  return { ...rest, centreLps: [x, y, z], classes: classes.map((one) => ({ ...one })) };
}

/**
 * Networks that are for the demonstration alone warn on every other study; and no network knows that slices are missing or shifted:
 * what it draws there has the wrong shape and volume.
 */
function aboutSeries(vault: OpenVault, seriesId: string): { isDemonstration: boolean; unevenness: Warning[] } {
  const row = vault.db
    .prepare<[string], { is_demonstration: number; warnings: string }>(
      'SELECT t.is_demonstration, s.warnings FROM series s JOIN study t ON t.id = s.study_ref WHERE s.id = ?',
    )
    .get(seriesId);
  return {
    isDemonstration: row?.is_demonstration === 1,
    unevenness: geometryWarnings(JSON.parse(row?.warnings ?? '[]') as Warning[]),
  };
}
