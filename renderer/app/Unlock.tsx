/** Locked: everything hidden, one field. */
import { Button, PasswordInput, Stack, UnstyledButton } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import type { LanternError } from '#core/errors/lanternError.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { words } from '../words/index.ts';
import { errorOf } from './errorOf.ts';
import { GatePage } from './GatePage.tsx';
import classes from './gate.module.css';
import { Recover } from './Recover.tsx';
import { useSession } from './sessionStore.ts';

export function Unlock() {
  const said = words.app.unlock;
  const vaultName = useSession((state) => state.vault?.name ?? '');
  const startError = useSession((state) => state.startError);
  const [passphrase, setPassphrase] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<LanternError | null>(startError);
  const [recovering, setRecovering] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  if (recovering) return <Recover onBack={() => setRecovering(false)} />;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await useSession.getState().unlock(passphrase);
    } catch (failure) {
      setError(errorOf(failure));
      setBusy(false);
      field.current?.select();
      field.current?.focus();
    }
  };
  // A vault that bears the program's name has none of its own: the mark above says it already.
  const isNamed = vaultName !== '' && vaultName !== words.app.name;
  return (
    <GatePage
      title={isNamed ? vaultName : said.title}
      lead={isNamed ? said.lead : said.encrypted}
      footer={words.app.notADevice}
    >
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          <PasswordInput
            ref={field}
            size="md"
            label={said.passphrase}
            value={passphrase}
            onChange={(e) => setPassphrase(e.currentTarget.value)}
            autoComplete="current-password"
            autoFocus
          />
          {error && <ErrorNotice error={error} />}
          <Button type="submit" size="md" loading={busy} disabled={passphrase === ''}>
            {said.unlock}
          </Button>
          <UnstyledButton className={classes['quietLink']} mt={6} onClick={() => setRecovering(true)}>
            {said.useRecoveryCode}
          </UnstyledButton>
        </Stack>
      </form>
    </GatePage>
  );
}
