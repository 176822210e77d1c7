/** The files of a series as they came, bit for bit. */
import { LanternError } from '../../core/errors/lanternError.ts';
import type { OpenVault } from '../vault/openVault.ts';

export interface OriginalFile {
  readonly instanceId: string;
  readonly fileName: string;
  readonly bytes: Uint8Array;
  /** Another image of the series may fill its place: then it is in no slice. */
  readonly isInVolume: boolean;
}

interface InstanceRow {
  readonly id: string;
  readonly file_name: string;
  readonly pack_object: string;
  readonly pack_offset: number;
  readonly pack_bytes: number;
  readonly position: number | null;
}

/**
 * @returns in the order of the volume's slices; images that are in no slice come last
 * @throws series/unknown, vault/…
 */
export async function readOriginals(vault: OpenVault, seriesId: string): Promise<OriginalFile[]> {
  const rows = vault.db
    .prepare<[string], InstanceRow>(
      `SELECT id, file_name, pack_object, pack_offset, pack_bytes, position FROM instance WHERE series_ref = ?
       ORDER BY position IS NULL, position, instance_number, pack_object, pack_offset`,
    )
    .all(seriesId);
  if (rows.length === 0) {
    throw new LanternError('series/unknown', 'This series is not in the vault.', 'Look at the list of studies.');
  }
  // A pack is read once and cut: the files of a series lie side by side in it.
  const packs = new Map<string, Uint8Array>();
  for (const { pack_object } of rows) {
    if (!packs.has(pack_object)) packs.set(pack_object, await vault.objects.read(pack_object));
  }
  return rows.map((row) => {
    const pack = packs.get(row.pack_object) ?? new Uint8Array(0);
    return {
      instanceId: row.id,
      fileName: row.file_name,
      bytes: pack.subarray(row.pack_offset, row.pack_offset + row.pack_bytes),
      isInVolume: row.position !== null,
    };
  });
}
