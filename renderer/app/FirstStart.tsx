/** The first start: make the vault, keep the recovery code, receive the demonstration study. */
import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { LanternError } from '#core/errors/lanternError.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { words } from '../words/index.ts';
import { errorOf } from './errorOf.ts';
import { GatePage } from './GatePage.tsx';
import { StrengthHint } from './StrengthHint.tsx';
import { useSession } from './sessionStore.ts';

export function FirstStart() {
  const said = words.app.firstStart;
  const [name, setName] = useState<string>(said.vaultNameDefault);
  const [userName, setUserName] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<LanternError | null>(null);
  const differs = again !== '' && again !== passphrase;
  const complete = name.trim() !== '' && userName.trim() !== '' && passphrase !== '' && again === passphrase;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!complete) return;
    setBusy(true);
    setError(null);
    try {
      await useSession.getState().create({ name: name.trim(), userName: userName.trim(), passphrase });
    } catch (failure) {
      setError(errorOf(failure));
      setBusy(false);
    }
  };

  return (
    <GatePage title={said.title} lead={said.lead} step={[1, 3]} footer={words.app.notADevice}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          <TextInput label={said.vaultName} value={name} onChange={(e) => setName(e.currentTarget.value)} required />
          <TextInput
            label={said.userName}
            description={said.userNameHint}
            value={userName}
            onChange={(e) => setUserName(e.currentTarget.value)}
            autoComplete="name"
            data-autofocus
            autoFocus
            required
          />
          <PasswordInput
            label={said.passphrase}
            description={said.passphraseHint}
            value={passphrase}
            onChange={(e) => setPassphrase(e.currentTarget.value)}
            autoComplete="new-password"
            required
          />
          <StrengthHint passphrase={passphrase} />
          <PasswordInput
            label={said.passphraseAgain}
            value={again}
            onChange={(e) => setAgain(e.currentTarget.value)}
            autoComplete="new-password"
            error={differs ? said.differs : null}
            required
          />
          {error && <ErrorNotice error={error} onDismiss={() => setError(null)} />}
          <Button type="submit" size="md" loading={busy} disabled={!complete} mt={4}>
            {said.create}
          </Button>
        </Stack>
      </form>
    </GatePage>
  );
}
