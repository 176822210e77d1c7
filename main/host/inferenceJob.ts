/** A network's run as a job: the volume out of the vault, the process without keys, the proposal into the vault. */
import type { InferenceResult } from '#contract/schemas.ts';
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
      { modelId, volume, modality: volume.modality },
      context,
    );
    context.signal.throwIfAborted();
    const added = await segmentations.addResult({
      seriesId,
      geometry: volume.geometry,
      name,
      state: 'proposed',
      origin: 'model',
      provenance: { ...provenance, operator: vault.user.name },
      segments,
      layers: [labelmap],
    });
    return { segmentationId: added.id, model, provider, seconds, warnings } satisfies InferenceResult;
  });
}
