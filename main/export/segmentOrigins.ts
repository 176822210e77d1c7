/** Which models had a part in a segment: the network that proposed it, and those whose answers a person kept in it. */
import type { Provenance } from '#contract/schemas/provenance.ts';
import type { Segment } from '#core/segmentation/segment.ts';
import type { ExportSource } from './exportSource.ts';

/** @returns the proposal's first, then what was kept in the order in which it was; empty where no model had a part */
export function segmentOrigins(
  { number, origin }: Pick<Segment, 'number' | 'origin'>,
  { detail, keptAnswers }: Pick<ExportSource, 'detail' | 'keptAnswers'>,
): Provenance[] {
  const proposed = origin === 'model' && detail.provenance !== null ? [detail.provenance] : [];
  return [...proposed, ...keptAnswers.filter((kept) => kept.segment === number).map(({ provenance }) => provenance)];
}
