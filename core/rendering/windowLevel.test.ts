import { describe, expect, it } from 'vitest';
import { applyWindow, automaticWindow, windowedGrey, windowLut } from './windowLevel.ts';

describe('windowedGrey', () => {
  it('follows the linear function of PS3.3 C.11.2.1.2.1 at its corners', () => {
    const window = { center: 40, width: 400 };
    expect(windowedGrey(40 - 0.5 - 399 / 2, window)).toBe(0);
    expect(windowedGrey(40 - 0.5 + 399 / 2, window)).toBe(255);
    expect(windowedGrey(39.5, window)).toBeCloseTo(127.5, 9);
    expect(windowedGrey(-1000, window)).toBe(0);
    expect(windowedGrey(3000, window)).toBe(255);
  });

  it('inverts', () => {
    expect(windowedGrey(-1000, { center: 40, width: 400, invert: true })).toBe(255);
  });

  it('is a threshold at width 1', () => {
    expect([99, 100, 101].map((v) => windowedGrey(v, { center: 100, width: 1 }))).toEqual([0, 255, 255]);
  });
});

describe('applyWindow', () => {
  const window = { center: 40, width: 400 };
  it('gives every type of scalar the same grey', () => {
    const values = [0, 1, 60, 99, 120];
    const reference = values.map((v) => Math.round(windowedGrey(v, window)));
    for (const Type of [Uint8Array, Int8Array, Uint16Array, Int16Array, Int32Array, Float32Array]) {
      const rgba = applyWindow(Type.from(values), window);
      expect(values.map((_, n) => rgba[4 * n])).toEqual(reference);
      expect(values.map((_, n) => rgba[4 * n + 3])).toEqual(values.map(() => 255));
    }
  });

  it('reaches the ends of int16 and uint16', () => {
    const rgba = applyWindow(Int16Array.of(-32768, 32767), windowLut(window));
    expect([rgba[0], rgba[4]]).toEqual([0, 255]);
    expect(applyWindow(Uint16Array.of(65535), windowLut(window))[0]).toBe(255);
  });
});

describe('automaticWindow', () => {
  it('spans the bulk of the values and leaves single bright voxels out', () => {
    const scalars = Float32Array.from({ length: 10_000 }, (_, n) => n % 1000);
    scalars[5] = 1e9;
    const { center, width } = automaticWindow(scalars);
    expect(center).toBeGreaterThan(450);
    expect(center).toBeLessThan(550);
    expect(width).toBeLessThanOrEqual(1000);
  });
});
