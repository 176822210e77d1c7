/**
 * What an export is made of, as plain data that can be sent to the process which makes the file: a segmentation as it stands, its
 * series and study, and for some formats the images. Next: ExportProcess.ts.
 */
import type { ExportFormat } from '#contract/schemas/exportResult.ts';
import type { SegmentationDetail } from '#contract/schemas/segmentation.ts';
import type { SeriesDetail } from '#contract/schemas/study.ts';
import { volumeGeometryOf } from '#contract/volumeGeometryOf.ts';
import { geometryWarnings } from '#core/dicom/geometryWarnings.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import type { VolumeGeometry } from '#core/geometry/volumeGeometry.ts';
import type { Labelmap } from '#core/segmentation/labelmap.ts';
import type { Segment } from '#core/segmentation/segment.ts';
import { measurements } from '../measurements/measurementStore.ts';
import type { EditCodes } from '../segmentations/editCodesBySegment.ts';
import type { KeptAnswer } from '../segmentations/keptAnswerRows.ts';
import type { SegmentationService } from '../segmentations/segmentationService.ts';
import { loadVolume, type SeriesVolume } from '../studies/loadVolume.ts';
import { seriesDetail } from '../studies/studyStore.ts';
import type { OpenVault } from '../vault/openVault.ts';
import { readSourceSeries, type SourceSeries } from './sourceSeries.ts';

export interface ExportDeps {
  readonly vault: OpenVault;
  readonly segmentations: SegmentationService;
}

export interface ExportRequest {
  readonly segmentationId: string;
  readonly format: ExportFormat;
  /** Only this segment; all of them without it. */
  readonly segment?: number;
}

export interface ExportSource {
  /** Who exports. */
  readonly operator: string;
  readonly detail: SegmentationDetail;
  readonly geometry: VolumeGeometry;
  readonly layers: readonly Labelmap[];
  /** Those that are asked for and have voxels, by number. */
  readonly segments: readonly Segment[];
  readonly case: SeriesDetail;
  /** How the segments' voxels were changed; null: the older steps are not kept any more. */
  readonly editCodes: EditCodes | null;
  /** Answers of a model that a person kept in a segment. */
  readonly keptAnswers: readonly KeptAnswer[];
  /** Sentences for a person about what is not in the file, or is in it in another way. */
  readonly notes: string[];
}

/** One file to make. */
export interface ExportOrder {
  readonly format: ExportFormat;
  readonly source: ExportSource;
  /** The report shows it and measures in it. */
  readonly volume: SeriesVolume | null;
  /** DICOM Segmentation refers to it. */
  readonly series: SourceSeries | null;
}

/**
 * @throws export/proposal-not-accepted, export/empty, segmentation/unknown, segmentation/unknown-segment, series/…, vault/…
 */
export async function readExportOrder(
  { vault, segmentations }: ExportDeps,
  { segmentationId, segment, format }: ExportRequest,
): Promise<ExportOrder> {
  const { detail, layers } = await asItStands(segmentations, segmentationId);
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
  const subject = seriesDetail(
    vault,
    detail.seriesId,
    (id) => segmentations.summaries(id),
    (id) => measurements.list(vault, id),
  );
  // The report prints all warnings; a mask or a surface has no place for them, and nobody may print a model of it unaware.
  const unevenness = format === 'pdf' ? [] : geometryWarnings(subject.series.warnings);
  const source: ExportSource = {
    operator: vault.user.name,
    detail,
    geometry: volumeGeometryOf(detail.geometry),
    layers,
    segments,
    case: subject,
    editCodes: await segmentations.editCodes(segmentationId),
    keptAnswers: await segmentations.keptAnswers(segmentationId),
    notes: [
      ...unevenness.map(({ message }) => message),
      ...empty.map((s) => `Segment ${s.number} "${s.name}" is empty and was left out.`),
    ],
  };
  return {
    format,
    source,
    volume: format === 'pdf' ? await loadVolume(vault, detail.seriesId) : null,
    series: format === 'dicom-seg' ? await readSourceSeries(vault, detail.seriesId) : null,
  };
}

/** Somebody may be drawing: what is read belongs to one revision. */
async function asItStands(
  segmentations: SegmentationService,
  id: string,
): Promise<{ detail: SegmentationDetail; layers: Labelmap[] }> {
  for (;;) {
    const detail = await segmentations.get(id);
    if (detail.state === 'proposed') {
      throw new LanternError(
        'export/proposal-not-accepted',
        'This is a proposal of a model; nobody has accepted it yet.',
        'Look it over, correct it, accept it, and export it then.',
      );
    }
    const layers = await Promise.all(detail.layers.map(({ index }) => segmentations.layer(id, index)));
    if (layers.every(({ revision }) => revision === detail.revision)) return { detail, layers };
  }
}
