import { describe, expect, it } from 'vitest';
import { worldPoint } from '../geometry/points.ts';
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';
import { voxelCount, voxelOffset } from '../geometry/volumeGeometry.ts';
import { type KeyImageOverlay, renderKeyImage, scaleBarMm, scaleBarText } from './renderKeyImage.ts';
import type { RgbaImage } from './rgbaImage.ts';

/** A head-first volume whose slices are four times as thick as its pixels are wide. */
const geometry: VolumeGeometry = {
  size: [20, 20, 10],
  spacingMm: [1, 1, 4],
  originLps: worldPoint(0, 0, 0),
  direction: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
};
const window = { center: 0, width: 2 };
const volume = { geometry, scalars: new Int16Array(voxelCount(geometry)).fill(-1000) };

function overlay(style: KeyImageOverlay['style'], display: 'outline' | 'fill' | 'both'): KeyImageOverlay {
  const voxels = new Uint8Array(voxelCount(geometry));
  for (let j = 5; j < 15; j++) for (let i = 5; i < 15; i++) voxels[voxelOffset(geometry.size, i, j, 3)] = 2;
  return {
    style,
    layers: [{ size: geometry.size, voxels }],
    segments: [{ number: 2, layer: 0, color: '#ff8000', opacity: 0.2, display, visible: true }],
  };
}

function pixel(image: RgbaImage, x: number, y: number): number[] {
  const at = 4 * (Math.round(y) * image.width + Math.round(x));
  return [...image.rgba.slice(at, at + 3)];
}

describe('renderKeyImage', () => {
  it('keeps the aspect of the patient, not of the voxels', () => {
    const coronal = renderKeyImage(volume, [], { plane: 'coronal', index: 0, window, widthPx: 200 });
    expect([coronal.width, coronal.height]).toEqual([200, 400]);
  });

  it('draws the outline in the full colour at the border and a fifth of it inside', () => {
    const options = { plane: 'axial', index: 3, window, widthPx: 400, annotations: false } as const;
    const image = renderKeyImage(volume, [overlay('accepted', 'both')], options);
    expect(pixel(image, 100, 200)).toEqual([255, 128, 0]);
    expect(pixel(image, 200, 200)).toEqual([51, 26, 0]);
    expect(pixel(image, 50, 200)).toEqual([0, 0, 0]);
  });

  it('hatches and dashes a proposal: inside and border have gaps', () => {
    const options = { plane: 'axial', index: 3, window, widthPx: 400, annotations: false } as const;
    const image = renderKeyImage(volume, [overlay('proposed', 'both')], options);
    const inside = Array.from({ length: 24 }, (_, n) => pixel(image, 188 + n, 200)[0]!);
    expect(inside).toContain(0);
    expect(Math.max(...inside)).toBeGreaterThan(50);
    const border = Array.from({ length: 60 }, (_, n) => pixel(image, 100, 130 + n)[0]!);
    expect(border.some((v) => v > 250)).toBe(true);
    expect(border.some((v) => v < 200)).toBe(true);
  });

  it('leaves hidden segments and other slices alone', () => {
    const options = { plane: 'axial', index: 4, window, widthPx: 100, annotations: false } as const;
    const image = renderKeyImage(volume, [overlay('accepted', 'both')], options);
    expect(image.rgba.every((v, n) => v === (n % 4 === 3 ? 255 : 0))).toBe(true);
  });

  it('writes letters at the edges', () => {
    const image = renderKeyImage(volume, [], { plane: 'axial', index: 4, window, widthPx: 320 });
    const bright = (x0: number, x1: number): number => {
      let count = 0;
      for (let y = 150; y < 170; y++) for (let x = x0; x < x1; x++) if (pixel(image, x, y)[0]! > 200) count++;
      return count;
    };
    expect(bright(0, 16)).toBeGreaterThan(8);
    expect(bright(304, 320)).toBeGreaterThan(5);
    expect(bright(100, 200)).toBe(0);
  });
});

describe('the scale bar', () => {
  it('is a round length', () => {
    expect([104, 57, 49, 19, 10, 4.2].map(scaleBarMm)).toEqual([100, 50, 20, 10, 10, 2]);
    expect([100, 50, 10, 5].map(scaleBarText)).toEqual(['10 cm', '5 cm', '1 cm', '5 mm']);
  });
});
