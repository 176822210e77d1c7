/** Writes the decoded volume of a series: a cache that can be made again from the originals at any time. */
import { v7 as uuidv7 } from 'uuid';
import type { FinishedObject, OpenVault } from '../vault/openVault.ts';
import type { SlicedVolume } from './assembleVolume.ts';

export type StoredVolume = Pick<SlicedVolume, 'geometry' | 'scalarType' | 'range' | 'window' | 'unit'>;

/** Must run inside of a transaction. Replaces what was there. @returns the new volume's id */
export function replaceVolume(
  vault: OpenVault,
  seriesId: string,
  object: FinishedObject,
  volume: StoredVolume,
): string {
  removeVolumes(vault, seriesId);
  const id = uuidv7();
  object.commitRow();
  vault.db
    .prepare(
      `INSERT INTO volume (id, series_ref, object_ref, scalar_type, geometry, unit, window_center, window_width, minimum, maximum, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      id,
      seriesId,
      object.id,
      volume.scalarType,
      JSON.stringify(volume.geometry),
      volume.unit,
      volume.window.center,
      volume.window.width,
      volume.range.min,
      volume.range.max,
      new Date().toISOString(),
    );
  return id;
}

/** Must run inside of a transaction. */
export function removeVolumes(vault: OpenVault, seriesId: string): void {
  const rows = vault.db
    .prepare<[string], { object_ref: string }>('SELECT object_ref FROM volume WHERE series_ref = ?')
    .all(seriesId);
  vault.db.prepare('DELETE FROM volume WHERE series_ref = ?').run(seriesId);
  for (const { object_ref } of rows) vault.objects.remove(object_ref);
}
