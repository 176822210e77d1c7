/** What an export is made of: a segmentation as it stands, its series and study, and ways to the voxels and the originals. */
import type { SegmentationDetail, SeriesDetail } from '#contract/schemas.ts';
import { volumeGeometryOf } from '#contract/volumeGeometryOf.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import type { VolumeGeometry } from '#core/geometry/volumeGeometry.ts';
import type { Labelmap } from '#core/segmentation/labelmap.ts';
import type { Segment } from '#core/segmentation/segment.ts';
import { measurements } from '../measurements/measurementStore.ts';
import type { SegmentationService } from '../segmentations/segmentationService.ts';
import { seriesDetail } from '../studies/studyStore.ts';
import type { OpenVault } from '../vault/openVault.ts';

export interface ExportDeps {
  readonly vault: OpenVault;
  readonly segmentations: SegmentationService;
}

export interface ExportSource {
  readonly vault: OpenVault;
  readonly detail: SegmentationDetail;
  readonly geometry: VolumeGeometry;
  readonly layers: readonly Labelmap[];
  /** Those that are asked for and have voxels, by number. */
  readonly segments: readonly Segment[];
  readonly case: SeriesDetail;
  /** Sentences for a person about what is not in the file, or is in it in another way. */
  readonly notes: string[];
}

/**
 * @throws export/proposal-not-accepted, export/empty, segmentation/unknown, segmentation/unknown-segment
 */
export async function readExportSource(
  { vault, segmentations }: ExportDeps,
  segmentationId: string,
  segment: number | undefined,
): Promise<ExportSource> {
  const detail = await segmentations.get(segmentationId);
  if (detail.state === 'proposed') {
    throw new LanternError(
      'export/proposal-not-accepted',
      'This is a proposal of a model; nobody has accepted it yet.',
      'Look it over, correct it, accept it, and export it then.',
    );
  }
  const wanted = detail.segments
    .filter((s) => segment === undefined || s.number === segment)
    .sort((a, b) => a.number - b.number);
  if (segment !== undefined && wanted.length === 0) {
    throw new LanternError(
      'segmentation/unknown-segment',
      `This segmentation has no segment ${segment}.`,
      `Its segments are ${detail.segments.map((s) => s.number).join(', ') || 'none'}.`,
    );
  }
  const segments = wanted.filter((s) => (detail.voxels[String(s.number)] ?? 0) > 0);
  if (segments.length === 0) {
    throw new LanternError('export/empty', 'There are no voxels to export.', 'Draw something first.');
  }
  const empty = wanted.filter((s) => !segments.includes(s));
  const layers = await Promise.all(detail.layers.map(({ index }) => segmentations.layer(segmentationId, index)));
  return {
    vault,
    detail,
    geometry: volumeGeometryOf(detail.geometry),
    layers,
    segments,
    case: seriesDetail(
      vault,
      detail.seriesId,
      (id) => segmentations.summaries(id),
      (id) => measurements.list(vault, id),
    ),
    notes: empty.map((s) => `Segment ${s.number} "${s.name}" is empty and was left out.`),
  };
}
