/**
 * Reads whole files one after the other into the same memory as far as they fit: fresh memory for each costs page faults and
 * garbage collections that take longer than the reading.
 */
import { open } from 'node:fs/promises';

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
    const file = await open(path, 'r');
    try {
      // Most files fit, and then one call is enough to read and another one to know that it was all.
      const [first, { size }] = await Promise.all([file.read(this.#kept, 0, this.#kept.length, 0), file.stat()]);
      if (size > this.#limit) return null;
      let target = this.#kept;
      let done = first.bytesRead;
      if (size > target.length) {
        target = Buffer.allocUnsafeSlow(size);
        target.set(this.#kept.subarray(0, done));
        if (size <= KEPT_BYTES) this.#kept = target;
      }
      while (done < size) {
        const { bytesRead } = await file.read(target, done, size - done, done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return target.subarray(0, Math.min(done, size));
    } finally {
      await file.close();
    }
  }
}
