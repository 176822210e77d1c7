/** A window of Chromium without its address bar, with a profile of its own that is gone when it is closed. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @returns once the window is closed @throws the system's error when the browser cannot be started */
export async function openAppWindow(browser: string, url: string): Promise<void> {
  const profile = await mkdtemp(join(tmpdir(), 'lantern-window-'));
  try {
    await new Promise<void>((resolve, reject) => {
      const child = spawn(browser, appWindowArguments(url, profile, process.getuid?.() === 0), { stdio: 'ignore' });
      child.once('error', reject);
      child.once('exit', () => resolve());
    });
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

export function appWindowArguments(url: string, profile: string, isRoot: boolean): string[] {
  return [
    `--app=${url}`,
    `--user-data-dir=${profile}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--window-size=1440,900',
    // The browser itself has nobody to talk to.
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-domain-reliability',
    '--disable-extensions',
    '--disable-sync',
    '--disable-features=Translate,OptimizationHints,MediaRouter',
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    // Chromium's sandbox refuses to run as root.
    ...(isRoot ? ['--no-sandbox'] : []),
  ];
}
