/// <reference path="./betterSqlite3MultipleCiphers.d.ts" />
/**
 * What the rest of the host sees of an unlocked vault. Built by vault.ts; services get it handed in and never open files of their own.
 */
import type { Database } from 'better-sqlite3-multiple-ciphers';

/** A 'volume' is a cache that is made again from its pack: it is not forced to the disk, so a power failure may damage it. */
export type ObjectKind = 'pack' | 'volume' | 'labelmap' | 'mesh' | 'document' | 'thumbnail';
/** How the plain bytes are packed inside of the encrypted chunks. */
export type ObjectCodec = 'raw' | 'zstd';

/** Writes one object piece by piece. Nothing is visible until `commitRow`; a crash leaves an orphan file only. */
export interface ObjectWriter {
  readonly id: string;
  write(bytes: Uint8Array): Promise<void>;
  /** Fsyncs (but for a volume), renames into place, fsyncs the directory. Then call `commitRow` inside of the transaction that refers to it. */
  finish(): Promise<FinishedObject>;
  abort(): Promise<void>;
}

export interface FinishedObject {
  readonly id: string;
  readonly plainBytes: number;
  /** Inserts the object's row (with its key); must run inside of the caller's `transact`, whose rollback deletes the file too. */
  commitRow(): void;
  /** Deletes the file of an object whose row will not be inserted. */
  discard(): void;
}

export interface ObjectStore {
  create(kind: ObjectKind, codec?: ObjectCodec): Promise<ObjectWriter>;
  /** Whole object in one call. */
  put(kind: ObjectKind, bytes: Uint8Array, codec?: ObjectCodec): Promise<FinishedObject>;
  plainBytes(id: string): number;
  read(id: string): Promise<Uint8Array>;
  /** Bytes [start, end); only the chunks touched are read and decrypted. Codec 'zstd' objects are read whole. */
  readRange(id: string, start: number, end: number): Promise<Uint8Array>;
  /** Deletes the row at once (crypto-erase, inside of the caller's transaction if there is one) and the file after it. */
  remove(id: string): void;
  /** Bytes on disk of all objects. */
  storedBytes(): number;
}

export interface AuditEntry {
  /** "study.import", "segmentation.accept", "export.write", … */
  readonly action: string;
  /** Id of what was acted on. */
  readonly subject: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

export interface OpenVault {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  readonly user: { readonly id: string; readonly name: string };
  readonly db: Database;
  readonly objects: ObjectStore;
  /** Aborted when the vault begins to lock: whoever keeps plain data of it lets go. */
  readonly lockSignal: AbortSignal;
  /** Runs `body` in one IMMEDIATE transaction and appends the audit row in it. */
  transact<T>(audit: AuditEntry | null, body: () => T): T;
  /** A folder inside of the vault for files that live as long as one job; emptied at unlock and at lock. */
  scratchFolder(): Promise<string>;
}
