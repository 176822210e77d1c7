/**
 * Gives a buffer's memory back at once. Left to the collector, the pieces that ciphers and pipes hand out pile up by the hundred
 * megabytes: each lies in fresh memory (page faults, cold caches), and V8 collects the whole heap again and again because of them.
 */

/** ES2024; the library that we compile against is a year older. */
type Transferable = ArrayBuffer & { transfer(byteLength: number): ArrayBuffer };

/** @param bytes must not be used afterwards; where it is a part of a larger buffer nothing happens */
export function giveBackMemory({ buffer, byteLength }: ArrayBufferView): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) (buffer as Transferable).transfer(0);
}
