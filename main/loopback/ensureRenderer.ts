/** Builds the page when it is missing, or older than its sources. A packed program has no sources and is left alone. */
import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LanternError } from '#core/errors/lanternError.ts';
import { programFolder, rendererFolder } from '../host/places.ts';

const SOURCES = ['renderer', 'core', 'contract', 'vite.config.ts'];

/** @param say told once, if it has to be built @throws shell/build-failed */
export async function ensureRenderer(say: (line: string) => void): Promise<void> {
  const root = programFolder();
  const page = join(rendererFolder(), 'index.html');
  const hasSources = existsSync(join(root, 'renderer', 'index.html'));
  if (existsSync(page) && (!hasSources || (await newest(root)) <= statSync(page).mtimeMs)) return;
  if (!hasSources) throw buildFailed();
  say('Building the page of the workstation, once');
  const code = await run(process.execPath, [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build'], root);
  if (code !== 0) throw buildFailed();
}

/** @returns the time of the latest change among the page's sources, ms */
async function newest(root: string): Promise<number> {
  let latest = 0;
  for (const source of SOURCES) {
    const path = join(root, source);
    const entries = statSync(path).isDirectory() ? await readdir(path, { recursive: true, withFileTypes: true }) : [];
    const files = entries
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
      .map((entry) => join(entry.parentPath, entry.name));
    for (const file of [path, ...files]) {
      const { mtimeMs } = statSync(file);
      if (mtimeMs > latest && file !== path) latest = mtimeMs;
    }
  }
  return latest;
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
    'The page of the workstation could not be built.',
    'Run "npm ci" and "npm run build" and read what they say.',
  );
}
