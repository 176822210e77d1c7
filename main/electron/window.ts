/** The one window: sandboxed, isolated, asks the page before it closes, and comes back after a crash of the page. */
import { fileURLToPath } from 'node:url';
import { BrowserWindow, dialog, ipcMain } from 'electron';
import { electronChannels as channels } from '#contract/electronChannels.ts';
import { ORIGIN } from './protocol.ts';

/** How long the page may take to save before the window closes anyway: all edits are on disk as they are made. */
const LONGEST_GOODBYE_MS = 10_000;

export function openWindow(): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 1024,
    minHeight: 680,
    show: false,
    title: 'Lantern',
    backgroundColor: '#0d0f12',
    webPreferences: {
      preload: fileURLToPath(new URL('../preload/preload.cjs', import.meta.url)),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      navigateOnDragDrop: false,
    },
  });
  window.once('ready-to-show', () => window.show());
  askBeforeClosing(window);
  recover(window);
  void window.loadURL(`${ORIGIN}/`);
  return window;
}

function askBeforeClosing(window: BrowserWindow): void {
  let isReady = false;
  let isAsking = false;
  window.on('close', (event) => {
    if (isReady) return;
    event.preventDefault();
    if (isAsking) return;
    isAsking = true;
    const close = (): void => {
      isReady = true;
      clearTimeout(timer);
      if (!window.isDestroyed()) window.close();
    };
    const timer = setTimeout(close, LONGEST_GOODBYE_MS);
    ipcMain.once(channels.readyToQuit, close);
    window.webContents.send(channels.beforeQuit);
  });
  // Without an answer Electron would keep a window open for ever whose page still holds what could not be saved.
  window.webContents.on('will-prevent-unload', (event) => {
    const choice = dialog.showMessageBoxSync(window, {
      type: 'warning',
      message: 'There are changes that could not be saved.',
      detail: 'Go back to see what keeps them from being saved, or close the window without them.',
      buttons: ['Go back', 'Close without saving'],
      defaultId: 0,
      cancelId: 0,
    });
    // Prevented here means: the page does not prevent it.
    if (choice === 1) event.preventDefault();
    else {
      isReady = false;
      isAsking = false;
    }
  });
}

function recover(window: BrowserWindow): void {
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    dialog.showMessageBoxSync(window, {
      type: 'warning',
      message: 'The display of Lantern stopped and starts again.',
      detail: 'Everything that the status line called saved is there.',
    });
    window.webContents.reload();
  });
  window.on('unresponsive', () => {
    const choice = dialog.showMessageBoxSync(window, {
      type: 'question',
      message: 'Lantern does not answer.',
      buttons: ['Wait', 'Start the display again'],
      defaultId: 0,
      cancelId: 0,
    });
    if (choice === 1) window.webContents.forcefullyCrashRenderer();
  });
}
