/** Studies and series with their segmentations and measurements, which live in other tables than the images. */
import type { SeriesDetail, StudySummary } from '#contract/schemas/study.ts';
import { measurements } from '../measurements/measurementStore.ts';
import type { UnlockedVault } from './vaultSession.ts';

export async function listStudiesOf({ vault, segmentations }: UnlockedVault): Promise<StudySummary[]> {
  const { listStudies } = await import('../studies/studyStore.ts');
  return listStudies(vault, (seriesId) => segmentations.summaries(seriesId));
}

/** @throws series/unknown */
export async function seriesDetailOf({ vault, segmentations }: UnlockedVault, seriesId: string): Promise<SeriesDetail> {
  const { seriesDetail } = await import('../studies/studyStore.ts');
  return seriesDetail(
    vault,
    seriesId,
    (id) => segmentations.summaries(id),
    (id) => measurements.list(vault, id),
  );
}
