/** Builds the page, or the Electron shell, when it is missing or older than its sources. A packed program has no sources and is left alone. */
import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LanternError } from '#core/errors/lanternError.ts';
import { programFolder, rendererFolder } from '../host/places.ts';

const RENDERER_SOURCES = ['renderer', 'core', 'contract', 'vite.config.ts'];
const SHELL_SOURCES = ['main', 'preload', 'core', 'contract', 'vite.shell.config.ts'];

/** @param say told once, if it has to be built @throws shell/build-failed */
export async function ensureRenderer(say: (line: string) => void): Promise<void> {
  await ensureBuilt(join(rendererFolder(), 'index.html'), RENDERER_SOURCES, 'vite.config.ts', say);
}

/** The same for Electron's main process and its bridge. */
export async function ensureShell(say: (line: string) => void): Promise<void> {
  const main = join(programFolder(), 'dist', 'electron', 'main.js');
  await ensureBuilt(main, SHELL_SOURCES, 'vite.shell.config.ts', say);
}

async function ensureBuilt(
  built: string,
  sources: readonly string[],
  config: string,
  say: (line: string) => void,
): Promise<void> {
  const root = programFolder();
  const hasSources = existsSync(join(root, config));
  if (existsSync(built) && (!hasSources || (await newest(root, sources)) <= statSync(built).mtimeMs)) return;
  if (!hasSources) throw buildFailed();
  say('Building Lantern; the next start is quick');
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const code = await run(process.execPath, [vite, 'build', '--config', config, '--logLevel', 'warn'], root);
  if (code !== 0) throw buildFailed();
}

/** @returns the time of the latest change among the sources, ms */
async function newest(root: string, sources: readonly string[]): Promise<number> {
  const files = await Promise.all(sources.map((source) => filesOf(join(root, source))));
  return files.flat().reduce((latest, file) => Math.max(latest, statSync(file).mtimeMs), 0);
}

async function filesOf(path: string): Promise<string[]> {
  if (!statSync(path).isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** What the program prints goes to standard error: standard output belongs to the command's answer. */
function run(program: string, args: readonly string[], cwd: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 2, 2] });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function buildFailed(): LanternError {
  return new LanternError(
    'shell/build-failed',
    'Lantern could not be built.',
    'Run "npm ci" and "npm run build" and read what they say.',
  );
}
