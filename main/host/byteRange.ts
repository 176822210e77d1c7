/** The Range header of a request, for one range of bytes. @see RFC 9110, 14.1.2 */

/** Bytes [start, end). */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * @returns the range within `total` bytes; null where the whole is to be sent (no header, several ranges, or not understood);
 *   'unsatisfiable' where the range begins behind the end
 */
export function byteRange(header: string | null, total: number): ByteRange | null | 'unsatisfiable' {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match) return null;
  const [first, last] = [match[1] ?? '', match[2] ?? ''];
  if (first === '' && last === '') return null;
  if (first === '') {
    const length = Number(last);
    return length === 0 || total === 0 ? 'unsatisfiable' : { start: Math.max(0, total - length), end: total };
  }
  const start = Number(first);
  const end = last === '' ? total : Math.min(total, Number(last) + 1);
  if (last !== '' && Number(last) < start) return null;
  return start >= total ? 'unsatisfiable' : { start, end };
}
