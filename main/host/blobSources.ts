/** Where the bytes of the binary routes come from in the vault. */
import { LanternError } from '#core/errors/lanternError.ts';
import type { Labelmap } from '#core/segmentation/labelmap.ts';
import type { OpenVault } from '../vault/openVault.ts';
import type { ByteSource } from './answers.ts';

/** Scalars of a stored volume, little-endian, i fastest. @throws volume/unknown */
export async function volumeSource(vault: OpenVault, volumeId: string): Promise<ByteSource> {
  const row = vault.db
    .prepare('SELECT o.id, o.codec FROM volume v JOIN object o ON o.id = v.object_ref WHERE v.id = ?')
    .get(volumeId) as { id: string; codec: string } | undefined;
  if (!row) {
    throw new LanternError('volume/unknown', 'This volume is not in the vault.', 'Open the series again.');
  }
  const total = vault.objects.plainBytes(row.id);
  if (row.codec === 'raw') return { total, read: (start, end) => vault.objects.readRange(row.id, start, end) };
  // A packed object is only readable as a whole: unpacked once for this answer, at its first piece.
  let whole: Promise<Uint8Array> | null = null;
  return {
    total,
    async read(start, end) {
      whole ??= vault.objects.read(row.id);
      return (await whole).subarray(start, end);
    },
  };
}

/** @returns PNG @throws series/no-thumbnail */
export async function thumbnailBytes(vault: OpenVault, seriesId: string): Promise<Uint8Array> {
  const row = vault.db.prepare('SELECT thumbnail_object AS id FROM series WHERE id = ?').get(seriesId) as
    | { id: string | null }
    | undefined;
  if (!row?.id) {
    throw new LanternError('series/no-thumbnail', 'This series has no preview picture.', 'Open it to see its slices.');
  }
  return vault.objects.read(row.id);
}

/** The labels as they lie in memory, 1 or 2 bytes a voxel. */
export function labelmapBytes({ voxels }: Labelmap): Uint8Array {
  return new Uint8Array(voxels.buffer as ArrayBuffer, voxels.byteOffset, voxels.byteLength);
}
