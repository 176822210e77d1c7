import { describe, expect, it } from 'vitest';
import {
  applyWindow,
  automaticWindow,
  exactGrey,
  openingWindow,
  showsValues,
  windowedGrey,
  windowLut,
} from './windowLevel.ts';

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
  it('gives every type of whole numbers the same grey', () => {
    const values = [0, 1, 60, 99, 120];
    const reference = values.map((v) => Math.round(windowedGrey(v, window)));
    for (const Type of [Uint8Array, Int8Array, Uint16Array, Int16Array, Int32Array]) {
      const rgba = applyWindow(Type.from(values), window);
      expect(values.map((_, n) => rgba[4 * n])).toEqual(reference);
      expect(values.map((_, n) => rgba[4 * n + 3])).toEqual(values.map(() => 255));
    }
  });

  it('takes fractions as they are, below a width of 1 too', () => {
    const window = { center: 0.5, width: 0.5 };
    expect([0.25, 0.5, 0.75].map((value) => exactGrey(value, window))).toEqual([0, 127.5, 255]);
    const rgba = applyWindow(Float32Array.of(0.2, 0.5, 0.9), window);
    expect([rgba[0], rgba[4], rgba[8]]).toEqual([0, 128, 255]);
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

describe('showsValues', () => {
  const tissue = Int16Array.from({ length: 1000 }, (_, n) => (n < 400 ? 0 : 20 + (n % 120)));

  it('accepts a window that spreads the tissue over the greys, whatever the background', () => {
    expect(showsValues({ center: 80, width: 160 }, tissue)).toBe(true);
    expect(showsValues({ center: 120, width: 400 }, tissue)).toBe(true);
  });

  it('refuses a window in which all is nearly black', () => {
    expect(showsValues({ center: 470, width: 950 }, tissue)).toBe(false);
  });

  it('refuses a window in which nearly all is plain white or black', () => {
    expect(showsValues({ center: -300, width: 100 }, tissue)).toBe(false);
    expect(showsValues({ center: 134, width: 4 }, tissue)).toBe(false);
  });

  it('accepts any window for an image of one value', () => {
    expect(showsValues({ center: 470, width: 950 }, new Int16Array(50))).toBe(true);
  });
});

describe('openingWindow', () => {
  const values = Int16Array.from({ length: 1000 }, (_, n) => n % 140);

  it('takes the file at its word where values have a fixed scale', () => {
    const lung = { center: -600, width: 1500 };
    expect(openingWindow(lung, 'HU', values)).toBe(lung);
  });

  it('takes the automatic window for an MR that would open black', () => {
    const { center, width } = openingWindow({ center: 470, width: 950 }, '', values);
    expect(center).toBeCloseTo(70, -1);
    expect(width).toBeCloseTo(138, -1);
  });
});
