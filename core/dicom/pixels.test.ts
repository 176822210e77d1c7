import { expect, test } from 'vitest';
import { isoDate } from './dates.ts';
import { defaultWindow } from './defaultWindow.ts';
import { modalityScalarType, writeModalityValues } from './modalityValues.ts';
import { displayName } from './personName.ts';
import { storedValues } from './pixelValues.ts';
import { decodeRle } from './rle.ts';
import { reasonNotAnImage } from './sopClasses.ts';

function rleFrame(...planes: number[][]): Uint8Array {
  const header = new Uint32Array(16);
  header[0] = planes.length;
  let at = 64;
  for (const [n, plane] of planes.entries()) {
    header[n + 1] = at;
    at += plane.length;
  }
  return Uint8Array.from([...new Uint8Array(header.buffer), ...planes.flat()]);
}

test('unpacks runs, literals and no-operations of both byte planes', () => {
  const high = [0xfd, 0x01]; // four times 1
  const low = [0x80, 0x01, 7, 8, 0xff, 9]; // nothing; 7 8; twice 9
  expect([...new Uint16Array(decodeRle(rleFrame(high, low), 4, 2).buffer)]).toEqual([0x107, 0x108, 0x109, 0x109]);
});

test('refuses an RLE frame that ends too early or points outside', () => {
  const whole = rleFrame([0xfd, 0x01], [0x03, 1, 2, 3, 4]);
  for (let end = 0; end < whole.length; end++) {
    expect(() => decodeRle(whole.subarray(0, end), 4, 2)).toThrow(/damaged or cut short/);
  }
  const outside = rleFrame([0xfd, 0x01], [0xfd, 0x01]);
  outside.set([0xff, 0xff, 0xff, 0x7f], 8);
  expect(() => decodeRle(outside, 4, 2)).toThrow(/damaged or cut short/);
});

test('takes the sign from the high bit and drops what stands above it', () => {
  const description = { rows: 1, columns: 3, bitsAllocated: 16, bitsStored: 12, highBit: 11, signed: true };
  const bytes = new Uint8Array(Uint16Array.from([0xf7ff, 0x0800, 0x5fff]).buffer);
  expect([...storedValues(bytes, description)]).toEqual([2047, -2048, -1]);
  expect([...storedValues(bytes, { ...description, signed: false })]).toEqual([2047, 2048, 4095]);
});

test('shifts values that are stored in the upper bits', () => {
  const description = { rows: 1, columns: 1, bitsAllocated: 16, bitsStored: 12, highBit: 15, signed: false };
  expect([...storedValues(new Uint8Array(Uint16Array.from([0x1230]).buffer), description)]).toEqual([0x123]);
});

test('reads big-endian words', () => {
  const description = { rows: 1, columns: 2, bitsAllocated: 16, bitsStored: 16, highBit: 15, signed: true };
  expect([...storedValues(Uint8Array.from([0x01, 0x02, 0xff, 0xfe]), description, true)]).toEqual([0x102, -2]);
});

test('chooses int16 for whole, shared rescales that fit, else float32 or int32', () => {
  const frame = { slope: 1, intercept: -1024, minimum: 0, maximum: 4095 };
  expect(modalityScalarType([frame, frame])).toBe('int16');
  expect(modalityScalarType([frame, { ...frame, slope: 2 }])).toBe('float32');
  expect(modalityScalarType([{ ...frame, slope: 0.5 }])).toBe('float32');
  expect(modalityScalarType([{ ...frame, maximum: 65_535 }])).toBe('float32');
  expect(modalityScalarType([{ ...frame, maximum: 2 ** 30 }])).toBe('int32');
});

test('applies slope and intercept in double precision', () => {
  const out = new Float32Array(2);
  writeModalityValues(Uint16Array.from([3, 65_535]), { slope: 0.1, intercept: -7 }, out, 0);
  expect([...out]).toEqual([Math.fround(3 * 0.1 - 7), Math.fround(65_535 * 0.1 - 7)]);
});

test('proposes the window of the file, soft tissue for CT, percentiles for the rest', () => {
  const scalars = Float32Array.from({ length: 1000 }, (_, n) => n);
  const range = { min: 0, max: 999 };
  expect(defaultWindow({ center: 50, width: 350 }, 'CT', scalars, range)).toEqual({ center: 50, width: 350 });
  expect(defaultWindow({ center: 0, width: 0 }, 'CT', scalars, range)).toEqual({ center: 40, width: 400 });
  const mr = defaultWindow(null, 'MR', scalars, range);
  expect(mr.center).toBeCloseTo(500, -1);
  expect(mr.width).toBeCloseTo(980, -1);
  expect(defaultWindow(null, 'MR', new Float32Array(8), { min: 0, max: 0 }).width).toBeGreaterThan(0);
});

test('writes dates and names as people read them', () => {
  expect(isoDate('20090527')).toBe('2009-05-27');
  expect(isoDate('1997.04.24')).toBe('1997-04-24');
  expect(isoDate('20091327')).toBe('');
  expect(displayName('Doe^Jane^Q^Dr')).toBe('Doe, Dr Jane Q');
  expect(displayName('Yamada^Tarou=山田^太郎=やまだ^たろう')).toBe('Yamada, Tarou (山田, 太郎)');
  expect(displayName('')).toBe('');
});

test('says why structure sets, reports and segmentations are left out, and lets images through', () => {
  expect(reasonNotAnImage('1.2.840.10008.5.1.4.1.1.481.3')).toContain('RT structure sets');
  expect(reasonNotAnImage('1.2.840.10008.5.1.4.1.1.66.4')).toContain('segmentations');
  expect(reasonNotAnImage('1.2.840.10008.5.1.4.1.1.88.33')).toContain('reports');
  expect(reasonNotAnImage('1.2.840.10008.5.1.4.1.1.2')).toBeNull();
  expect(reasonNotAnImage('1.2.840.10008.5.1.4.1.1.4.1')).toBeNull();
  expect(reasonNotAnImage('1.2.840.10008.5.1.4.1.1.128')).toBeNull();
});
