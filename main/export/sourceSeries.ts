/** The series that a segmentation was made on, as the vault has it: its UIDs and its files as they came. Next: sourceSlices.ts. */
import { readOriginals } from '../studies/originals.ts';
import type { OpenVault } from '../vault/openVault.ts';

export interface SourceSeries {
  readonly seriesInstanceUid: string;
  readonly studyInstanceUid: string;
  readonly patientName: string;
  readonly patientId: string;
  /** Those that are in the volume, in the order of its slices; null when the series did not come as DICOM. */
  readonly dicomFiles: readonly Uint8Array[] | null;
}

interface SeriesRow {
  readonly source: string;
  readonly series_instance_uid: string;
  readonly study_instance_uid: string;
  readonly name: string;
  readonly patient_id: string;
}

/** @throws series/unknown, vault/… */
export async function readSourceSeries(vault: OpenVault, seriesId: string): Promise<SourceSeries> {
  const row = vault.db
    .prepare<[string], SeriesRow>(
      `SELECT series.source, series.series_instance_uid, study.study_instance_uid, patient.name, patient.patient_id
       FROM series JOIN study ON study.id = series.study_ref JOIN patient ON patient.id = study.patient_ref WHERE series.id = ?`,
    )
    .get(seriesId);
  if (!row) throw new Error('a segmentation without a series');
  return {
    // A further stack of a series is kept under "UID#2"; its UID is the same.
    seriesInstanceUid: row.series_instance_uid.replace(/#.*$/, ''),
    studyInstanceUid: row.study_instance_uid,
    patientName: row.name,
    patientId: row.patient_id,
    dicomFiles: row.source === 'dicom' ? await imagesInVolume(vault, seriesId) : null,
  };
}

async function imagesInVolume(vault: OpenVault, seriesId: string): Promise<Uint8Array[]> {
  const originals = await readOriginals(vault, seriesId);
  return originals.filter(({ isInVolume }) => isInVolume).map(({ bytes }) => bytes);
}
