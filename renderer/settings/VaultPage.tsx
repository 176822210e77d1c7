/** Where the vault is, how it is encrypted, when it locks. */
import { Select } from '@mantine/core';
import { useState } from 'react';
import type { LanternError } from '#core/errors/lanternError.ts';
import { errorOf } from '../app/errorOf.ts';
import { useSession } from '../app/sessionStore.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { FactList } from '../ui/FactList.tsx';
import { formatBytes } from '../ui/formatBytes.ts';
import { words } from '../words/index.ts';
import { setAutoLockMinutes, useSettings } from './settingsStore.ts';

const choices = [2, 5, 10, 15, 30, 60, 0] as const;

export function VaultPage() {
  const vault = useSession((state) => state.vault);
  const minutes = useSettings((state) => state.autoLockMinutes);
  const [error, setError] = useState<LanternError | null>(null);
  const said = words.settings.vault;
  const offered = choices.some((choice) => choice === minutes) ? choices : [...choices, minutes];
  const change = (value: string | null) => {
    setError(null);
    if (value !== null) setAutoLockMinutes(Number(value)).catch((failure) => setError(errorOf(failure)));
  };
  if (!vault) return null;
  return (
    <>
      <FactList
        facts={[
          [said.name, vault.name],
          [said.user, vault.userName],
          [said.folder, vault.folder],
          [said.cipher, said.cipherInWords(vault.cipher)],
          [said.used, `${formatBytes(vault.bytes)} · ${words.worklist.vault.free(formatBytes(vault.freeBytes))}`],
        ]}
      />
      <Select
        mt="lg"
        maw={320}
        label={said.autoLock}
        description={said.autoLockHint}
        value={String(minutes)}
        onChange={change}
        allowDeselect={false}
        data={offered.map((choice) => ({ value: String(choice), label: said.after(choice) }))}
      />
      {error && <ErrorNotice error={error} onDismiss={() => setError(null)} />}
    </>
  );
}
