/** The settings that the renderer acts on, kept in the vault, and which page of the settings is open. */
import { create } from 'zustand';
import { rpc } from '../app/client.ts';

export type SettingsPage = 'vault' | 'models' | 'shortcuts' | 'about';

interface Settings {
  /** 0: never. */
  readonly autoLockMinutes: number;
  readonly openPage: SettingsPage | null;
}

const AUTO_LOCK_KEY = 'autoLockMinutes';
export const DEFAULT_AUTO_LOCK_MINUTES = 15;

export const useSettings = create<Settings>()(() => ({ autoLockMinutes: DEFAULT_AUTO_LOCK_MINUTES, openPage: null }));

export function openSettings(openPage: SettingsPage = 'vault'): void {
  useSettings.setState({ openPage });
}

export function closeSettings(): void {
  useSettings.setState({ openPage: null });
}

/** Reads them once the vault is open. */
export async function loadSettings(): Promise<void> {
  const kept = (await rpc.settings.get())[AUTO_LOCK_KEY];
  useSettings.setState({ autoLockMinutes: typeof kept === 'number' && kept >= 0 ? kept : DEFAULT_AUTO_LOCK_MINUTES });
}

/** Takes effect when it is on disk. */
export async function setAutoLockMinutes(minutes: number): Promise<void> {
  await rpc.settings.put({ key: AUTO_LOCK_KEY, value: minutes });
  useSettings.setState({ autoLockMinutes: minutes });
}
