/** The vault while it is open: what every service of the host gets. Made by vault.ts only. */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3-multiple-ciphers';
import { LanternError } from '../../core/errors/lanternError.ts';
import { appendAudit } from './auditChain.ts';
import type { EncryptedObjectStore } from './EncryptedObjectStore.ts';
import type { AuditEntry, OpenVault } from './openVault.ts';
import { vaultFailure } from './vaultFailure.ts';
import type { VaultLock } from './vaultLock.ts';

export type ClosableVault = OpenVault & {
  /** Locks the vault: writes the log back, forgets the key, empties the scratch folder. Calling it again does nothing. */
  close(): Promise<void>;
};

export class UnlockedVault implements ClosableVault {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  readonly user: { readonly id: string; readonly name: string };
  readonly db: Database;
  readonly objects: EncryptedObjectStore;
  readonly #lock: VaultLock;
  readonly #locking = new AbortController();
  #closing: Promise<void> | null = null;

  constructor(parts: {
    id: string;
    name: string;
    folder: string;
    user: { id: string; name: string };
    db: Database;
    objects: EncryptedObjectStore;
    lock: VaultLock;
  }) {
    this.id = parts.id;
    this.name = parts.name;
    this.folder = parts.folder;
    this.user = parts.user;
    this.db = parts.db;
    this.objects = parts.objects;
    this.#lock = parts.lock;
  }

  get lockSignal(): AbortSignal {
    return this.#locking.signal;
  }

  transact<T>(audit: AuditEntry | null, body: () => T): T {
    if (!this.db.open) {
      throw new LanternError('vault/locked', 'The vault is locked.', 'Enter your passphrase to open it.');
    }
    const isOutermost = !this.db.inTransaction;
    const savepoint = this.objects.savepoint();
    const run = this.db.transaction(() => {
      const result = body();
      if (result instanceof Promise) throw new Error('a transaction body must not be asynchronous');
      if (audit) appendAudit(this.db, this.id, this.user.id, audit);
      return result;
    });
    try {
      const result = isOutermost ? run.immediate() : run();
      if (isOutermost) this.objects.committed();
      return result;
    } catch (error) {
      this.objects.rolledBack(savepoint, error);
      throw vaultFailure(error);
    }
  }

  async scratchFolder(): Promise<string> {
    const root = scratchRoot(this.folder);
    await mkdir(root, { recursive: true, mode: 0o700 });
    return mkdtemp(join(root, 'job-'));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#locking.abort();
    try {
      this.db.close();
      await emptyScratch(this.folder);
    } finally {
      await this.#lock.release();
    }
  }
}

/** Removes what earlier jobs, or a crash among them, left in the scratch folder. */
export async function emptyScratch(folder: string): Promise<void> {
  const root = scratchRoot(folder);
  await mkdir(root, { recursive: true, mode: 0o700 });
  for (const name of await readdir(root)) await rm(join(root, name), { recursive: true, force: true });
}

function scratchRoot(folder: string): string {
  return join(folder, 'scratch');
}
