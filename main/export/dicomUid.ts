/** Our DICOM UIDs: the root 2.25 and a UUID as a decimal number. @see DICOM PS3.5 B.2 */
import { createHash, randomUUID } from 'node:crypto';

function uidOf(hex: string): string {
  return `2.25.${BigInt(`0x${hex}`)}`;
}

/** @returns a UID that nobody has had before */
export function newUid(): string {
  return uidOf(randomUUID().replaceAll('-', ''));
}

/**
 * The same words give the same UID, on every machine: a UUID of version 8 (custom) from their SHA-256.
 * @param parts what the UID is of, e.g. ('frame-of-reference', seriesInstanceUid)
 */
export function derivedUid(...parts: readonly string[]): string {
  const bytes = createHash('sha256').update(parts.join('\0')).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return uidOf(bytes.toString('hex'));
}
