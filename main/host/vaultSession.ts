/**
 * The vault's state as the host sees it: absent, locked or unlocked. One transition at a time; nothing but the header is read
 * before the passphrase is known. Next: ../vault/vault.ts, services.ts.
 */
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { VaultStatus } from '#contract/schemas/vaultStatus.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import type { SegmentationService } from '../segmentations/segmentationService.ts';
import type { ClosableVault } from '../vault/vault.ts';

/** What exists only while the vault is unlocked. */
export interface UnlockedVault {
  readonly vault: ClosableVault;
  readonly segmentations: SegmentationService;
}

/** The list of studies comes first; then the processes that read images start, so that an import need not wait for them. */
const WARM_READERS_AFTER_MS = 1000;

export class VaultSession {
  readonly folder: string;
  readonly #beforeLock: () => Promise<void>;
  #unlocked: UnlockedVault | null = null;
  #transition: Promise<unknown> = Promise.resolve();

  /** @param beforeLock ends whatever still uses the vault */
  constructor(folder: string, beforeLock: () => Promise<void>) {
    this.folder = folder;
    this.#beforeLock = beforeLock;
  }

  /** @throws vault/locked */
  require(): UnlockedVault {
    if (!this.#unlocked) {
      throw new LanternError('vault/locked', 'The vault is locked.', 'Unlock it with your passphrase.');
    }
    return this.#unlocked;
  }

  async status(): Promise<VaultStatus> {
    const { vaultExists, readVaultHeader } = await import('../vault/vault.ts');
    const common = { folder: this.folder, freeBytes: await freeBytes(this.folder) };
    if (this.#unlocked) {
      const { vault } = this.#unlocked;
      const cipher = String(vault.db.pragma('cipher', { simple: true }));
      const bytes = vault.objects.storedBytes() + databaseBytes(vault);
      return { ...common, state: 'unlocked', name: vault.name, userName: vault.user.name, bytes, cipher };
    }
    const closed = { ...common, userName: '', bytes: 0, cipher: '' };
    if (!(await vaultExists(this.folder))) return { ...closed, state: 'absent', name: '' };
    return { ...closed, state: 'locked', name: (await readVaultHeader(this.folder)).name };
  }

  /** @returns the recovery code, which is told once and never again */
  create(owner: { name: string; userName: string; passphrase: string }): Promise<string> {
    return this.#exclusively(async () => {
      const { createVault } = await import('../vault/vault.ts');
      const { vault, recoveryCode } = await createVault(this.folder, owner);
      await this.#adopt(vault);
      return recoveryCode;
    });
  }

  unlock(passphrase: string): Promise<VaultStatus> {
    return this.#open(async () => (await import('../vault/vault.ts')).unlockVault(this.folder, { passphrase }));
  }

  recover(recoveryCode: string, newPassphrase: string): Promise<VaultStatus> {
    return this.#open(async () =>
      (await import('../vault/vault.ts')).recoverVault(this.folder, { recoveryCode, newPassphrase }),
    );
  }

  lock(): Promise<VaultStatus> {
    return this.#exclusively(async () => {
      const open = this.#unlocked;
      // From here on every call is refused, so nothing new can start while the rest ends.
      this.#unlocked = null;
      if (open) {
        await this.#beforeLock();
        // An edit that the host has taken in is committed and answered before the key goes.
        await open.segmentations.close();
        await open.vault.close();
      }
      return this.status();
    });
  }

  #open(openVault: () => Promise<ClosableVault>): Promise<VaultStatus> {
    return this.#exclusively(async () => {
      if (!this.#unlocked) await this.#adopt(await openVault());
      return this.status();
    });
  }

  async #adopt(vault: ClosableVault): Promise<void> {
    try {
      const { SegmentationService } = await import('../segmentations/segmentationService.ts');
      this.#unlocked = { vault, segmentations: new SegmentationService(vault) };
      setTimeout(async () => {
        const { warmReaders } = await import('../import/warmReaders.ts');
        warmReaders(vault);
      }, WARM_READERS_AFTER_MS).unref();
    } catch (error) {
      await vault.close();
      throw error;
    }
  }

  #exclusively<T>(body: () => Promise<T>): Promise<T> {
    const next = this.#transition.then(body, body);
    this.#transition = next.catch(() => undefined);
    return next;
  }
}

function databaseBytes(vault: ClosableVault): number {
  const pragma = (name: string) => Number(vault.db.pragma(name, { simple: true }));
  return pragma('page_count') * pragma('page_size');
}

/** Of the disk that holds the folder, or will hold it. */
async function freeBytes(folder: string): Promise<number> {
  for (let place = folder; ; place = dirname(place)) {
    try {
      const { bavail, bsize } = await statfs(place);
      return bavail * bsize;
    } catch (error) {
      if (dirname(place) === place) throw error;
    }
  }
}
