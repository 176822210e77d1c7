import { describe, expect, it } from 'vitest';
import { worldPoint } from '../geometry/points.ts';
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';
import { extractSlice } from './extractSlice.ts';
import {
  AGAINST_COLOR,
  blendScalars,
  DOUBT_COLOR,
  doubtRamp,
  FOR_COLOR,
  rampTable,
  signedBytes,
  signedTable,
} from './scalarOverlay.ts';
import { applyWindow } from './windowLevel.ts';

describe('rampTable', () => {
  it('is clear up to the beginning, full at the end, and grows in between', () => {
    const alphas = rampTable({ from: 0.2, to: 0.6, opacity: 0.8 });
    expect(alphas).toHaveLength(256);
    expect(alphas[0]).toBe(0);
    expect(alphas[51]).toBeCloseTo(0, 6);
    expect(alphas[102]).toBeCloseTo(0.4, 6);
    expect(alphas[153]).toBeCloseTo(0.8, 6);
    expect(alphas[255]).toBeCloseTo(0.8, 6);
    for (let byte = 1; byte < 256; byte++) expect(alphas[byte]).toBeGreaterThanOrEqual(alphas[byte - 1] ?? 0);
  });
});

describe('doubtRamp', () => {
  it('is full where two classes are equally likely, however many there are', () => {
    for (const classes of [2, 3, 9, 104]) {
      const entropy = Math.LN2 / Math.log(classes);
      expect(doubtRamp(classes, 0.7).to).toBeCloseTo(entropy, 12);
    }
  });

  it('is clear where one class has 98 %', () => {
    const entropy = (p: number) => -(p * Math.log(p) + (1 - p) * Math.log(1 - p));
    expect(entropy(0.982) / Math.LN2).toBeLessThan(doubtRamp(2, 1).from);
    expect(entropy(0.975) / Math.LN2).toBeGreaterThan(doubtRamp(2, 1).from);
  });
});

describe('blendScalars', () => {
  const overlay = { color: DOUBT_COLOR, alphas: rampTable({ from: 0, to: 1, opacity: 1 }) };

  it('leaves pixels without doubt as they are, and opaque', () => {
    const rgba = Uint8ClampedArray.of(10, 20, 30, 255, 90, 90, 90, 255);
    blendScalars(rgba, [0, 0], overlay);
    expect([...rgba]).toEqual([10, 20, 30, 255, 90, 90, 90, 255]);
  });

  it('mixes by the share of the colour', () => {
    const rgba = Uint8ClampedArray.of(100, 100, 100, 255, 0, 0, 0, 255);
    blendScalars(rgba, [51, 255], overlay);
    expect([...rgba]).toEqual([131, 115, 80, 255, 255, 176, 0, 255]);
  });

  it('takes another colour below the zero of a signed map, and none at it', () => {
    const values = signedBytes(Float32Array.of(-0.2, 0, 0.1, 0.4), 0.2);
    expect([...values]).toEqual([1, 128, 192, 255]);
    const rgba = new Uint8ClampedArray(16);
    const signed = { color: FOR_COLOR, below: AGAINST_COLOR, alphas: signedTable(1) };
    blendScalars(rgba, values, signed);
    expect([...rgba.subarray(0, 3)]).toEqual([...AGAINST_COLOR]);
    expect([...rgba.subarray(4, 7)]).toEqual([0, 0, 0]);
    expect([...rgba.subarray(8, 11)]).toEqual(FOR_COLOR.map((c) => Math.round((c * 64) / 127)));
    expect([...rgba.subarray(12, 15)]).toEqual([...FOR_COLOR]);
  });

  it('lies on the voxels that it belongs to, where the grid’s axes are turned over too', () => {
    // The second: axes to the right and to the front; on screen both run the other way.
    for (const sign of [1, -1]) {
      const geometry: VolumeGeometry = {
        size: [3, 2, 2],
        spacingMm: [1, 1, 1],
        originLps: worldPoint(0, 0, 0),
        direction: [
          [sign, 0, 0],
          [0, sign, 0],
          [0, 0, 1],
        ],
      };
      const scalars = Int16Array.from({ length: 12 }, (_, n) => n);
      const values = new Uint8Array(12);
      const doubtful = 2 + 3 * (1 + 2 * 1);
      values[doubtful] = 255;
      const grey = extractSlice({ geometry, scalars }, 'axial', 1);
      const rgba = applyWindow(grey.values, { center: 6, width: 12 });
      blendScalars(rgba, extractSlice({ geometry, scalars: values }, 'axial', 1).values, overlay);
      const amber = [...grey.values].flatMap((value, n) =>
        rgba[4 * n + 2] === 0 && rgba[4 * n] === 255 ? [value] : [],
      );
      expect(amber).toEqual([doubtful]);
    }
  });
});
