import { describe, expect, it } from 'vitest';
import { indexPoint, worldPoint } from '../geometry/points.ts';
import { indexToWorld, type VolumeGeometry } from '../geometry/volumeGeometry.ts';
import { bringOntoGrid, coverage, isSameGrid } from './bringOntoGrid.ts';

const [c, s] = [Math.cos(0.5), Math.sin(0.5)];
const straight: VolumeGeometry = {
  size: [6, 7, 5],
  spacingMm: [1, 1.5, 2],
  originLps: worldPoint(0, 0, 0),
  direction: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
};
/** Turned, left-handed, finer, and larger all around. */
const oblique: VolumeGeometry = {
  size: [40, 40, 40],
  spacingMm: [0.7, 0.7, 0.7],
  originLps: worldPoint(-4, -10, 16),
  direction: [
    [c, s, 0],
    [-s, c, 0],
    [0, 0, -1],
  ],
};

describe('a series brought onto another one’s grid', () => {
  it('keeps a ramp through the patient a ramp, exactly', () => {
    const ramp = (p: readonly number[]): number => 3 * (p[0] ?? 0) - 2 * (p[1] ?? 0) + 0.5 * (p[2] ?? 0) + 100;
    const scalars = new Float32Array(40 ** 3);
    let n = 0;
    for (let k = 0; k < 40; k++) {
      for (let j = 0; j < 40; j++) {
        for (let i = 0; i < 40; i++) scalars[n++] = ramp(indexToWorld(oblique, indexPoint(i, j, k)));
      }
    }
    const { volume, record } = bringOntoGrid({ geometry: oblique, scalars }, straight, 'T2');
    expect(record).toMatchObject({ step: 'regrid', channel: 'T2', size: [40, 40, 40] });
    n = 0;
    for (let k = 0; k < 5; k++) {
      for (let j = 0; j < 7; j++) {
        for (let i = 0; i < 6; i++) {
          expect(volume.scalars[n++]).toBeCloseTo(ramp(indexToWorld(straight, indexPoint(i, j, k))), 3);
        }
      }
    }
  });

  it('is handed through where it lies there already', () => {
    const scalars = new Int16Array(210);
    const moved = { ...straight, originLps: worldPoint(1e-5, 0, 0) };
    const { volume, record } = bringOntoGrid({ geometry: moved, scalars }, straight, 'T2');
    expect(volume.scalars).toBe(scalars);
    expect(record).toBeNull();
    expect(isSameGrid(straight, { ...straight, originLps: worldPoint(0.5, 0, 0) })).toBe(false);
    expect(isSameGrid(straight, { ...straight, spacingMm: [1, 1.5, 2.01] })).toBe(false);
  });

  it('holds its lowest value where it does not reach, and is refused below nine tenths', () => {
    const scalars = new Int16Array(210).fill(7);
    scalars[3] = -50;
    const shifted = (mm: number) => ({ geometry: { ...straight, originLps: worldPoint(0, 0, mm) }, scalars });
    const { volume } = bringOntoGrid(shifted(0.99), straight, 'T2');
    expect([...volume.scalars].some((v) => v < -40)).toBe(true);
    expect(coverage(straight, shifted(2.1).geometry)).toBeLessThan(0.9);
    expect(() => bringOntoGrid(shifted(2.1), straight, 'T2')).toThrow('covers only 79 %');
  });
});
