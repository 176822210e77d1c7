/** The settings, one page each: vault and locking, models and hardware, shortcuts, about. */
import { Modal, Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import { words } from '../words/index.ts';
import { AboutPage } from './AboutPage.tsx';
import { ModelsPage } from './ModelsPage.tsx';
import { ShortcutsPage } from './ShortcutsPage.tsx';
import classes from './settings.module.css';
import { closeSettings, type SettingsPage, useSettings } from './settingsStore.ts';
import { VaultPage } from './VaultPage.tsx';

const pages: Record<SettingsPage, () => ReactNode> = {
  vault: VaultPage,
  models: ModelsPage,
  shortcuts: ShortcutsPage,
  about: AboutPage,
};
const order = Object.keys(pages) as SettingsPage[];

export function SettingsModal() {
  const openPage = useSettings((state) => state.openPage);
  return (
    <Modal
      opened={openPage !== null}
      onClose={closeSettings}
      title={words.app.settings}
      size="min(820px, 92vw)"
      closeButtonProps={{ 'aria-label': words.app.close }}
      classNames={{ body: classes['body'] ?? '' }}
    >
      <Tabs
        value={openPage}
        onChange={(page) => useSettings.setState({ openPage: order.find((each) => each === page) ?? 'vault' })}
        orientation="vertical"
        className={classes['tabs'] ?? ''}
        keepMounted={false}
      >
        <Tabs.List aria-label={words.app.settings}>
          {order.map((page) => (
            <Tabs.Tab key={page} value={page}>
              {words.settings.pages[page]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {order.map((page) => {
          const Page = pages[page];
          return (
            <Tabs.Panel key={page} value={page} className={classes['panel'] ?? ''}>
              <Page />
            </Tabs.Panel>
          );
        })}
      </Tabs>
    </Modal>
  );
}
