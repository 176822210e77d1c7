/** A network's run as a job: the volume out of the vault, the process without keys, the proposal into the vault. */
import type { InferenceResult } from '#contract/schemas.ts';
import type { OpenVault } from '../vault/openVault.ts';
import { type HostServices, startVaultJob } from './services.ts';

export function startInferenceJob(
  services: HostServices,
  { seriesId, modelId }: { seriesId: string; modelId: string },
): { jobId: string } {
  return startVaultJob(services, 'inference', `Segment with ${modelId}`, async (unlocked, context) => {
    const { vault, segmentations } = unlocked;
    const { loadVolume } = await import('../studies/loadVolume.ts');
    const inference = await services.inference();
    const volume = await loadVolume(vault, seriesId);
    const { name, labelmap, segments, model, provider, seconds, provenance, warnings } = await inference.run(
      { modelId, volume, modality: volume.modality, isDemonstration: isDemonstration(vault, seriesId) },
      context,
    );
    context.signal.throwIfAborted();
    const added = await segmentations.addResult({
      seriesId,
      geometry: volume.geometry,
      name,
      state: 'proposed',
      origin: 'model',
      provenance: { ...provenance, operator: vault.user.name, warnings },
      segments,
      layers: [labelmap],
    });
    return { segmentationId: added.id, model, provider, seconds, warnings } satisfies InferenceResult;
  });
}

/** Networks that are for the demonstration alone warn on every other study. */
function isDemonstration(vault: OpenVault, seriesId: string): boolean {
  const row = vault.db
    .prepare('SELECT t.is_demonstration AS is_it FROM series s JOIN study t ON t.id = s.study_ref WHERE s.id = ?')
    .get(seriesId) as { is_it: number } | undefined;
  return row?.is_it === 1;
}
