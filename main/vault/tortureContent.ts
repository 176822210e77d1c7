/** Bytes that a seed stands for, so that two processes of a test agree on an object's content without telling each other. */
import { createCipheriv, createHash } from 'node:crypto';

/** @returns 0.2 to 3.2 MB, pseudo-random */
export function contentOf(seed: string): Buffer {
  const hash = createHash('sha256').update(seed).digest();
  const size = 200_000 + (hash.readUInt32LE(0) % 3_000_000);
  return createCipheriv('aes-256-ctr', hash, Buffer.alloc(16)).update(Buffer.alloc(size));
}
