import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import wabt from 'wabt';
import { storedRange } from '../../core/dicom/modalityValues.ts';
import { decodeRle } from '../../core/dicom/rle.ts';
import { decodeRle16, storedRange16 } from './simdPixels.ts';
import { SIMD_PIXELS } from './simdPixelsCode.ts';

test('the code is what its text assembles to', async () => {
  const text = readFileSync(join(import.meta.dirname, 'simdPixels.wat'), 'utf8');
  const { buffer } = (await wabt()).parseWat('simdPixels.wat', text, { simd: true }).toBinary({});
  expect(Buffer.from(buffer).toString('base64')).toBe(SIMD_PIXELS);
});

/** Any two planes, packed at random: whole, too long, cut short, or with a header that lies. */
const frames = fc
  .record({
    planes: fc.tuple(fc.uint8Array({ maxLength: 400 }), fc.uint8Array({ maxLength: 400 })),
    startOfLow: fc.option(fc.nat(900), { freq: 9 }),
  })
  .map(({ planes: [high, low], startOfLow }) => {
    const header = Uint32Array.of(2, 64, startOfLow ?? 64 + high.length, ...Array.from({ length: 13 }, () => 0));
    return Buffer.concat([new Uint8Array(header.buffer), high, low]);
  });

test('unpacks what the plain loop unpacks, and refuses what it refuses', () => {
  const outcome = (decode: () => Uint8Array) => {
    try {
      return Buffer.from(decode()).toString('hex');
    } catch (error) {
      return String(error);
    }
  };
  fc.assert(
    fc.property(frames, fc.integer({ min: 1, max: 300 }), (frame, pixels) => {
      expect(outcome(() => decodeRle16(frame, pixels))).toBe(outcome(() => decodeRle(frame, pixels, 2)));
    }),
    { numRuns: 2000 },
  );
});

test('finds the range that the plain loop finds', () => {
  fc.assert(
    fc.property(fc.int16Array({ maxLength: 70 }), (values) => {
      expect(storedRange16(values)).toEqual(storedRange(values));
    }),
  );
  expect(storedRange16(Uint16Array.of(9, 65_535, 3))).toEqual({ minimum: 3, maximum: 65_535 });
});
