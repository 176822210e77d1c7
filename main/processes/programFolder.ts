/** The folder that a child process must be able to read: the program's own, from which its packages are found. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** @returns the nearest folder at or above the entry with a package.json */
export function programFolder(entry: string): string {
  for (let folder = dirname(entry); dirname(folder) !== folder; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
  }
  return dirname(entry);
}
