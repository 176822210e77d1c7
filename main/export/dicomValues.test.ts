import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dicomCieLab } from './cieLab.ts';
import { derivedUid, newUid } from './dicomUid.ts';
import { decimalString } from './writeDicomFile.ts';

describe('decimalString', () => {
  test('keeps any number to 16 characters and to seven digits of its value', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }), (value) => {
        const text = decimalString(value);
        expect(text.length).toBeLessThanOrEqual(16);
        expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(1e-7 * Math.abs(value));
      }),
    );
  });
});

describe('UIDs', () => {
  test('are derived from words, the same each time and other for other words', () => {
    expect(derivedUid('a', 'b')).toBe(derivedUid('a', 'b'));
    expect(derivedUid('a', 'b')).not.toBe(derivedUid('ab', ''));
    expect(newUid()).not.toBe(newUid());
    for (const uid of [derivedUid('a'), newUid()]) expect(uid).toMatch(/^2\.25\.[1-9]\d{0,38}$/);
  });
});

describe('dicomCieLab', () => {
  test('puts white, black and grey where the standard scales them', () => {
    const [l, a, b] = dicomCieLab('#ffffff');
    expect(l).toBeGreaterThan(65_500);
    // a = b = 0 is 128/255 of the range.
    expect(Math.abs(a - 32_896)).toBeLessThan(60);
    expect(Math.abs(b - 32_896)).toBeLessThan(60);
    expect(dicomCieLab('#000000')[0]).toBe(0);
    // sRGB #777777 is L* 50.0.
    expect(dicomCieLab('#777777')[0] / 655.35).toBeCloseTo(50, 0);
  });
});
