/** The text part of formats that begin with lines: NRRD and MetaImage. */

export interface TextHeader {
  readonly lines: readonly string[];
  /** Offset of the first byte after the header. */
  readonly end: number;
}

/** A header longer than this is no header. */
const MAXIMUM_HEADER = 1 << 20;

/** @returns lines up to the first one for which `isLast` holds (included); null when there is none */
export function readTextHeader(bytes: Uint8Array, isLast: (line: string) => boolean): TextHeader | null {
  const lines: string[] = [];
  let line = '';
  const limit = Math.min(bytes.length, MAXIMUM_HEADER);
  for (let at = 0; at < limit; at++) {
    const byte = bytes[at] ?? 0;
    if (byte !== 0x0a) {
      if (byte !== 0x0d) line += String.fromCharCode(byte);
      continue;
    }
    lines.push(line);
    if (isLast(line)) return { lines, end: at + 1 };
    line = '';
  }
  return null;
}

/** @returns finite numbers of a line, separated by blanks, commas or brackets */
export function numbersOf(text: string): number[] {
  return text
    .split(/[\s,()]+/)
    .filter((part) => part !== '')
    .map(Number);
}

export function startsWithText(bytes: Uint8Array, text: string): boolean {
  if (bytes.length < text.length) return false;
  for (let n = 0; n < text.length; n++) if (bytes[n] !== text.charCodeAt(n)) return false;
  return true;
}
