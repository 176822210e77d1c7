/**
 * Reading processes of an unlocked vault, kept between imports: starting them takes as long as reading a hundred slices. They end
 * when the vault locks, after a while without work, and after an import that failed or was cancelled. Next: FileReaders.ts.
 */
import type { OpenVault } from '../vault/openVault.ts';
import { FileReaders } from './FileReaders.ts';

const IDLE_MINUTES = 10;

interface Resting {
  readonly readers: FileReaders;
  /** They are needed again: neither the clock nor the lock ends them any more. */
  wake(): void;
}

const resting = new WeakMap<OpenVault, Resting>();

/** Starts the processes before they are needed; for whoever has just unlocked a vault. */
export function warmReaders(vault: OpenVault): void {
  if (!vault.lockSignal.aborted && !resting.has(vault)) rest(vault, new FileReaders());
}

/**
 * Runs `work` with processes that nobody else uses meanwhile, warm ones where there are some.
 * @param signals end the processes at once when one is aborted; the vault's lock does so too
 */
export async function withReaders<T>(
  vault: OpenVault,
  signals: readonly AbortSignal[],
  work: (readers: FileReaders) => Promise<T>,
): Promise<T> {
  const readers = awoken(vault) ?? new FileReaders();
  const stopped = AbortSignal.any([vault.lockSignal, ...signals]);
  const stop = () => readers.close();
  stopped.addEventListener('abort', stop, { once: true });
  if (stopped.aborted) stop();
  try {
    const result = await work(readers);
    if (!readers.isClosed && !resting.has(vault)) rest(vault, readers);
    else readers.close();
    return result;
  } catch (error) {
    readers.close();
    throw error;
  } finally {
    stopped.removeEventListener('abort', stop);
  }
}

function awoken(vault: OpenVault): FileReaders | null {
  const entry = resting.get(vault);
  if (!entry) return null;
  entry.wake();
  entry.readers.hold(true);
  return entry.readers;
}

function rest(vault: OpenVault, readers: FileReaders): void {
  readers.hold(false);
  const end = () => {
    wake();
    readers.close();
  };
  const timer = setTimeout(end, IDLE_MINUTES * 60_000).unref();
  const wake = () => {
    resting.delete(vault);
    clearTimeout(timer);
    vault.lockSignal.removeEventListener('abort', end);
  };
  vault.lockSignal.addEventListener('abort', end, { once: true });
  resting.set(vault, { readers, wake });
}
