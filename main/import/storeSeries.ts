/**
 * Stores one batch in one transaction: originals, rows, the volume of the whole series and its thumbnail. A crash before the commit
 * leaves nothing, after it everything. Next: seriesRows.ts, ../studies/assembleVolume.ts.
 */
import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { SeriesWarning } from '../../core/dicom/seriesGeometry.ts';
import { LanternError } from '../../core/errors/lanternError.ts';
import { scalarsFromBytes } from '../../core/volume/volume.ts';
import { arrangeVolume, type SlicedVolume, sameStack } from '../studies/assembleVolume.ts';
import { thumbnail } from '../studies/thumbnail.ts';
import { replaceVolume } from '../studies/volumeRow.ts';
import { allFinished } from '../vault/allFinished.ts';
import type { FinishedObject, ObjectWriter, OpenVault } from '../vault/openVault.ts';
import { type DecodedOriginal, decodeOriginals } from './decodeOriginals.ts';
import type { FileReaders } from './FileReaders.ts';
import type { SeriesBatch } from './SeriesBatch.ts';
import {
  insertInstance,
  insertSeries,
  isSegmented,
  type NewSeries,
  type SeriesOfUid,
  seriesOfUid,
  studyRow,
} from './seriesRows.ts';

export interface StoredSeries {
  readonly seriesId: string;
}

/** @throws vault/…, disk/full, volume/too-large; the batch's files are then not in the vault */
export async function storeSeries(
  vault: OpenVault,
  batch: SeriesBatch,
  readers: FileReaders,
  isDemonstration: boolean,
): Promise<StoredSeries> {
  return batch.volume
    ? storeVolumeFile(vault, batch, batch.volume, isDemonstration)
    : storeImages(vault, batch, readers, isDemonstration);
}

async function storeImages(
  vault: OpenVault,
  batch: SeriesBatch,
  readers: FileReaders,
  isDemonstration: boolean,
): Promise<StoredSeries> {
  const first = batch.images[0];
  const stack = first?.image.frames[0];
  if (!first || !stack) throw new Error('a batch without images');
  const siblings = seriesOfUid(vault, first.image);
  const matching = siblings.filter(({ attributes }) => attributes.stack && sameStack(attributes.stack, stack));
  // Slices that come later would move the grid that masks were drawn on: they become a series of their own.
  const home = matching.find((sibling) => !sibling.isSegmented);
  const stored: DecodedOriginal[] = home ? await decodeOriginals(vault, home.id, readers) : [];
  const arranged = arrangeVolume([...stored, ...batch.images]);
  const added: NewSeries = { ...first.image, source: 'dicom', stack, isDemonstration };
  const notes = splitNotes(siblings, home, matching.length > 0);
  const [pack, ...objects] = await allFinished([batch.finishPack(), ...volumeObjects(vault, arranged)]);
  const seriesId = home?.id ?? uuidv7();
  return vault.transact(auditOf(seriesId, batch.images.length), () => {
    // Somebody may have begun to draw while these images were read.
    if (home && isSegmented(vault, home.id)) throw segmentedMeanwhile();
    const studyId = studyRow(vault, added);
    if (!home) insertSeries(vault, seriesId, studyId, added);
    pack.commitRow();
    const move = vault.db.prepare('UPDATE instance SET position = ? WHERE id = ?');
    for (const [n, { instanceId }] of stored.entries()) move.run(arranged.positions[n] ?? null, instanceId);
    for (const [n, image] of batch.images.entries()) {
      insertInstance(vault, seriesId, pack.id, image, image.image, arranged.positions[stored.length + n] ?? null);
    }
    commitVolume(vault, seriesId, arranged, objects, [...arranged.warnings, ...notes]);
    return { seriesId };
  });
}

