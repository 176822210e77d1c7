/** What a run of a network must know of a series before its voxels are read. */
import type { Warning } from '#contract/schemas/messages.ts';
import { geometryWarnings } from '#core/dicom/geometryWarnings.ts';
import type { VolumeGeometry } from '#core/geometry/volumeGeometry.ts';
import type { OpenVault } from '../vault/openVault.ts';

export interface SeriesFacts {
  /** Networks that are for the demonstration alone warn on every other study. */
  readonly isDemonstration: boolean;
  /** Slices that are missing or shifted: no network knows, and what it draws there has the wrong shape and volume. */
  readonly unevenness: readonly Warning[];
  readonly modality: string;
  /** null: no volume. */
  readonly geometry: VolumeGeometry | null;
}

export function seriesFacts(vault: OpenVault, seriesId: string): SeriesFacts {
  const row = vault.db
    .prepare<[string], { is_demonstration: number; warnings: string; modality: string; geometry: string | null }>(
      `SELECT t.is_demonstration, s.warnings, s.modality, v.geometry FROM series s
       JOIN study t ON t.id = s.study_ref LEFT JOIN volume v ON v.series_ref = s.id WHERE s.id = ?`,
    )
    .get(seriesId);
  return {
    isDemonstration: row?.is_demonstration === 1,
    unevenness: geometryWarnings(JSON.parse(row?.warnings ?? '[]') as Warning[]),
    modality: row?.modality ?? '',
    geometry: row?.geometry ? (JSON.parse(row.geometry) as VolumeGeometry) : null,
  };
}
