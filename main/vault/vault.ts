/**
 * Creates, unlocks and recovers a vault folder: vault.json, cases.db, objects/, lock, scratch/. The order of the steps makes every crash
 * harmless: vault.json is the last file of a creation, and nobody touches database or objects without the lock.
 * Next: UnlockedVault.ts (what services get), keySlot.ts, encryptedDatabase.ts, EncryptedObjectStore.ts.
 */
import { randomBytes } from 'node:crypto';
import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3-multiple-ciphers';
import { v7 as uuidv7 } from 'uuid';
import { LanternError } from '../../core/errors/lanternError.ts';
import { collectRarely } from '../processes/heapGrowth.ts';
import { appendAudit } from './auditChain.ts';
import { checkDatabase } from './checkDatabase.ts';
import { EncryptedObjectStore } from './EncryptedObjectStore.ts';
import { openEncryptedDatabase } from './encryptedDatabase.ts';
import { unwrapVaultKey, wrapVaultKey } from './keySlot.ts';
import { recordKeySlots } from './keySlotRows.ts';
import { migrate } from './migrate.ts';
import { normalisePassphrase, requireStrongPassphrase } from './passphraseKey.ts';
import { newRecoveryCode, parseRecoveryCode } from './recoveryCode.ts';
import { type ClosableVault, emptyScratch, UnlockedVault } from './UnlockedVault.ts';
import { systemCode, vaultFailure } from './vaultFailure.ts';
import { FORMAT_VERSION, readVaultFile, VAULT_FILE, type VaultFile, writeVaultFile } from './vaultFile.ts';
import { acquireLock, type VaultLock } from './vaultLock.ts';

export type { ClosableVault } from './UnlockedVault.ts';

const DATABASE_FILE = 'cases.db';
const OBJECTS_FOLDER = 'objects';
/** Stands in the folder from the first step of a creation to the last, so that a half-made vault is told from a damaged one. */
const CREATING_FILE = 'creating';

/** What may be known of a vault without its passphrase. */
export interface VaultHeader {
  readonly id: string;
  readonly name: string;
  readonly formatVersion: number;
}

export async function vaultExists(folder: string): Promise<boolean> {
  return exists(join(folder, VAULT_FILE));
}

/** @throws vault/not-found, vault/damaged, vault/newer-format */
export async function readVaultHeader(folder: string): Promise<VaultHeader> {
  const { id, name, formatVersion } = await readVaultFile(folder);
  return { id, name, formatVersion };
}

/**
 * @returns the open vault, and the recovery code, which is shown once and kept nowhere
 * @throws vault/exists, vault/weak-passphrase, vault/in-use, disk/full, disk/not-permitted
 */
export async function createVault(
  folder: string,
  { name, userName, passphrase }: { name: string; userName: string; passphrase: string },
): Promise<{ vault: ClosableVault; recoveryCode: string }> {
  requireStrongPassphrase(passphrase);
  if (await vaultExists(folder)) throw alreadyThere();
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw vaultFailure(error);
  });
  return underLock(folder, async (lock) => {
    if (await vaultExists(folder)) throw alreadyThere();
    await clearHalfMadeVault(folder);
    const vaultKey = randomBytes(32);
    const id = uuidv7();
    const user = { id: uuidv7(), name: userName };
    const recoveryCode = newRecoveryCode();
    const own = (kind: 'passphrase' | 'recovery', secret: string) =>
      wrapVaultKey(id, { kind, ownerUserId: user.id }, secret, vaultKey);
    const slots = [
      await own('passphrase', normalisePassphrase(passphrase)),
      await own('recovery', parseRecoveryCode(recoveryCode)),
    ];
    const content: VaultFile = {
      format: 'lantern-vault',
      formatVersion: FORMAT_VERSION,
      id,
      name,
      createdAt: new Date().toISOString(),
      slots,
    };
    await mkdir(join(folder, OBJECTS_FOLDER), { mode: 0o700 });
    await emptyScratch(folder);
    const db = openEncryptedDatabase(join(folder, DATABASE_FILE), vaultKey, { mustExist: false });
    vaultKey.fill(0);
    return closingOnFailure(db, async () => {
      migrate(db);
      db.transaction(() => {
        db.prepare("INSERT INTO user (id, name, role, created_at) VALUES (?, ?, 'owner', ?)").run(
          user.id,
          user.name,
          content.createdAt,
        );
        recordKeySlots(db, slots);
        appendAudit(db, id, user.id, { action: 'vault.create', subject: id });
      }).immediate();
      await writeVaultFile(folder, content);
      await rm(join(folder, CREATING_FILE), { force: true });
      return { vault: assemble(folder, content, user, db, lock), recoveryCode };
    });
  });
}

/**
 * @throws vault/wrong-passphrase, vault/not-found, vault/damaged, vault/in-use, vault/newer-format, vault/newer-schema, disk/full
 */
export async function unlockVault(folder: string, { passphrase }: { passphrase: string }): Promise<ClosableVault> {
  // Read once before the lock: a folder without a vault stays as it is.
  await readVaultFile(folder);
  return underLock(folder, async (lock) => {
    const content = await readVaultFile(folder);
    const opened = await openSlot(content, 'passphrase', normalisePassphrase(passphrase));
    if (!opened) {
      throw new LanternError(
        'vault/wrong-passphrase',
        'This is not the passphrase of this vault.',
        'Check the keyboard layout and Caps Lock, or use the printed recovery code.',
      );
    }
    return open(folder, content, opened, lock, 'vault.unlock');
  });
}

