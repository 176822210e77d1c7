/** An exported file appears whole or not at all: temporary name, fsync, rename, fsync of the folder. */
import { randomBytes } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { LanternError } from '#core/errors/lanternError.ts';
import { asLanternError } from '../jobs/jobs.ts';
import { syncFolder } from '../vault/durableFile.ts';

/** @throws disk/no-folder, disk/is-folder, disk/full, disk/not-permitted; nothing is left behind then */
export async function writeFileAtomically(file: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(file);
  if (!(await isFolder(folder))) {
    throw new LanternError('disk/no-folder', 'The folder to write to does not exist.', 'Create it, or choose another.');
  }
  if (await isFolder(file)) {
    throw new LanternError('disk/is-folder', 'A folder has this name already.', 'Choose another file name.');
  }
  const temporary = join(folder, `.${basename(file).slice(0, 80)}.${randomBytes(6).toString('hex')}.part`);
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw asLanternError(error);
  }
  // Some network folders refuse this; the file is there all the same.
  await syncFolder(folder).catch(() => undefined);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
