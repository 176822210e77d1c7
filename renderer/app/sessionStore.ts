/**
 * Who is in front of what: the vault's state, the first start, the open case. The screens are functions of it (App.tsx).
 * Locking empties everything that a screen could still show.
 */
import { create } from 'zustand';
import type { VaultStatus } from '#contract/schemas/vaultStatus.ts';
import type { LanternError } from '#core/errors/lanternError.ts';
import { rpc } from './client.ts';
import { useConnection } from './connection.ts';
import { errorOf } from './errorOf.ts';
import { workArrived } from './workOnItsWay.ts';

export type CaseMode = 'view' | 'segment';

export interface OpenCase {
  readonly seriesId: string;
  readonly mode: CaseMode;
}

export interface NewVault {
  readonly name: string;
  readonly userName: string;
  readonly passphrase: string;
}

export interface Session {
  /** null until the host has answered for the first time. */
  readonly vault: VaultStatus | null;
  readonly startError: LanternError | null;
  /** Shown once, right after the vault was made; null before and after. */
  readonly recoveryCode: string | null;
  /** The first start is still going on, although the vault is open. */
  readonly settingUp: boolean;
  readonly openCase: OpenCase | null;
  refresh(): Promise<void>;
  create(vault: NewVault): Promise<void>;
  keptRecoveryCode(): void;
  finishSetup(): void;
  unlock(passphrase: string): Promise<void>;
  recover(recoveryCode: string, newPassphrase: string): Promise<void>;
  lock(): Promise<void>;
  open(seriesId: string, mode?: CaseMode): void;
  closeCase(): void;
}

const closed = { recoveryCode: null, settingUp: false, openCase: null } as const;

export const useSession = create<Session>()((set, get) => ({
  vault: null,
  startError: null,
  ...closed,

  async refresh() {
    try {
      const vault = await rpc.vault.status();
      set(vault.state === 'unlocked' ? { vault, startError: null } : { vault, startError: null, ...closed });
    } catch (error) {
      if (!get().vault) set({ startError: errorOf(error) });
    }
  },
  async create(vault) {
    const { recoveryCode } = await rpc.vault.create(vault);
    set({ recoveryCode, settingUp: true });
    await get().refresh();
  },
  keptRecoveryCode: () => set({ recoveryCode: null }),
  finishSetup: () => set({ settingUp: false }),
  async unlock(passphrase) {
    set({ vault: await rpc.vault.unlock({ passphrase }) });
  },
  async recover(recoveryCode, newPassphrase) {
    set({ vault: await rpc.vault.recover({ recoveryCode, newPassphrase }) });
  },
  async lock() {
    const { vault } = get();
    // Hidden before the host has answered: whoever locks is about to walk away.
    if (vault) set({ vault: { ...vault, state: 'locked' }, ...closed });
    // The host takes nothing once it is locked.
    await workArrived();
    try {
      set({ vault: await rpc.vault.lock() });
    } catch (error) {
      set({ startError: errorOf(error) });
    }
  },
  open: (seriesId, mode = 'view') => set({ openCase: { seriesId, mode } }),
  closeCase: () => set({ openCase: null }),
}));

// The vault can be locked by the host: by the system going to sleep, or by another window.
useConnection.subscribe((now, before) => {
  if (now.lockedCount > before.lockedCount) void useSession.getState().refresh();
});
