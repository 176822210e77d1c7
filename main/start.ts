/**
 * `npm start`: builds what is missing and opens the workstation, in Electron where its binary is there, else in a Chromium
 * window on the loopback shell, else by an address to open. Next: loopback/appWindow.ts, electron/main.ts.
 */
import { resolve } from 'node:path';
import { createHost } from './host/createHost.ts';
import {
  defaultVaultFolder,
  importedModelsFolder,
  programFolder,
  rendererFolder,
  shippedModelsFolder,
} from './host/places.ts';
import { asLanternError } from './jobs/jobs.ts';
import { openAppWindow } from './loopback/appWindow.ts';
import { findElectron, runElectron } from './loopback/electronBinary.ts';
import { ensureRenderer, ensureShell } from './loopback/ensureBuilt.ts';
import { findChromium } from './loopback/findChromium.ts';
import { startLoopbackServer } from './loopback/loopbackServer.ts';

const say = (line: string): void => console.log(line);

try {
  await start();
} catch (error) {
  const { message, hint } = asLanternError(error);
  console.error(`${message}\n${hint}`);
  process.exitCode = 1;
}
process.exit();

async function start(): Promise<void> {
  await ensureRenderer(say);
  const electron = findElectron();
  if (electron && hasDisplay()) {
    await ensureShell(say);
    process.exitCode = await runElectron(electron, programFolder());
    return;
  }
  await startLoopback();
}

async function startLoopback(): Promise<void> {
  const vaultFolder = resolve(defaultVaultFolder());
  const host = await createHost({
    vaultFolder,
    modelFolders: [shippedModelsFolder(), importedModelsFolder()],
    rendererFolder: rendererFolder(),
  });
  let end = (): void => undefined;
  const ended = new Promise<void>((done) => {
    end = done;
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => end());
  const server = await startLoopbackServer({ handler: host.handler, onAbandoned: () => end() });
  try {
    await openOrTell(server.url, end);
    await ended;
  } finally {
    await server.close();
    await host.close();
  }
}

/** @param end called when the window that this opened is closed */
async function openOrTell(url: string, end: () => void): Promise<void> {
  if (!hasDisplay()) {
    say(
      `There is no display here. Lantern runs until you stop it (Ctrl C); open this address on this computer:\n${url}`,
    );
    return;
  }
  const chromium = await findChromium(say);
  if (!chromium) {
    say(
      `Electron's binary and Chromium are both missing. Install Chromium ("apt install chromium", or from your platform's store), or open this address in a browser on this computer:\n${url}`,
    );
    return;
  }
  say(`Lantern opens in a window of ${chromium.name}, because Electron's binary is not installed.`);
  openAppWindow(chromium.path, url).then(end, () => {
    say(`${chromium.name} could not be started. Open this address in a browser on this computer:\n${url}`);
  });
}

function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
}
