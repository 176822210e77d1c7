/** Opens the vault with the printed code and sets a new passphrase. */
import { Button, PasswordInput, Stack, TextInput, UnstyledButton } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { LanternError } from '#core/errors/lanternError.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { words } from '../words/index.ts';
import { errorOf } from './errorOf.ts';
import { GatePage } from './GatePage.tsx';
import classes from './gate.module.css';
import { StrengthHint } from './StrengthHint.tsx';
import { useSession } from './sessionStore.ts';

export function Recover({ onBack }: { readonly onBack: () => void }) {
  const said = words.app.recover;
  const [code, setCode] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<LanternError | null>(null);
  const differs = again !== '' && again !== passphrase;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await useSession.getState().recover(code.trim(), passphrase);
    } catch (failure) {
      setError(errorOf(failure));
      setBusy(false);
    }
  };
  return (
    <GatePage title={said.title} lead={said.lead}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          <TextInput
            label={said.code}
            value={code}
            onChange={(e) => setCode(e.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            autoFocus
          />
          <PasswordInput
            label={said.newPassphrase}
            value={passphrase}
            onChange={(e) => setPassphrase(e.currentTarget.value)}
            autoComplete="new-password"
          />
          <StrengthHint passphrase={passphrase} />
          <PasswordInput
            label={words.app.firstStart.passphraseAgain}
            value={again}
            onChange={(e) => setAgain(e.currentTarget.value)}
            autoComplete="new-password"
            error={differs ? words.app.firstStart.differs : null}
          />
          {error && <ErrorNotice error={error} />}
          <Button type="submit" size="md" loading={busy} disabled={!code || !passphrase || again !== passphrase}>
            {said.open}
          </Button>
          <UnstyledButton className={classes['quietLink']} mt={6} onClick={onBack}>
            {said.back}
          </UnstyledButton>
        </Stack>
      </form>
    </GatePage>
  );
}
