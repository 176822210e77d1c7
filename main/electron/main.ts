/**
 * The Electron shell: the host's handler as the scheme `lantern:`, one window, menu, dialogs, power events, crashes. All else is
 * the host's. Next: protocol.ts, lockDown.ts, window.ts.
 */
import { join } from 'node:path';
import { app, dialog, Menu, powerMonitor, protocol, session } from 'electron';
import { createHost } from '../host/createHost.ts';
import { defaultVaultFolder, importedModelsFolder, rendererFolder, shippedModelsFolder } from '../host/places.ts';
import { answerDialogs } from './dialogs.ts';
import { lockDownContents, lockDownSession } from './lockDown.ts';
import { menuTemplate } from './menu.ts';
import { lockOnPowerEvents } from './power.ts';
import { registerScheme, serveScheme } from './protocol.ts';
import { openWindow } from './window.ts';

// Nothing of Lantern's is found by name on a network; nothing of Chromium's own may look.
app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
app.commandLine.appendSwitch('disable-background-networking');
app.commandLine.appendSwitch('disable-component-update');
registerScheme(protocol);

process.on('uncaughtException', (error) => {
  // The message may quote a patient's file; the class is all that is told.
  dialog.showErrorBox('Lantern has to close', `An unexpected error (${error.name}). What was saved is safe.`);
  app.exit(1);
});

if (app.requestSingleInstanceLock()) void start();
else app.quit();

async function start(): Promise<void> {
  app.on('web-contents-created', (_event, contents) => lockDownContents(contents));
  await app.whenReady();
  const host = await createHost({
    vaultFolder: defaultVaultFolder(),
    modelFolders: [
      app.isPackaged ? join(process.resourcesPath, 'models') : shippedModelsFolder(),
      importedModelsFolder(),
    ],
    rendererFolder: rendererFolder(),
  });
  lockDownSession(session.defaultSession);
  serveScheme(session.defaultSession.protocol, host.handler);
  answerDialogs();
  let window = openWindow();
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate({ lock: () => lock() })));
  const lock = lockOnPowerEvents(powerMonitor, host, () => window);

  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  app.on('activate', () => {
    if (window.isDestroyed()) window = openWindow();
  });
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', (event) => {
    // Once: `exit` does not come here again.
    event.preventDefault();
    void host.close().finally(() => app.exit(0));
  });
}
