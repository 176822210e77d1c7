import { describe, expect, it } from 'vitest';
import { worldPoint } from '#core/geometry/points.ts';
import type { VolumeGeometry } from '#core/geometry/volumeGeometry.ts';
import { geometryNotes, geometryWarnings, isUncertain } from './seriesNotes.ts';

const geometry: VolumeGeometry = {
  size: [10, 10, 10],
  spacingMm: [1, 1, 2],
  originLps: worldPoint(0, 0, 0),
  direction: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
};
const missing = { code: 'series/missing-slice', message: 'One slice is missing at 4.0 mm.' };
const lossy = { code: 'series/lossy-compression', message: 'Compressed with loss.' };
const tilt = { code: 'series/gantry-tilt', message: 'Sheared by 12°.' };

describe('geometryNotes', () => {
  it('keeps to what concerns places and lengths', () => {
    expect(geometryWarnings([lossy, missing, tilt])).toEqual([missing, tilt]);
    expect(geometryNotes([lossy])).toEqual([]);
    expect(geometryNotes([missing, lossy])).toHaveLength(1);
  });
});

describe('isUncertain', () => {
  const across = { pointsLps: [[1, 1, 2] as const, [5, 1, 6] as const].map((p) => [...p] as [number, number, number]) };
  const within = { pointsLps: [[1, 1, 2] as const, [5, 1, 2] as const].map((p) => [...p] as [number, number, number]) };

  it('holds for a length across the slices of a stack with a gap', () => {
    expect(isUncertain(across, [missing], geometry)).toBe(true);
  });

  it('does not hold within a slice, or for an even stack', () => {
    expect(isUncertain(within, [missing], geometry)).toBe(false);
    expect(isUncertain(across, [lossy, tilt], geometry)).toBe(false);
  });
});
