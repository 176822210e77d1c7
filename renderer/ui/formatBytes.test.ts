import { describe, expect, it } from 'vitest';
import { formatBytes } from './formatBytes.ts';

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [68_213_000, '68 MB'],
    [999_900_000, '1.0 GB'],
    [41_200_000_000, '41.2 GB'],
    [120_000_000_000, '120 GB'],
  ])('%d bytes are "%s"', (bytes, words) => expect(formatBytes(bytes)).toBe(words));
});
