/** For tests of everything that needs a vault: a real one in a temporary folder. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClosableVault, createVault } from './vault.ts';

export const TEST_PASSPHRASE = 'a quiet lantern at night';

export interface TemporaryVault {
  readonly vault: ClosableVault;
  readonly folder: string;
  readonly recoveryCode: string;
  /** Closes the vault and removes its folder. */
  dispose(): Promise<void>;
}

export async function temporaryVault(): Promise<TemporaryVault> {
  const parent = await mkdtemp(join(tmpdir(), 'lantern-vault-'));
  const folder = join(parent, 'vault');
  const { vault, recoveryCode } = await createVault(folder, {
    name: 'Test vault',
    userName: 'Tester',
    passphrase: TEST_PASSPHRASE,
  });
  return {
    vault,
    folder,
    recoveryCode,
    dispose: async () => {
      await vault.close();
      await rm(parent, { recursive: true, force: true });
    },
  };
}
