/**
 * What an import or a removal that was killed leaves among the models: folders `.import-PID-…` and `.removed-…`. They are collected when
 * the models are next changed, and when the program starts. What may still be at work is left alone.
 */
import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

const IMPORT = '.import-';
const REMOVED = '.removed-';
/** No import of another computer takes as long, on a folder that both share; a process of this one is asked for by its number. */
const OLD_MS = 24 * 3_600_000;

/** @returns a folder of this import alone; its name says whose it is */
export function importFolder(modelsFolder: string): Promise<string> {
  return mkdtemp(join(modelsFolder, `${IMPORT}${process.pid}-`));
}

export function removedFolder(modelsFolder: string, id: string): string {
  return join(modelsFolder, `${REMOVED}${id}`);
}

/** Never fails: what cannot be collected now is tried again the next time. */
export async function collectLeftovers(modelsFolder: string, nowMs = Date.now()): Promise<void> {
  for (const name of await readdir(modelsFolder).catch(() => [])) {
    if (!name.startsWith(IMPORT) && !name.startsWith(REMOVED)) continue;
    const folder = join(modelsFolder, name);
    if (ownerIsAlive(name) || !(await isOld(folder, nowMs))) continue;
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** The change of the name counts, too: a pack that is being removed was written long ago. */
async function isOld(folder: string, nowMs: number): Promise<boolean> {
  const found = await lstat(folder).catch(() => null);
  return found?.isDirectory() === true && nowMs - Math.max(found.mtimeMs, found.ctimeMs) > OLD_MS;
}

function ownerIsAlive(name: string): boolean {
  const pid = Number(/^\.import-(\d+)-/.exec(name)?.[1] ?? 0);
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It lives, but belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
