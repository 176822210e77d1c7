/** Sleep and screen lock lock the vault: the key leaves the memory even if the page does not answer. */
import type { BrowserWindow, PowerMonitor } from 'electron';
import { electronChannels as channels } from '#contract/electronChannels.ts';
import type { Host } from '../host/createHost.ts';

/** @returns locks now, as the menu does */
export function lockOnPowerEvents(
  powerMonitor: PowerMonitor,
  host: Pick<Host, 'lock'>,
  currentWindow: () => BrowserWindow,
): () => void {
  const lock = (): void => {
    const window = currentWindow();
    // The page first: it hides what it shows while the host is still ending its jobs.
    if (!window.isDestroyed()) window.webContents.send(channels.lockRequested);
    void host.lock();
  };
  powerMonitor.on('suspend', lock);
  powerMonitor.on('lock-screen', lock);
  return lock;
}
