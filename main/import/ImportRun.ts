/**
 * One import under way: reads files a few at a time, sorts them into batches, stores each batch when its folders are read
 * or memory asks for it. Next: SeriesBatch.ts, storeSeries.ts.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ImportedFile, ImportResult } from '../../contract/schemas/importResult.ts';
import type { JobContext } from '../jobs/jobs.ts';
import { asLanternError } from '../jobs/jobs.ts';
import { sameStack } from '../studies/assembleVolume.ts';
import type { OpenVault } from '../vault/openVault.ts';
import { companionName } from './companionName.ts';
import { FileBuffer } from './FileBuffer.ts';
import type { FileReaders } from './FileReaders.ts';
import { fileEnding } from './fileEnding.ts';
import { StudyPatients } from './otherPatient.ts';
import type { DicomImage, ReadResult } from './readResult.ts';
import { type BatchFile, SeriesBatch } from './SeriesBatch.ts';
import { contentUid, storeSeries } from './storeSeries.ts';

/** Files on their way at once: enough to keep two processes and the disk busy. */
const AT_ONCE = 6;
/** Decoded values that may wait in memory for their series to be complete. */
const DECODED_LIMIT = 1.5 * 2 ** 30;
/** Leaves room for the message's head in one process message. */
const FILE_LIMIT = 1.9 * 2 ** 30;

const OTHER_PATIENT =
  'Its study is known already as that of another patient (another patient ID, or another name). Ask its source which is right.';
const TOO_LARGE = 'The file is too large (more than 1.9 GB).';

type Outcome = Omit<ImportedFile, 'path'>;

export class ImportRun {
  readonly #vault: OpenVault;
  readonly #files: readonly string[];
  readonly #readers: FileReaders;
  readonly #context: JobContext;
  readonly #isDemonstration: boolean;
  readonly #outcomes: (Outcome | undefined)[];
  readonly #batches = new Set<SeriesBatch>();
  /** What this run has taken but not yet stored, by SOP Instance UID. */
  readonly #pending = new Map<string, Buffer>();
  readonly #series = new Set<string>();
  readonly #patients: StudyPatients;
  /** Files of each folder that have no outcome yet. */
  readonly #unread = new Map<string, number>();
  #next = 0;
  #done = 0;

  constructor(
    vault: OpenVault,
    files: readonly string[],
    readers: FileReaders,
    context: JobContext,
    isDemonstration: boolean,
  ) {
    this.#vault = vault;
    this.#files = files;
    this.#readers = readers;
    this.#context = context;
    this.#isDemonstration = isDemonstration;
    this.#patients = new StudyPatients(vault);
    this.#outcomes = files.map(() => undefined);
    for (const file of files) this.#unread.set(dirname(file), (this.#unread.get(dirname(file)) ?? 0) + 1);
  }

