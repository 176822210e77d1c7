/** The right end of every top bar: settings, who is working, lock. */
import { IconLock, IconSettings } from '@tabler/icons-react';
import { openSettings } from '../settings/settingsStore.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { StatusBadge } from '../ui/StatusBadge.tsx';
import { words } from '../words/index.ts';
import classes from './app.module.css';
import { useSession } from './sessionStore.ts';

export function SessionButtons() {
  const userName = useSession((state) => state.vault?.userName ?? '');
  const { lock } = useSession.getState();
  return (
    <div className={classes['sessionButtons']}>
      <IconButton icon={IconSettings} label={words.app.settings} shortcut="Ctrl ," onClick={() => openSettings()} />
      {userName && <StatusBadge title={words.app.user}>{userName}</StatusBadge>}
      <IconButton icon={IconLock} label={words.app.lock} shortcut="Ctrl Shift L" onClick={() => void lock()} />
    </div>
  );
}
