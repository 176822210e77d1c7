/** A folder appears whole or not at all: written under a temporary name beside its place, synced, renamed. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { LanternError } from '#core/errors/lanternError.ts';
import { asLanternError } from '../jobs/jobs.ts';
import { syncFolder } from '../vault/durableFile.ts';

/** By path inside of the folder, with "/" between names. */
export type FolderFiles = ReadonlyMap<string, Uint8Array | string>;

/**
 * @param replaces a folder of this name may be there; it is replaced
 * @throws disk/exists, disk/full, disk/not-permitted; nothing is left behind then
 */
export async function writeFolderAtomically(folder: string, files: FolderFiles, replaces = false): Promise<void> {
  const parent = dirname(folder);
  const suffix = randomBytes(6).toString('hex');
  const temporary = join(parent, `.${basename(folder).slice(0, 80)}.${suffix}.part`);
  const old = join(parent, `.${basename(folder).slice(0, 80)}.${suffix}.old`);
  try {
    await mkdir(parent, { recursive: true });
    await mkdir(temporary);
    for (const [name, content] of files) await writeFile(join(temporary, ...name.split('/')), content);
    if (replaces) await rename(folder, old).catch(ignoreMissing);
    await rename(temporary, folder);
    await rm(old, { recursive: true, force: true });
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    // What stood there before comes back, unless the new one took its place already.
    await rename(old, folder).catch(() => undefined);
    throw isTaken(error) ? taken(folder) : asLanternError(error);
  }
  await syncFolder(parent).catch(() => undefined);
}

async function writeFile(file: string, content: Uint8Array | string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

function isTaken(error: unknown): boolean {
  return ['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}

function taken(folder: string): LanternError {
  return new LanternError(
    'disk/exists',
    `There is a “${basename(folder)}” at this place already.`,
    'Choose another name.',
  );
}
