/** Lantern's program behind the page does not answer: said over everything, until it answers again. */
import { Button } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useState } from 'react';
import { words } from '../words/index.ts';
import classes from './app.module.css';
import { useConnection } from './connection.ts';
import { useSession } from './sessionStore.ts';

export function LostHostBanner() {
  const lost = useConnection((state) => state.lost);
  const [trying, setTrying] = useState(false);
  if (!lost) return null;
  const { message, hint } = words.app.errors.hostLost;
  const retry = async () => {
    setTrying(true);
    await useSession.getState().refresh();
    setTrying(false);
  };
  return (
    <div role="alert" className={classes['banner']}>
      <IconPlugConnectedX size={20} stroke={1.6} aria-hidden />
      <span>
        <strong>{message}</strong> {hint}
      </span>
      <Button size="compact-sm" variant="white" color="dark" flex="none" loading={trying} onClick={() => void retry()}>
        {words.app.retry}
      </Button>
    </div>
  );
}
