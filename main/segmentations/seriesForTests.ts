/** For tests: a series row to hang segmentations on, without an import. */
import type { OpenVault } from '../vault/openVault.ts';

/** @returns the series' id */
export function insertTestSeries(vault: OpenVault): string {
  const now = new Date().toISOString();
  vault.transact(null, () => {
    vault.db
      .prepare('INSERT INTO patient (id, patient_id, name, created_at) VALUES (?, ?, ?, ?)')
      .run('p', '1', 'T', now);
    vault.db
      .prepare('INSERT INTO study (id, patient_ref, study_instance_uid, imported_at) VALUES (?, ?, ?, ?)')
      .run('st', 'p', '1.2', now);
    vault.db
      .prepare(
        `INSERT INTO series (id, study_ref, series_instance_uid, modality, source, created_at) VALUES (?, ?, ?, ?, ?, ?)`,
      )
      .run('se', 'st', '1.2.3', 'CT', 'dicom', now);
  });
  return 'se';
}