/**
 * Opens the vault with the printed code and replaces the owner's passphrase. The code stays valid.
 * @throws vault/wrong-recovery-code, vault/weak-passphrase, and what unlockVault throws
 */
export async function recoverVault(
  folder: string,
  { recoveryCode, newPassphrase }: { recoveryCode: string; newPassphrase: string },
): Promise<ClosableVault> {
  const secret = parseRecoveryCode(recoveryCode);
  requireStrongPassphrase(newPassphrase);
  await readVaultFile(folder);
  return underLock(folder, async (lock) => {
    const content = await readVaultFile(folder);
    const opened = await openSlot(content, 'recovery', secret);
    if (!opened) {
      throw new LanternError(
        'vault/wrong-recovery-code',
        'This is not the recovery code of this vault.',
        'Look for the page that was printed when this vault was created.',
      );
    }
    const { ownerUserId } = opened;
    const slot = await wrapVaultKey(
      content.id,
      { kind: 'passphrase', ownerUserId },
      normalisePassphrase(newPassphrase),
      opened.vaultKey,
    );
    const others = content.slots.filter((s) => s.kind !== 'passphrase' || s.ownerUserId !== ownerUserId);
    const renewed: VaultFile = { ...content, slots: [...others, slot] };
    // Only once the database has proved to be whole.
    const renew = () => writeVaultFile(folder, renewed);
    return open(folder, renewed, opened, lock, 'vault.recover', renew);
  });
}

interface OpenedSlot {
  readonly vaultKey: Buffer;
  readonly ownerUserId: string;
}

async function openSlot(content: VaultFile, kind: string, secret: string): Promise<OpenedSlot | null> {
  for (const slot of content.slots.filter((s) => s.kind === kind)) {
    const vaultKey = await unwrapVaultKey(content.id, slot, secret);
    if (vaultKey) return { vaultKey, ownerUserId: slot.ownerUserId };
  }
  return null;
}

async function open(
  folder: string,
  content: VaultFile,
  opened: OpenedSlot,
  lock: VaultLock,
  action: string,
  onceReadable?: () => Promise<void>,
): Promise<ClosableVault> {
  const db = openEncryptedDatabase(join(folder, DATABASE_FILE), opened.vaultKey, { mustExist: true });
  opened.vaultKey.fill(0);
  return closingOnFailure(db, async () => {
    checkDatabase(db);
    migrate(db);
    const objects = new EncryptedObjectStore(join(folder, OBJECTS_FOLDER), db);
    await mkdir(join(folder, OBJECTS_FOLDER), { recursive: true, mode: 0o700 });
    // Before anything is written: on a full disk these may be what gives it room.
    await emptyScratch(folder);
    await objects.collectOrphans();
    await onceReadable?.();
    const user = db
      .prepare<[string], { id: string; name: string }>('SELECT id, name FROM user WHERE id = ? AND disabled_at IS NULL')
      .get(opened.ownerUserId);
    if (!user) {
      throw new LanternError('vault/user-disabled', 'This user may not open the vault any more.', 'Ask its owner.');
    }
    db.transaction(() => {
      recordKeySlots(db, content.slots);
      appendAudit(db, content.id, user.id, { action, subject: content.id });
    }).immediate();
    await rm(join(folder, CREATING_FILE), { force: true });
    await rm(join(folder, `${VAULT_FILE}.part`), { force: true });
    return assemble(folder, content, user, db, lock);
  });
}

function assemble(
  folder: string,
  content: VaultFile,
  user: { id: string; name: string },
  db: Database,
  lock: VaultLock,
): UnlockedVault {
  collectRarely();
  const objects = new EncryptedObjectStore(join(folder, OBJECTS_FOLDER), db);
  return new UnlockedVault({ id: content.id, name: content.name, folder, user, db, objects, lock });
}

/** @throws vault/remains where a database stands without its vault.json and was not half-made by a creation */
async function clearHalfMadeVault(folder: string): Promise<void> {
  const creating = join(folder, CREATING_FILE);
  const remains = [DATABASE_FILE, `${DATABASE_FILE}-wal`, OBJECTS_FOLDER].map((name) => join(folder, name));
  if (await exists(creating)) {
    for (const path of remains) await rm(path, { recursive: true, force: true });
    return;
  }
  for (const path of remains) {
    if (!(await exists(path))) continue;
    throw new LanternError(
      'vault/remains',
      'This folder holds parts of a vault whose vault.json is missing.',
      'Put vault.json back from a backup, or choose an empty folder.',
    );
  }
  await writeFile(creating, '', { mode: 0o600 });
}

/** The lock goes to the open vault, or is given back where opening fails. */
async function underLock<T>(folder: string, body: (lock: VaultLock) => Promise<T>): Promise<T> {
  const lock = await acquireLock(folder);
  try {
    return await body(lock);
  } catch (error) {
    await lock.release();
    throw vaultFailure(error);
  }
}

async function closingOnFailure<T>(db: Database, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    db.close();
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return false;
    throw vaultFailure(error);
  }
}

function alreadyThere(): LanternError {
  return new LanternError(
    'vault/exists',
    'There is a vault in this folder already.',
    'Open it with its passphrase, or choose another folder.',
  );
}
