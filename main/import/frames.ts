/** Messages between the host and the reading process on a pipe: two lengths, JSON, bytes. Next: blockingFrames.ts. */
import type { Readable, Writable } from 'node:stream';

import { giveBackMemory } from '#core/memory/giveBackMemory.ts';

export interface Message {
  readonly header: unknown;
  readonly body: Uint8Array;
}

export const PREFIX_BYTES = 12;
const LONGEST_HEADER = 1 << 28;

/** @returns the two lengths and the header: what stands before the blocks */
export function encodeHead(header: unknown, blocks: readonly Uint8Array[]): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32LE(json.length, 0);
  prefix.writeDoubleLE(
    blocks.reduce((sum, block) => sum + block.length, 0),
    4,
  );
  return Buffer.concat([prefix, json]);
}

/** @throws Error when the lengths are beyond the limits */
export function parseHead(prefix: Uint8Array, limit: number): { headerBytes: number; bodyBytes: number } {
  const view = new DataView(prefix.buffer, prefix.byteOffset, PREFIX_BYTES);
  const headerBytes = view.getUint32(0, true);
  const bodyBytes = view.getFloat64(4, true);
  if (headerBytes > LONGEST_HEADER || !(bodyBytes >= 0 && bodyBytes <= limit)) {
    throw new Error('a message beyond the limits');
  }
  return { headerBytes, bodyBytes };
}

/** @returns whether the pipe can take more at once */
export function writeMessage(pipe: Writable, header: unknown, blocks: readonly Uint8Array[]): boolean {
  pipe.cork();
  pipe.write(encodeHead(header, blocks));
  let room = true;
  for (const block of blocks) if (block.length > 0) room = pipe.write(block);
  pipe.uncork();
  return room;
}

/** Calls `onMessage` for each whole message. A body is one buffer of its own, filled as it arrives: nothing is copied twice. */
export function readMessages(pipe: Readable, limit: number, onMessage: (message: Message) => void): void {
  const reader = new MessageReader(limit, onMessage);
  pipe.on('data', (chunk: Buffer) => {
    try {
      reader.push(chunk);
      giveBackMemory(chunk);
    } catch (error) {
      pipe.destroy(error instanceof Error ? error : new Error('a message that cannot be read'));
    }
  });
}

class MessageReader {
  readonly #limit: number;
  readonly #onMessage: (message: Message) => void;
  #part: 'prefix' | 'header' | 'body' = 'prefix';
  #target = new Uint8Array(PREFIX_BYTES);
  #filled = 0;
  #bodyBytes = 0;
  #header: unknown = null;

  constructor(limit: number, onMessage: (message: Message) => void) {
    this.#limit = limit;
    this.#onMessage = onMessage;
  }

  push(chunk: Buffer): void {
    let from = 0;
    while (from < chunk.length || this.#filled === this.#target.length) {
      const count = Math.min(chunk.length - from, this.#target.length - this.#filled);
      this.#target.set(chunk.subarray(from, from + count), this.#filled);
      this.#filled += count;
      from += count;
      if (this.#filled < this.#target.length) return;
      this.#advance();
    }
  }

  #advance(): void {
    const whole = this.#target;
    if (this.#part === 'prefix') {
      const { headerBytes, bodyBytes } = parseHead(whole, this.#limit);
      this.#bodyBytes = bodyBytes;
      this.#expect('header', headerBytes);
    } else if (this.#part === 'header') {
      this.#header = JSON.parse(Buffer.from(whole.buffer, 0, whole.length).toString());
      this.#expect('body', this.#bodyBytes);
    } else {
      const header = this.#header;
      this.#expect('prefix', PREFIX_BYTES);
      this.#onMessage({ header, body: whole });
    }
  }

  #expect(part: 'prefix' | 'header' | 'body', bytes: number): void {
    this.#part = part;
    // Every byte is written before the target is handed on.
    const buffer =
      bytes === PREFIX_BYTES ? new Uint8Array(PREFIX_BYTES) : new Uint8Array(Buffer.allocUnsafeSlow(bytes).buffer);
    this.#target = buffer;
    this.#filled = 0;
  }
}
