/** The recovery code, shown this once: to print or to write down, and to be confirmed before anything goes on. */
import { Button, Checkbox, Group, Stack } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { words } from '../words/index.ts';
import { GatePage } from './GatePage.tsx';
import classes from './gate.module.css';
import { useSession } from './sessionStore.ts';

export function RecoverySheet({ code }: { readonly code: string }) {
  const said = words.app.recoverySheet;
  const [kept, setKept] = useState(false);
  const vaultName = useSession((state) => state.vault?.name ?? '');
  // Leaving the page now would lose the code for good.
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, []);
  return (
    <GatePage title={said.title} lead={said.lead} step={[2, 3]}>
      <p className={classes['printOnly']}>{said.printed(vaultName, new Date().toISOString().slice(0, 10))}</p>
      <p className={classes['code']} data-testid="recovery-code">
        {code}
      </p>
      <Stack gap="md" className={classes['screenOnly'] ?? ''}>
        <Checkbox checked={kept} onChange={(e) => setKept(e.currentTarget.checked)} label={said.kept} />
        <Group grow>
          <Button
            variant="default"
            size="md"
            leftSection={<IconPrinter size={17} stroke={1.6} aria-hidden />}
            onClick={() => window.print()}
          >
            {said.print}
          </Button>
          <Button size="md" disabled={!kept} onClick={() => useSession.getState().keptRecoveryCode()}>
            {said.next}
          </Button>
        </Group>
      </Stack>
    </GatePage>
  );
}
