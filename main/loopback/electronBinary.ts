/** Electron's binary, without touching its package: `require('electron')` would go and fetch it, which a clinic cannot. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const FETCH_TIMEOUT_MS = 300_000;

/** @returns the binary's path; null where it was never fetched. With LANTERN_FETCH_ELECTRON=1 it is fetched if it is missing. */
export function findElectron(env: NodeJS.ProcessEnv = process.env): string | null {
  const folder = packageFolder();
  if (!folder) return null;
  const found = binaryOf(folder);
  if (found || env['LANTERN_FETCH_ELECTRON'] !== '1') return found;
  spawnSync(process.execPath, [join(folder, 'install.js')], { stdio: 'inherit', timeout: FETCH_TIMEOUT_MS });
  return binaryOf(folder);
}

/** @returns Electron's exit status, when it has ended */
export function runElectron(binary: string, program: string): Promise<number> {
  // Chromium's sandbox refuses to run as root.
  const args = process.getuid?.() === 0 ? ['--no-sandbox', program] : [program];
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, { stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function packageFolder(): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch {
    return null;
  }
}

function binaryOf(folder: string): string | null {
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const binary = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(binary) ? binary : null;
}
