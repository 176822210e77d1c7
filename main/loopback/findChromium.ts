/** A browser of Chromium's family on this computer; on Debian as root, it is installed if there is none. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface Chromium {
  /** For a person: "Chromium". */
  readonly name: string;
  readonly path: string;
}

const COMMANDS: readonly (readonly [command: string, name: string])[] = [
  ['chromium', 'Chromium'],
  ['chromium-browser', 'Chromium'],
  ['google-chrome', 'Chrome'],
  ['google-chrome-stable', 'Chrome'],
  ['microsoft-edge', 'Edge'],
];
const APT_TIMEOUT_MS = 300_000;

/** @param say one line, if it has to be installed */
export async function findChromium(say: (line: string) => void): Promise<Chromium | null> {
  const found = installedChromium() ?? (await playwrightChromium());
  if (found) return found;
  const aptGet = onPath('apt-get');
  if (process.getuid?.() !== 0 || !aptGet) return null;
  say('Installing Chromium (apt-get install chromium)');
  spawnSync(aptGet, ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: APT_TIMEOUT_MS,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return installedChromium();
}

export function installedChromium(env: NodeJS.ProcessEnv = process.env): Chromium | null {
  for (const [command, name] of COMMANDS) {
    const path = onPath(command, env);
    if (path) return { name, path };
  }
  for (const [path, name] of wellKnownPlaces(env)) {
    if (existsSync(path)) return { name, path };
  }
  return null;
}

function onPath(command: string, env: NodeJS.ProcessEnv = process.env): string | null {
  const folders = (env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, command)).find((path) => existsSync(path)) ?? null;
}

function wellKnownPlaces(env: NodeJS.ProcessEnv): (readonly [path: string, name: string])[] {
  const roots = [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']].filter(
    (root) => root !== undefined,
  );
  return [
    ['/Applications/Chromium.app/Contents/MacOS/Chromium', 'Chromium'],
    ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', 'Chrome'],
    ['/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge', 'Edge'],
    ...roots.map((root) => [join(root, 'Google', 'Chrome', 'Application', 'chrome.exe'), 'Chrome'] as const),
    ...roots.map((root) => [join(root, 'Microsoft', 'Edge', 'Application', 'msedge.exe'), 'Edge'] as const),
  ];
}

/** The one that the tests' browser driver fetched, if a developer let it. */
async function playwrightChromium(): Promise<Chromium | null> {
  try {
    const { chromium } = await import('playwright-core');
    const path = chromium.executablePath();
    return existsSync(path) ? { name: 'Chromium', path } : null;
  } catch {
    return null;
  }
}