async function storeVolumeFile(
  vault: OpenVault,
  batch: SeriesBatch,
  { file, body, sources }: NonNullable<SeriesBatch['volume']>,
  isDemonstration: boolean,
): Promise<StoredSeries> {
  const first = sources[0];
  if (!first) throw new Error('a volume without a file');
  const scalars = scalarsFromBytes(file.scalarType, body);
  const perSlice = file.geometry.size[0] * file.geometry.size[1];
  const slice = (k: number) => scalars.subarray(k * perSlice, (k + 1) * perSlice);
  const volume: SlicedVolume = { ...file, slice, unit: file.modality === 'CT' ? 'HU' : '' };
  const stem = first.fileName.replace(/(\.nii\.gz|\.[a-z0-9]+)$/i, '');
  const uid = (part: string) => contentUid(first.sha256, part);
  const added: NewSeries = {
    patient: { name: stem, id: '', issuer: '', birthDate: '', sex: '' },
    study: {
      instanceUid: uid('study'),
      id: '',
      accessionNumber: '',
      date: '',
      time: '',
      description: '',
      referringPhysician: '',
    },
    series: {
      instanceUid: uid('series'),
      modality: file.modality,
      number: null,
      description: stem,
      bodyPart: '',
      frameOfReferenceUid: uid('frame of reference'),
      copied: {},
    },
    source: file.format,
    stack: null,
    isDemonstration,
  };
  const [pack, ...objects] = await allFinished([batch.finishPack(), ...volumeObjects(vault, volume)]);
  const seriesId = uuidv7();
  return vault.transact(auditOf(seriesId, sources.length), () => {
    insertSeries(vault, seriesId, studyRow(vault, added), added);
    pack.commitRow();
    for (const [n, source] of sources.entries()) {
      const identity = {
        sopInstanceUid: contentUid(source.sha256, 'file'),
        sopClassUid: '',
        transferSyntaxUid: '',
        instanceNumber: n + 1,
      };
      insertInstance(vault, seriesId, pack.id, source, identity, n);
    }
    commitVolume(vault, seriesId, volume, objects, file.warnings);
    return { seriesId };
  });
}

/** @returns 2.25.N, the same for the same content: a file that is imported twice is recognised. @see DICOM PS3.5 annex B.2 */
export function contentUid(sha256: Uint8Array, part: string): string {
  const hash = createHash('sha256').update(sha256).update(part).digest('hex').slice(0, 32);
  return `2.25.${BigInt(`0x${hash}`)}`;
}

function volumeObjects(vault: OpenVault, volume: SlicedVolume): [Promise<FinishedObject>, Promise<FinishedObject>] {
  const written = writeSlices(vault, volume);
  // Drawn while the disk is busy.
  return [written.then((writer) => writer.finish()), written.then(() => putThumbnail(vault, volume))];
}

async function putThumbnail(vault: OpenVault, volume: SlicedVolume): Promise<FinishedObject> {
  const middle = volume.slice(Math.floor(volume.geometry.size[2] / 2));
  return vault.objects.put('thumbnail', thumbnail(volume, middle, volume.window));
}

async function writeSlices(vault: OpenVault, { geometry, slice }: SlicedVolume): Promise<ObjectWriter> {
  const writer = await vault.objects.create('volume');
  try {
    for (let k = 0; k < geometry.size[2]; k++) {
      const values = slice(k);
      await writer.write(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    }
  } catch (error) {
    await writer.abort();
    throw error;
  }
  return writer;
}

function commitVolume(
  vault: OpenVault,
  seriesId: string,
  volume: SlicedVolume,
  [object, picture]: readonly [FinishedObject, FinishedObject],
  warnings: readonly SeriesWarning[],
): void {
  replaceVolume(vault, seriesId, object, volume);
  picture.commitRow();
  const before = vault.db
    .prepare<[string], { thumbnail_object: string | null }>('SELECT thumbnail_object FROM series WHERE id = ?')
    .get(seriesId);
  vault.db
    .prepare('UPDATE series SET thumbnail_object = ?, warnings = ? WHERE id = ?')
    .run(picture.id, JSON.stringify(warnings), seriesId);
  if (before?.thumbnail_object) vault.objects.remove(before.thumbnail_object);
}

function splitNotes(
  siblings: readonly SeriesOfUid[],
  home: SeriesOfUid | undefined,
  isSegmented: boolean,
): SeriesWarning[] {
  if (!home && isSegmented) {
    return [
      {
        code: 'series/added-later',
        message: 'These images came after their series had been segmented; they are kept apart so that no mask moves.',
      },
    ];
  }
  const others = siblings.filter((sibling) => sibling !== home).length;
  if (others === 0) return [];
  return [
    {
      code: 'series/split',
      message: 'The series has images of several orientations, sizes or echoes; each is shown as a series of its own.',
    },
  ];
}

function segmentedMeanwhile(): LanternError {
  return new LanternError(
    'import/segmented-meanwhile',
    'A series was segmented while more of its images came in; they were not added, so that no mask moves.',
    'Import them again: they become a series of their own.',
  );
}

function auditOf(seriesId: string, files: number) {
  return { action: 'study.import', subject: seriesId, detail: { files } };
}
