/** Studies and series as the worklist and the viewer show them, and their removal. Next: loadVolume.ts. */
import type { Measurement } from '../../contract/schemas/measurement.ts';
import type { SegmentationSummary } from '../../contract/schemas/segmentation.ts';
import type { SeriesDetail, SeriesSummary, StudySummary } from '../../contract/schemas/study.ts';
import { displayName } from '../../core/dicom/personName.ts';
import { LanternError } from '../../core/errors/lanternError.ts';
import type { VolumeGeometry } from '../../core/geometry/volumeGeometry.ts';
import type { OpenVault } from '../vault/openVault.ts';
import { rowOfSeries } from './loadVolume.ts';

interface StudyRow {
  readonly id: string;
  readonly study_instance_uid: string;
  readonly accession_number: string;
  readonly study_date: string;
  readonly description: string;
  readonly is_demonstration: number;
  readonly imported_at: string;
  readonly patient_name: string;
  readonly patient_id: string;
  readonly birth_date: string;
  readonly sex: string;
}

interface SeriesRow {
  readonly id: string;
  readonly study_ref: string;
  readonly series_instance_uid: string;
  readonly modality: string;
  readonly number: number | null;
  readonly description: string;
  readonly body_part: string;
  readonly warnings: string;
  readonly thumbnail_object: string | null;
  readonly geometry: string | null;
  readonly instances: number;
  readonly bytes: number;
}

const STUDIES = `SELECT study.*, patient.name AS patient_name, patient.patient_id AS patient_id, patient.birth_date, patient.sex
  FROM study JOIN patient ON patient.id = study.patient_ref`;

const SERIES = `SELECT series.*, (SELECT geometry FROM volume WHERE series_ref = series.id) AS geometry,
    (SELECT count(*) FROM instance WHERE series_ref = series.id) AS instances,
    (SELECT coalesce(sum(pack_bytes), 0) FROM instance WHERE series_ref = series.id) AS bytes FROM series`;

/** @returns the newest import first; series by their number */
export function listStudies(
  vault: OpenVault,
  segmentationsOf: (seriesId: string) => SegmentationSummary[],
): StudySummary[] {
  const studies = vault.db.prepare<[], StudyRow>(`${STUDIES} ORDER BY study.imported_at DESC, study.id DESC`).all();
  const series = vault.db
    .prepare<[], SeriesRow>(`${SERIES} ORDER BY series.number IS NULL, series.number, series.id`)
    .all();
  return studies.map((study) => ({
    ...studySummaryOf(study),
    series: series.filter((row) => row.study_ref === study.id).map((row) => seriesSummaryOf(row, segmentationsOf)),
  }));
}

/**
 * @throws series/unknown; series/no-volume when its volume has to be made again first (loadVolume does it)
 */
export function seriesDetail(
  vault: OpenVault,
  seriesId: string,
  segmentationsOf: (seriesId: string) => SegmentationSummary[],
  measurementsOf: (seriesId: string) => Measurement[],
): SeriesDetail {
  const row = vault.db.prepare<[string], SeriesRow>(`${SERIES} WHERE series.id = ?`).get(seriesId);
  const study = row && vault.db.prepare<[string], StudyRow>(`${STUDIES} WHERE study.id = ?`).get(row.study_ref);
  if (!row || !study) {
    throw new LanternError('series/unknown', 'This series is not in the vault.', 'Look at the list of studies.');
  }
  const volume = rowOfSeries(vault, seriesId);
  if (!volume) {
    throw new LanternError('series/no-volume', 'This series has no volume yet.', 'Import the series again.');
  }
  return {
    series: seriesSummaryOf(row, segmentationsOf),
    study: studySummaryOf(study),
    volume: {
      id: volume.id,
      scalarType: volume.scalar_type,
      geometry: geometryOf(volume.geometry),
      unit: volume.unit,
      window: { center: volume.window_center, width: volume.window_width },
      range: { min: volume.minimum, max: volume.maximum },
    },
    measurements: measurementsOf(seriesId),
  };
}

/**
 * Destroys a study with everything made from it: the keys of its objects go with their rows.
 * @throws study/unknown as `series/unknown`
 */
export function removeStudy(vault: OpenVault, studyId: string): void {
  const study = vault.db
    .prepare<[string], { patient_ref: string }>('SELECT patient_ref FROM study WHERE id = ?')
    .get(studyId);
  if (!study) {
    throw new LanternError('series/unknown', 'This study is not in the vault.', 'Look at the list of studies.');
  }
  vault.transact({ action: 'study.remove', subject: studyId }, () => {
    const objects = vault.db
      .prepare<{ study: string }, { id: string }>(
        `WITH s AS (SELECT id, thumbnail_object FROM series WHERE study_ref = @study)
         SELECT thumbnail_object AS id FROM s WHERE thumbnail_object IS NOT NULL
         UNION SELECT pack_object FROM instance WHERE series_ref IN (SELECT id FROM s)
         UNION SELECT object_ref FROM volume WHERE series_ref IN (SELECT id FROM s)
         UNION SELECT object_ref FROM labelmap_snapshot WHERE segmentation_ref IN
           (SELECT id FROM segmentation WHERE series_ref IN (SELECT id FROM s))
         UNION SELECT object_ref FROM segmentation_doubt WHERE segmentation_ref IN
           (SELECT id FROM segmentation WHERE series_ref IN (SELECT id FROM s))`,
      )
      .all({ study: studyId });
    vault.db.prepare('DELETE FROM study WHERE id = ?').run(studyId);
    for (const { id } of objects) vault.objects.remove(id);
    vault.db
      .prepare('DELETE FROM patient WHERE id = ? AND NOT EXISTS (SELECT 1 FROM study WHERE patient_ref = patient.id)')
      .run(study.patient_ref);
  });
}

function studySummaryOf(row: StudyRow): Omit<StudySummary, 'series'> {
  return {
    id: row.id,
    studyInstanceUid: row.study_instance_uid,
    patientName: displayName(row.patient_name),
    patientId: row.patient_id,
    patientBirthDate: row.birth_date,
    patientSex: row.sex,
    studyDate: row.study_date,
    description: row.description,
    accessionNumber: row.accession_number,
    importedAt: row.imported_at,
    isDemonstration: row.is_demonstration === 1,
  };
}

function seriesSummaryOf(row: SeriesRow, segmentationsOf: (seriesId: string) => SegmentationSummary[]): SeriesSummary {
  return {
    id: row.id,
    // A further stack of a series is kept under "UID#2"; its UID is the same.
    seriesInstanceUid: row.series_instance_uid.replace(/#.*$/, ''),
    modality: row.modality,
    number: row.number,
    description: row.description,
    bodyPart: row.body_part,
    instances: row.instances,
    bytes: row.bytes,
    ...geometryOf(row.geometry),
    warnings: JSON.parse(row.warnings) as SeriesSummary['warnings'],
    hasThumbnail: row.thumbnail_object !== null,
    segmentations: segmentationsOf(row.id),
  };
}

function geometryOf(json: string | null): SeriesDetail['volume']['geometry'] {
  if (json === null) throw new Error('a series without its volume row');
  const { size, spacingMm, originLps, direction } = JSON.parse(json) as VolumeGeometry;
  return {
    size: [...size],
    spacingMm: [...spacingMm],
    originLps: [originLps[0], originLps[1], originLps[2]],
    direction: [[...direction[0]], [...direction[1]], [...direction[2]]],
  };
}
