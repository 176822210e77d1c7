import { describe, expect, it } from 'vitest';
import { byteRange } from './byteRange.ts';

describe('byteRange', () => {
  it.each([
    ['bytes=0-99', { start: 0, end: 100 }],
    ['bytes=900-', { start: 900, end: 1000 }],
    ['bytes=-100', { start: 900, end: 1000 }],
    ['bytes=-5000', { start: 0, end: 1000 }],
    ['bytes=990-5000', { start: 990, end: 1000 }],
    ['bytes=999-999', { start: 999, end: 1000 }],
  ])('reads %s of 1000 bytes', (header, range) => {
    expect(byteRange(header, 1000)).toEqual(range);
  });

  it.each([null, '', 'bytes=', 'bytes=-', 'bytes=5-2', 'bytes=0-1,4-5', 'lines=0-1', 'bytes=a-b', 'bytes= 0-1'])(
    'answers the whole for %j',
    (header) => {
      expect(byteRange(header, 1000)).toBeNull();
    },
  );

  it.each(['bytes=1000-', 'bytes=1000-1001', 'bytes=-0'])('cannot satisfy %s of 1000 bytes', (header) => {
    expect(byteRange(header, 1000)).toBe('unsatisfiable');
  });
});
