/**
 * Compiled code of a child process that runs from source: without it, most of the start goes into stripping types. The process may write
 * the cache until it has loaded its program, and gives that right up before it sees a foreign byte. The bundle needs no cache.
 */
import { mkdirSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { programFolder } from './programFolder.ts';

/** Younger than the typings. */
type Permission = NodeJS.Process['permission'] & { drop?(scope: string): void };

/** @returns the folder that the process's cache lies in, or null where it gets none */
export function compileCacheFolder(entry: string): string | null {
  if (!entry.endsWith('.ts')) return null;
  const folder = join(programFolder(entry), '.cache', 'compiled');
  try {
    mkdirSync(folder, { recursive: true });
    return folder;
  } catch {
    // An installation that we may not write to starts as slowly as the first time.
    return null;
  }
}

/** For the process, once everything is imported. @throws Error when the right to write cannot be given up */
export function giveUpCompileCache(): void {
  const folder = process.env['NODE_COMPILE_CACHE'];
  if (folder === undefined) return;
  flushCompileCache();
  const permission = process.permission as Permission | undefined;
  permission?.drop?.('fs.write');
  if (permission?.has('fs.write', folder) ?? true) throw new Error('a reading process that may write');
}
