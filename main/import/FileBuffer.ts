/**
 * Reads whole files one after the other into the same memory as far as they fit: fresh memory for each costs page faults and
 * garbage collections that take longer than the reading.
 */
import { closeSync, fstatSync, open, read } from 'node:fs';
import { promisify } from 'node:util';

const opened = promisify(open);
const readInto = promisify(read);

const USUAL_BYTES = 2 ** 20;
/** Larger files get memory of their own. */
const KEPT_BYTES = 16 * 2 ** 20;

export class FileBuffer {
  readonly #limit: number;
  #kept = Buffer.allocUnsafeSlow(USUAL_BYTES);

  /** @param limit files with more bytes are not read */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * @returns the file's bytes, valid until the next call; null when it is too large
   * @throws what the file system says
   */
  async read(path: string): Promise<Buffer | null> {
    const file = await opened(path, 'r');
    try {
      // Only what may wait for a disk leaves this thread: handing a call over takes far longer than asking an open file for its size.
      const { size } = fstatSync(file);
      if (size > this.#limit) return null;
      let target = this.#kept;
      if (size > target.length) {
        target = Buffer.allocUnsafeSlow(size);
        if (size <= KEPT_BYTES) this.#kept = target;
      }
      let done = 0;
      while (done < size) {
        const { bytesRead } = await readInto(file, target, done, size - done, done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return target.subarray(0, done);
    } finally {
      closeSync(file);
    }
  }
}
