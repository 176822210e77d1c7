/**
 * A series' volume out of the vault, in modality values on its own grid. The stored volume is a cache: where it is missing or damaged
 * it is made again from the originals. Next: assembleVolume.ts.
 */

import { LanternError } from '../../core/errors/lanternError.ts';
import { checkedGeometry, type VolumeGeometry, voxelCount } from '../../core/geometry/volumeGeometry.ts';
import { bytesPerScalar, type ScalarType, scalarsFromBytes, type Volume } from '../../core/volume/volume.ts';
import { decodeOriginals } from '../import/decodeOriginals.ts';
import { exclusively } from '../import/exclusively.ts';
import type { FileReaders } from '../import/FileReaders.ts';
import { fileEnding } from '../import/fileEnding.ts';
import { withReaders } from '../import/warmReaders.ts';
import type { OpenVault } from '../vault/openVault.ts';
import { arrangeVolume, assembleScalars, type DecodedImage } from './assembleVolume.ts';
import { readOriginals } from './originals.ts';
import { replaceVolume, type StoredVolume } from './volumeRow.ts';

export type SeriesVolume = Volume & {
  readonly volumeId: string;
  readonly seriesId: string;
  readonly modality: string;
  /** "HU" for CT, else "". */
  readonly unit: string;
  readonly window: { readonly center: number; readonly width: number };
  readonly range: { readonly min: number; readonly max: number };
};

interface VolumeRow {
  readonly id: string;
  readonly series_ref: string;
  readonly object_ref: string;
  readonly scalar_type: ScalarType;
  readonly geometry: string;
  readonly unit: string;
  readonly window_center: number;
  readonly window_width: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly modality: string;
}

const SELECT = `SELECT volume.*, series.modality FROM volume JOIN series ON series.id = volume.series_ref`;

/** The last volumes, for as long as somebody else holds them or memory lasts. Volume ids are never used twice. */
const recent = new Map<string, WeakRef<SeriesVolume>>();
const RECENT = 2;

/** @throws series/unknown, series/unreadable, vault/… */
export async function loadVolume(vault: OpenVault, seriesId: string): Promise<SeriesVolume> {
  const row = rowOfSeries(vault, seriesId);
  if (row) {
    const held = recent.get(row.id)?.deref();
    if (held) return held;
    const volume = await readStored(vault, row);
    if (volume) return remembered(volume);
  }
  return remembered(await exclusively(vault, () => rebuild(vault, seriesId)));
}

/** Where a volume's bytes lie, to be streamed in ranges. @throws volume/unknown */
export function volumeObject(
  vault: OpenVault,
  volumeId: string,
): { objectId: string; scalarType: ScalarType; bytes: number } {
  const row = vault.db.prepare<[string], VolumeRow>(`${SELECT} WHERE volume.id = ?`).get(volumeId);
  if (!row) {
    throw new LanternError('volume/unknown', 'This volume is not in the vault any more.', 'Open the series again.');
  }
  return { objectId: row.object_ref, scalarType: row.scalar_type, bytes: vault.objects.plainBytes(row.object_ref) };
}

export function rowOfSeries(vault: OpenVault, seriesId: string): VolumeRow | undefined {
  return vault.db.prepare<[string], VolumeRow>(`${SELECT} WHERE volume.series_ref = ?`).get(seriesId);
}

function remembered(volume: SeriesVolume): SeriesVolume {
  recent.delete(volume.volumeId);
  recent.set(volume.volumeId, new WeakRef(volume));
  for (const id of recent.keys()) if (recent.size > RECENT) recent.delete(id);
  return volume;
}

/** @returns null when the object is gone, damaged or of another size than its geometry says */
async function readStored(vault: OpenVault, row: VolumeRow): Promise<SeriesVolume | null> {
  const geometry = checkedGeometry(JSON.parse(row.geometry) as VolumeGeometry);
  const bytes = await vault.objects.read(row.object_ref).catch((error: unknown) => {
    if (error instanceof LanternError && error.code === 'vault/locked') throw error;
    return null;
  });
  if (bytes?.length !== voxelCount(geometry) * bytesPerScalar(row.scalar_type)) return null;
  return {
    volumeId: row.id,
    seriesId: row.series_ref,
    modality: row.modality,
    unit: row.unit,
    geometry,
    scalars: scalarsFromBytes(row.scalar_type, bytes),
    window: { center: row.window_center, width: row.window_width },
    range: { min: row.minimum, max: row.maximum },
  };
}

type Decoded = StoredVolume & Volume;

function assembled(images: readonly DecodedImage[]): Decoded {
  const volume = arrangeVolume(images);
  return { ...volume, scalars: assembleScalars(volume) };
}

async function rebuild(vault: OpenVault, seriesId: string): Promise<SeriesVolume> {
  const series = vault.db
    .prepare<[string], { modality: string; source: string }>('SELECT modality, source FROM series WHERE id = ?')
    .get(seriesId);
  return withReaders(vault, [], async (readers) => {
    const volume =
      series?.source === 'dicom'
        ? assembled(await decodeOriginals(vault, seriesId, readers))
        : await decodeVolumeFile(vault, seriesId, readers);
    const { scalars } = volume;
    const object = await vault.objects.put(
      'volume',
      new Uint8Array(scalars.buffer, scalars.byteOffset, scalars.byteLength),
    );
    const volumeId = vault.transact({ action: 'volume.rebuild', subject: seriesId }, () =>
      replaceVolume(vault, seriesId, object, volume),
    );
    const { geometry, unit, window, range } = volume;
    return { volumeId, seriesId, modality: series?.modality ?? '', unit, geometry, scalars, window, range };
  });
}

async function decodeVolumeFile(vault: OpenVault, seriesId: string, readers: FileReaders): Promise<Decoded> {
  const [file, raw] = await readOriginals(vault, seriesId);
  if (!file) throw new Error('a series without a file');
  const { result, body } = await readers.read(file.bytes, fileEnding(file.fileName), raw?.bytes);
  if (result.kind !== 'volume') {
    throw new LanternError(
      'series/unreadable',
      'The file of this series, which is in the vault, cannot be read any more.',
      'Import it again from its source.',
    );
  }
  const { geometry, scalarType, range, window, modality } = result;
  const scalars = scalarsFromBytes(scalarType, body);
  return { geometry, scalarType, range, window, unit: modality === 'CT' ? 'HU' : '', scalars };
}
