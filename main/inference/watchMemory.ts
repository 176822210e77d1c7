/**
 * Runs in a worker thread of the inference process, because a network blocks the main one for minutes: ends the process when it
 * holds more memory than it was given, before the whole machine stands still.
 */
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

/** What the host looks for on the process's error stream. */
export const OVER_CEILING = 'lantern: memory ceiling reached';

const INTERVAL_MS = 100;

export function watchMemory(): void {
  const ceilingBytes = Number(workerData);
  setInterval(() => {
    if (process.memoryUsage.rss() <= ceilingBytes) return;
    writeSync(2, `${OVER_CEILING}\n`);
    process.kill(process.pid, 'SIGKILL');
  }, INTERVAL_MS);
}
