/**
 * The reading process's side of frames.ts. It has nothing else to do while it waits, so it reads and writes its pipes with blocking
 * calls: a third of the processor time of streams, and no memory for pieces. Next: readFiles.process.ts.
 */
import { readSync, writeSync } from 'node:fs';
import { encodeHead, type Message, PREFIX_BYTES, parseHead } from './frames.ts';

/** A larger buffer is given back after its message. */
const KEPT_BYTES = 64 * 2 ** 20;

export class BlockingFrames {
  readonly #input: number;
  readonly #output: number;
  readonly #limit: number;
  readonly #prefix = Buffer.alloc(PREFIX_BYTES);
  #body = Buffer.allocUnsafeSlow(2 ** 20);

  /** @param input, output file descriptors of pipes; limit the longest body that is taken */
  constructor(input: number, output: number, limit: number) {
    this.#input = input;
    this.#output = output;
    this.#limit = limit;
  }

  /** @returns null at the end of the input. The body is valid until the next call: its buffer is used again. */
  read(): Message | null {
    if (!this.#fill(this.#prefix)) return null;
    const { headerBytes, bodyBytes } = parseHead(this.#prefix, this.#limit);
    const json = Buffer.alloc(headerBytes);
    if (!this.#fill(json)) return null;
    if (this.#body.length < bodyBytes || this.#body.length > KEPT_BYTES) {
      this.#body = Buffer.allocUnsafeSlow(Math.max(bodyBytes, 2 ** 20));
    }
    const body = new Uint8Array(this.#body.buffer, 0, bodyBytes);
    if (!this.#fill(body)) return null;
    return { header: JSON.parse(json.toString()), body };
  }

  write(header: unknown, blocks: readonly Uint8Array[]): void {
    for (const bytes of [encodeHead(header, blocks), ...blocks]) {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#output, bytes, done, bytes.length - done);
    }
  }

  #fill(target: Uint8Array): boolean {
    for (let done = 0; done < target.length; ) {
      const count = readOrEnd(this.#input, target, done);
      if (count === 0) return false;
      done += count;
    }
    return true;
  }
}

/** Windows tells the end of a pipe by an error. */
function readOrEnd(input: number, target: Uint8Array, from: number): number {
  try {
    return readSync(input, target, from, target.length - from, null);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EOF') return 0;
    throw error;
  }
}
