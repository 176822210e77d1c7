/**
 * Voxels do not travel with the messages, which copy what they carry several times: they go raw through a pipe beside the channel,
 * in both directions. Both sides know from the order how many bytes come, so the pipe needs no frames of its own.
 * The process has nothing else to do meanwhile and uses blocking calls; the host never waits in one.
 */
import { readSync, writeSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { giveBackMemory } from '#core/memory/giveBackMemory.ts';

/** Its file descriptor in the process; an index of `stdio` in the host. */
export const VOXEL_PIPE = 4;

/** Systems have limits for one write. */
const PIECE_BYTES = 64 * 2 ** 20;

/** The host's way to send: nothing is copied, so the bytes must stay as they are until the process has them. */
export function sendToProcess(pipe: Writable, bytes: Uint8Array): void {
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) pipe.write(bytes.subarray(from, from + PIECE_BYTES));
}

/**
 * The host's way to receive: as many pieces as lengths. Never settles when the process ends before, or the signal says that nobody waits any more.
 * @param arrived called when a piece is whole
 * @throws Error when more comes than was announced
 */
export function receiveFromProcess(
  pipe: Readable,
  byteLengths: readonly number[],
  signal: AbortSignal,
  arrived: (piece: number, bytes: Uint8Array) => void = () => {},
): Promise<Uint8Array[]> {
  if (byteLengths.length === 0) return Promise.resolve([]);
  return new Promise((resolve, reject) => {
    const pieces = byteLengths.map((length) => new Uint8Array(length));
    let piece = 0;
    let filled = 0;
    const take = (chunk: Buffer): void => {
      for (let from = 0; from < chunk.length; ) {
        const target = pieces[piece];
        if (!target) {
          reject(new Error('more bytes from the process than were announced'));
          return;
        }
        const count = Math.min(chunk.length - from, target.length - filled);
        target.set(chunk.subarray(from, from + count), filled);
        from += count;
        filled += count;
        if (filled < target.length) continue;
        arrived(piece, target);
        piece++;
        filled = 0;
      }
      giveBackMemory(chunk);
      if (piece === pieces.length) resolve(pieces);
    };
    pipe.on('data', take).resume();
    signal.addEventListener('abort', () => pipe.off('data', take).pause(), { once: true });
  });
}

/** The process's way to send. */
export function sendToHost(bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(VOXEL_PIPE, bytes, done, Math.min(PIECE_BYTES, bytes.length - done));
  }
}

/** The process's way to receive: fills the bytes. @throws Error when the host is gone */
export function receiveFromHost(bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) {
    const count = readSync(VOXEL_PIPE, bytes, done, Math.min(PIECE_BYTES, bytes.length - done), null);
    if (count === 0) throw new Error('the host is gone');
    done += count;
  }
}
