/** Rows of patient, study, series and instance. Everything here must run inside of a transaction. */
import { v7 as uuidv7 } from 'uuid';
import type { OpenVault } from '../vault/openVault.ts';
import type { FrameInfo, PatientAttributes, SeriesAttributes, StudyAttributes } from './readResult.ts';
import type { BatchFile } from './SeriesBatch.ts';

/** JSON of `series.attributes`. */
export interface StoredSeriesAttributes {
  readonly copied: Readonly<Record<string, string>>;
  /** The first image of the stack: what belongs to the series is measured against it. */
  readonly stack: FrameInfo | null;
}

export interface NewSeries {
  readonly patient: PatientAttributes;
  readonly study: StudyAttributes;
  readonly series: SeriesAttributes;
  readonly source: 'dicom' | 'nifti' | 'nrrd' | 'metaimage';
  readonly stack: FrameInfo | null;
  readonly isDemonstration: boolean;
}

/** @returns id of the study's row, made if it is not there; a study keeps the patient that it came with first */
export function studyRow(vault: OpenVault, { patient, study, isDemonstration }: NewSeries): string {
  const known = vault.db
    .prepare<[string], { id: string }>('SELECT id FROM study WHERE study_instance_uid = ?')
    .get(study.instanceUid);
  if (known) return known.id;
  const id = uuidv7();
  vault.db
    .prepare(
      `INSERT INTO study (id, patient_ref, study_instance_uid, study_id, accession_number, study_date, study_time, description,
         referring_physician, is_demonstration, imported_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      id,
      patientRow(vault, patient),
      study.instanceUid,
      study.id,
      study.accessionNumber,
      study.date,
      study.time,
      study.description,
      study.referringPhysician,
      isDemonstration ? 1 : 0,
      new Date().toISOString(),
    );
  return id;
}

function patientRow(vault: OpenVault, patient: PatientAttributes): string {
  const known = vault.db
    .prepare<[string, string, string, string], { id: string }>(
      'SELECT id FROM patient WHERE patient_id = ? AND issuer = ? AND name = ? AND birth_date = ?',
    )
    .get(patient.id, patient.issuer, patient.name, patient.birthDate);
  if (known) return known.id;
  const id = uuidv7();
  vault.db
    .prepare(
      'INSERT INTO patient (id, patient_id, issuer, name, birth_date, sex, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    )
    .run(id, patient.id, patient.issuer, patient.name, patient.birthDate, patient.sex, new Date().toISOString());
  return id;
}

/**
 * The key of a series is its UID; a further stack of the same UID gets "UID#2", "UID#3", …
 */
export function insertSeries(vault: OpenVault, id: string, studyId: string, added: NewSeries): void {
  const { series, source, stack } = added;
  const siblings = seriesOfUid(vault, added).length;
  const key = siblings === 0 ? series.instanceUid : `${series.instanceUid}#${siblings + 1}`;
  const attributes: StoredSeriesAttributes = { copied: series.copied, stack };
  vault.db
    .prepare(
      `INSERT INTO series (id, study_ref, series_instance_uid, modality, number, description, body_part, frame_of_reference_uid,
         source, attributes, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      id,
      studyId,
      key,
      series.modality,
      series.number === null ? null : Math.trunc(series.number),
      series.description,
      series.bodyPart,
      series.frameOfReferenceUid,
      source,
      JSON.stringify(attributes),
      new Date().toISOString(),
    );
}

export interface SeriesOfUid {
  readonly id: string;
  readonly attributes: StoredSeriesAttributes;
  readonly isSegmented: boolean;
}

/**
 * Within their study: some programs give every patient the same Series Instance UID.
 * @returns the stacks that are in the vault of one Series Instance UID
 */
export function seriesOfUid(vault: OpenVault, { study, series }: Pick<NewSeries, 'study' | 'series'>): SeriesOfUid[] {
  const uid = series.instanceUid;
  return vault.db
    .prepare<{ study: string; uid: string }, { id: string; attributes: string; segmented: number }>(
      `SELECT series.id, attributes, EXISTS (SELECT 1 FROM segmentation WHERE series_ref = series.id) AS segmented
       FROM series JOIN study ON study.id = series.study_ref
       WHERE study_instance_uid = @study AND (series_instance_uid = @uid OR instr(series_instance_uid, @uid || '#') = 1)
       ORDER BY series.created_at, series.id`,
    )
    .all({ study: study.instanceUid, uid })
    .map((row) => ({
      id: row.id,
      attributes: JSON.parse(row.attributes) as StoredSeriesAttributes,
      isSegmented: row.segmented === 1,
    }));
}

export function isSegmented(vault: OpenVault, seriesId: string): boolean {
  return vault.db.prepare('SELECT 1 FROM segmentation WHERE series_ref = ?').get(seriesId) !== undefined;
}

export interface InstanceIdentity {
  readonly sopInstanceUid: string;
  readonly sopClassUid: string;
  readonly transferSyntaxUid: string;
  readonly instanceNumber: number | null;
}

export function insertInstance(
  vault: OpenVault,
  seriesId: string,
  packObject: string,
  file: BatchFile,
  identity: InstanceIdentity,
  position: number | null,
): void {
  vault.db
    .prepare(
      `INSERT INTO instance (id, series_ref, sop_instance_uid, sop_class_uid, instance_number, transfer_syntax_uid, pack_object,
         pack_offset, pack_bytes, sha256, position, file_name, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      uuidv7(),
      seriesId,
      identity.sopInstanceUid,
      identity.sopClassUid,
      identity.instanceNumber === null ? null : Math.trunc(identity.instanceNumber),
      identity.transferSyntaxUid,
      packObject,
      file.packOffset,
      file.packBytes,
      file.sha256,
      position,
      file.fileName,
      new Date().toISOString(),
    );
}
