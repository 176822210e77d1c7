import os from 'node:os';

/** What one process of networks may hold: most of the machine, or of the container that the program was given. */
export function memoryCeilingBytes(): number {
  return 0.85 * Math.min(os.totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
}
