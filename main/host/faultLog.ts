/**
 * Where errors that nobody foresaw go. Kept: time, place, the error's class and the stack's lines of our own files. Never kept:
 * its message, which may quote a path or a value of a patient's file.
 */
import { appendFile, mkdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LanternError } from '#core/errors/lanternError.ts';
import { programFolder } from './places.ts';

const LARGEST_LOG_BYTES = 1_000_000;

export class FaultLog {
  readonly #vaultFolder: string;

  constructor(vaultFolder: string) {
    this.#vaultFolder = vaultFolder;
  }

  /** @param place which job or call, without data of a patient */
  async record(error: unknown, place: string): Promise<void> {
    if (error instanceof LanternError && error.code !== 'job/unexpected') return;
    if (process.env['LANTERN_DEBUG']) console.error(place, error);
    try {
      // A vault that is not there yet must not come into being by a log.
      await stat(this.#vaultFolder);
      const folder = join(this.#vaultFolder, 'log');
      await mkdir(folder, { recursive: true });
      const file = join(folder, 'faults.log');
      if ((await sizeOf(file)) > LARGEST_LOG_BYTES) await rename(file, join(folder, 'faults.1.log'));
      await appendFile(file, `${new Date().toISOString()} ${place} ${describeFault(error)}\n`);
    } catch {
      // A full or read-only disk: the person is told by the answer itself.
    }
  }
}

/** @returns one line: the error's class, its system code, and where in Lantern it was thrown */
export function describeFault(error: unknown): string {
  if (!(error instanceof Error)) return `thrown ${typeof error}`;
  const code =
    'code' in error && typeof error.code === 'string' && /^[A-Z_]+$/.test(error.code) ? ` ${error.code}` : '';
  const root = `${programFolder().replaceAll('\\', '/')}/`;
  const frames = (error.stack ?? '')
    .split('\n')
    .map((line) => /[^\s(]+:\d+:\d+/.exec(line.replaceAll('\\', '/'))?.[0]?.split(root)[1])
    .filter((frame) => frame !== undefined && !frame.startsWith('node_modules/'))
    .slice(0, 8);
  const cause = error.cause === undefined ? '' : `, caused by ${describeFault(error.cause)}`;
  return `${error.constructor.name}${code} at ${frames.join(' < ') || 'an unknown place'}${cause}`;
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch {
    return 0;
  }
}