  async result(): Promise<ImportResult> {
    await Promise.all(Array.from({ length: AT_ONCE }, () => this.#work()));
    for (const batch of [...this.#batches]) await this.#store(batch);
    return this.#summary();
  }

  /** Throws away what is not committed. */
  async abort(): Promise<void> {
    const batches = [...this.#batches];
    this.#batches.clear();
    await Promise.all(batches.map((batch) => batch.abort()));
  }

  async #work(): Promise<void> {
    const buffer = new FileBuffer(FILE_LIMIT);
    while (this.#next < this.#files.length) {
      this.#context.signal.throwIfAborted();
      const file = this.#next++;
      const path = this.#files[file] ?? '';
      const outcome = await this.#read(file, path, buffer);
      this.#context.signal.throwIfAborted();
      if (outcome) this.#outcomes[file] ??= outcome;
      const folder = dirname(path);
      this.#unread.set(folder, (this.#unread.get(folder) ?? 1) - 1);
      this.#done++;
      this.#context.progress(this.#done, this.#files.length, 'files', 'reading');
      await this.#storeReady();
    }
  }

  /** @returns how the file ended, or null when it waits in a batch */
  async #read(file: number, path: string, buffer: FileBuffer): Promise<Outcome | null> {
    let bytes: Buffer | null;
    try {
      bytes = await buffer.read(path);
    } catch (error) {
      return failed(asLanternError(error).code === 'disk/not-permitted' ? 'It may not be read.' : 'It cannot be read.');
    }
    if (!bytes) return failed(TOO_LARGE);
    const ending = fileEnding(path);
    const raw = ending === '.mhd' ? await this.#companion(path, bytes) : undefined;
    const { result, body } = await this.#readers.read(bytes, ending, raw?.bytes);
    const accepted = this.#accept(file, path, bytes, raw, result, body);
    if (!(accepted instanceof SeriesBatch)) return accepted;
    // The buffer is used again, and a slow disk must not fill the memory.
    await accepted.appended;
    return null;
  }

  async #companion(path: string, header: Buffer): Promise<{ path: string; bytes: Buffer } | undefined> {
    const name = companionName(header);
    if (name === null) return undefined;
    const companion = join(dirname(path), name);
    const bytes = await readFile(companion).catch(() => null);
    return bytes ? { path: companion, bytes } : undefined;
  }

  /** @returns how the file ended, or the batch in which it waits */
  #accept(
    file: number,
    path: string,
    bytes: Buffer,
    raw: { path: string; bytes: Buffer } | undefined,
    result: ReadResult,
    body: Uint8Array,
  ): Outcome | SeriesBatch {
    if (result.kind === 'failed' || result.kind === 'ignored') return { status: result.kind, reason: result.reason };
    const sha256 = sha256Of(bytes);
    const uid = result.kind === 'dicom' ? result.sopInstanceUid : contentUid(sha256, 'file');
    const known = this.#known(uid, sha256);
    if (known) return known;
    if (result.kind === 'dicom' && this.#patients.isOtherPatient(result)) return failed(OTHER_PATIENT);
    this.#pending.set(uid, sha256);
    const batch = result.kind === 'dicom' ? this.#batchOf(result) : this.#newBatch();
    batch.folders.add(dirname(path));
    batch.decodedBytes += body.length;
    batch.lastTouched = file;
    const source: BatchFile = { file, fileName: basename(path), sha256, ...batch.append(bytes) };
    if (result.kind === 'dicom') batch.images.push({ ...source, image: result, body });
    else {
      const sources = [source];
      if (raw) {
        const rawFile = this.#files.indexOf(raw.path);
        const rawSha256 = sha256Of(raw.bytes);
        sources.push({
          file: rawFile,
          fileName: basename(raw.path),
          sha256: rawSha256,
          ...batch.append(raw.bytes),
        });
      }
      batch.volume = { file: result, body, sources };
    }
    return batch;
  }

  #known(uid: string, sha256: Buffer): Outcome | null {
    const row = this.#vault.db
      .prepare<[string], { sha256: Buffer; series_ref: string }>(
        'SELECT sha256, series_ref FROM instance WHERE sop_instance_uid = ?',
      )
      .get(uid);
    if (row) this.#series.add(row.series_ref);
    const before = row?.sha256 ?? this.#pending.get(uid);
    if (!before) return null;
    return before.equals(sha256)
      ? { status: 'duplicate' }
      : failed('Another file with the same identity (SOP Instance UID) but other content is already there.');
  }

  #newBatch(): SeriesBatch {
    const batch = new SeriesBatch(this.#vault);
    this.#batches.add(batch);
    return batch;
  }

  #batchOf(image: DicomImage): SeriesBatch {
    const [frame] = image.frames;
    for (const batch of this.#batches) {
      const first = batch.images[0]?.image;
      const [stack] = first?.frames ?? [];
      const sameSeries =
        first?.series.instanceUid === image.series.instanceUid && first.study.instanceUid === image.study.instanceUid;
      if (sameSeries && stack && frame && sameStack(stack, frame)) return batch;
    }
    return this.#newBatch();
  }

  /** Stores what cannot grow any more, and the batch touched longest ago while memory is short. */
  async #storeReady(): Promise<void> {
    const finished = [...this.#batches].filter((batch) => [...batch.folders].every((f) => this.#unread.get(f) === 0));
    // The last ones are stored when all files are read.
    if (this.#done < this.#files.length) for (const batch of finished) await this.#store(batch);
    const waiting = [...this.#batches].sort((a, b) => a.lastTouched - b.lastTouched);
    let decoded = waiting.reduce((sum, batch) => sum + batch.decodedBytes, 0);
    for (const batch of waiting) {
      if (decoded <= DECODED_LIMIT) break;
      decoded -= batch.decodedBytes;
      await this.#store(batch);
    }
  }

  async #store(batch: SeriesBatch): Promise<void> {
    if (!this.#batches.delete(batch)) return;
    this.#context.progress(this.#done, this.#files.length, 'files', 'storing');
    try {
      const { seriesId } = await storeSeries(this.#vault, batch, this.#readers, this.#isDemonstration);
      this.#series.add(seriesId);
    } catch (error) {
      await batch.abort();
      throw error;
    }
    for (const { file } of batch.volume?.sources ?? batch.images) {
      if (file >= 0) this.#outcomes[file] = { status: 'imported' };
    }
  }

  #summary(): ImportResult {
    const files = this.#files.map((path, n) => ({ path, ...(this.#outcomes[n] ?? failed('It was not read.')) }));
    const count = (status: ImportedFile['status']) => files.filter((file) => file.status === status).length;
    return {
      imported: count('imported'),
      duplicates: count('duplicate'),
      ignored: count('ignored'),
      failed: count('failed'),
      files,
      series: [...this.#series],
    };
  }
}

function sha256Of(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function failed(reason: string): Outcome {
  return { status: 'failed', reason };
}
