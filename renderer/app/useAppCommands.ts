/** The commands and shortcuts that are there on every screen of an open vault. */
import { useHotkeys } from '@mantine/hooks';
import { IconCpu, IconInfoCircle, IconKeyboard, IconLock, IconSettings } from '@tabler/icons-react';
import { useEffect } from 'react';
import { openSettings } from '../settings/settingsStore.ts';
import { words } from '../words/index.ts';
import { type Command, registerCommands } from './commands.ts';
import { useSession } from './sessionStore.ts';

const lock = () => void useSession.getState().lock();

export function useAppCommands(): void {
  useHotkeys(
    [
      ['mod + ,', () => openSettings()],
      ['mod + shift + L', lock],
    ],
    [],
  );
  useEffect(() => registerCommands('app', appCommands()), []);
}

function appCommands(): Command[] {
  const { actions, settings: group } = words.app.find.groups;
  const { pages } = words.settings;
  return [
    { id: 'lock', label: words.app.lock, group: actions, icon: IconLock, shortcut: 'Ctrl Shift L', run: lock },
    {
      id: 'settings-vault',
      label: pages.vault,
      group,
      icon: IconSettings,
      shortcut: 'Ctrl ,',
      run: () => openSettings(),
    },
    { id: 'settings-models', label: pages.models, group, icon: IconCpu, run: () => openSettings('models') },
    { id: 'settings-keys', label: pages.shortcuts, group, icon: IconKeyboard, run: () => openSettings('shortcuts') },
    { id: 'settings-about', label: pages.about, group, icon: IconInfoCircle, run: () => openSettings('about') },
  ];
}
