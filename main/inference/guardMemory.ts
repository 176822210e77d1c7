/** Starts the worker that ends this process when it holds more than the host allows (watchMemory.ts). */
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

/** The ceiling is the process's second argument; without one there is no guard. */
export function guardMemory(): void {
  const ceilingBytes = Number(process.argv[3]);
  if (!(ceilingBytes > 0)) return;
  const entry = process.argv[1] ?? fileURLToPath(import.meta.url);
  new Worker(entry, { workerData: ceilingBytes }).unref();
}
