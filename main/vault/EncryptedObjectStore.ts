/**
 * The object store: encrypted files under objects/, their keys in the table `object`. A file exists before its row and after it, never the
 * other way round: what a crash leaves is an orphan, removed by `collectOrphans` at unlock. Next: objectFormat.ts.
 */
import { createHash, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3-multiple-ciphers';
import { v7 as uuidv7 } from 'uuid';
import { LanternError } from '../../core/errors/lanternError.ts';
import { ObjectFileWriter } from './ObjectFileWriter.ts';
import type { FinishedObject, ObjectCodec, ObjectKind, ObjectStore, ObjectWriter } from './openVault.ts';
import { type ObjectRecord, readObjectFile } from './readObjectFile.ts';

export interface ObjectSavepoint {
  readonly removed: number;
  readonly inserted: number;
}

export class EncryptedObjectStore implements ObjectStore {
  readonly #root: string;
  readonly #db: Database;
  /** Rows deleted in the transaction that runs; their files go when it commits. */
  #removed: string[] = [];
  /** Rows inserted in the transaction that runs; their files go when it is rolled back. */
  #inserted: string[] = [];

  constructor(root: string, db: Database) {
    this.#root = root;
    this.#db = db;
  }

  async create(kind: ObjectKind, codec: ObjectCodec = 'raw'): Promise<ObjectWriter> {
    const id = uuidv7();
    const key = randomBytes(32);
    const writer = await ObjectFileWriter.create(this.#pathOf(id), id, key, codec);
    return {
      id,
      write: (bytes) => writer.write(bytes),
      abort: () => writer.abort(),
      finish: async () => {
        const sizes = await writer.finish({ isCache: kind === 'volume' });
        return {
          id,
          plainBytes: sizes.plainBytes,
          commitRow: () => this.#insertRow(id, kind, key, codec, sizes),
          discard: () => this.#deleteFile(id),
        };
      },
    };
  }

  async put(kind: ObjectKind, bytes: Uint8Array, codec: ObjectCodec = 'raw'): Promise<FinishedObject> {
    const writer = await this.create(kind, codec);
    try {
      await writer.write(bytes);
    } catch (error) {
      await writer.abort();
      throw error;
    }
    return writer.finish();
  }

  plainBytes(id: string): number {
    return this.#record(id).plainBytes;
  }

  async read(id: string): Promise<Uint8Array> {
    return readObjectFile(this.#pathOf(id), this.#record(id));
  }

  async readRange(id: string, start: number, end: number): Promise<Uint8Array> {
    const record = this.#record(id);
    if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end < start || end > record.plainBytes) {
      throw new LanternError(
        'argument/out-of-range',
        `The bytes ${start} to ${end} are not within this object.`,
        'Ask for a range within its size.',
      );
    }
    return readObjectFile(this.#pathOf(id), record, start, end);
  }

  remove(id: string): void {
    this.#db.prepare('DELETE FROM object WHERE id = ?').run(id);
    if (this.#db.inTransaction) this.#removed.push(id);
    else this.#deleteFile(id);
  }

  storedBytes(): number {
    const row = this.#db
      .prepare<[], { total: number }>('SELECT coalesce(sum(stored_bytes), 0) AS total FROM object')
      .get();
    return row?.total ?? 0;
  }

  /** For the vault's `transact`: the point that `rolledBack` goes back to. */
  savepoint(): ObjectSavepoint {
    return { removed: this.#removed.length, inserted: this.#inserted.length };
  }

  /**
   * After a rollback: the objects that were to be removed stay, those that were to be added go at once, so that a disk that filled up has
   * room again. Where the database could not be written for another reason than that, whether the commit reached the disk is open: the
   * files then stay for `collectOrphans` to judge.
   */
  rolledBack(to: ObjectSavepoint, error: unknown): void {
    this.#removed.length = to.removed;
    const inserted = this.#inserted.splice(to.inserted);
    if (!isDatabaseIoError(error)) for (const id of inserted) this.#deleteFile(id);
  }

  /** After the outermost commit. */
  committed(): void {
    this.#inserted = [];
    for (const id of this.#removed.splice(0)) this.#deleteFile(id);
  }

  /**
   * Removes every file that no row names. Only while nobody writes: at unlock, under the lock.
   * @returns how many
   */
  async collectOrphans(): Promise<number> {
    const ids = this.#db.prepare<[], { id: string }>('SELECT id FROM object').all();
    const known = new Set(ids.map(({ id }) => this.#pathOf(id)));
    const files = await readdir(this.#root, { recursive: true, withFileTypes: true });
    const orphans = files
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !known.has(path));
    for (const path of orphans) await rm(path, { force: true });
    return orphans.length;
  }

  #insertRow(
    id: string,
    kind: ObjectKind,
    key: Buffer,
    codec: ObjectCodec,
    sizes: { plainBytes: number; storedBytes: number },
  ): void {
    this.#db
      .prepare(
        'INSERT INTO object (id, kind, key, codec, plain_bytes, stored_bytes, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(id, kind, key, codec, sizes.plainBytes, sizes.storedBytes, new Date().toISOString());
    if (this.#db.inTransaction) this.#inserted.push(id);
  }

  #record(id: string): ObjectRecord {
    const record = this.#db
      .prepare<[string], ObjectRecord>('SELECT id, key, codec, plain_bytes AS plainBytes FROM object WHERE id = ?')
      .get(id);
    if (!record) {
      throw new LanternError(
        'vault/unknown-object',
        'This part of the study is not in the vault any more.',
        'Go back to the list of studies and open it again.',
      );
    }
    return record;
  }

  /** A file that cannot be deleted now (open in a reader on Windows) is an orphan of the next unlock; its key is gone already. */
  #deleteFile(id: string): void {
    try {
      rmSync(this.#pathOf(id), { force: true });
    } catch {
      // See above.
    }
  }

  /** Names are hashed: ids begin with the time, which would put all files of a year into one folder and tell when they came. */
  #pathOf(id: string): string {
    const name = createHash('sha256').update(id).digest('hex').slice(0, 32);
    return join(this.#root, name.slice(0, 2), name.slice(2));
  }
}

/** @see https://www.sqlite.org/rescode.html#ioerr */
function isDatabaseIoError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_IOERR');
}
