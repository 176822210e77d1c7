/** The files under folders and paths that a person chose, in the order of their names. */
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { LanternError } from '../../core/errors/lanternError.ts';

const natural = new Intl.Collator('en', { numeric: true });

/**
 * Links inside of a folder are not followed: they could lead round in circles.
 * @returns absolute paths, each once; "image_2" before "image_10"
 * @throws import/not-found
 */
export async function listFiles(paths: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const path of paths.map((p) => resolve(p))) {
    const info = await stat(path).catch(() => null);
    if (!info) {
      throw new LanternError('import/not-found', 'This file or folder does not exist.', 'Choose it again.');
    }
    if (!info.isDirectory()) found.add(path);
    else for (const file of await filesUnder(path)) found.add(file);
  }
  return [...found];
}

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort(natural.compare);
}
