import { describe, expect, it } from 'vitest';
import { localStatistics } from './localStatistics.ts';
import { testSlice } from './testSlice.ts';
import { usualPlace } from './usualPlace.ts';

const RADIUS_MM = 6;
const NOISE = 12;
const at = { x: 60, y: 45 };
const far = (x: number, y: number): number => Math.hypot(x - at.x, y - at.y);

describe('where the values of what was clicked are looked at', () => {
  it('is the click where it scatters as its surroundings do', () => {
    const slice = testSlice(() => 100);
    expect(usualPlace(slice, at, RADIUS_MM)).toMatchObject(at);
  });

  it('is beside the vessels that lie around it', () => {
    // Tissue is left at the click and between bright vessels that fill nearly half of the disc.
    const slice = testSlice((x, y) => (far(x, y) < 4.5 && far(x, y) > 2.85 ? 300 : 100));
    const own = localStatistics(slice, at.x, at.y, RADIUS_MM).deviation;
    expect(own).toBeGreaterThan(2.5 * NOISE);
    const { about } = usualPlace(slice, at, RADIUS_MM);
    expect(about.deviation).toBeLessThan(own / 1.8);
    expect(Math.abs(about.median - 100)).toBeLessThan(NOISE);
  });

  it('is the click on something thin that scatters less than what it is like around it', () => {
    const isVessel = (y: number): boolean => Math.abs(y - at.y) < 4;
    const slice = testSlice((x, y) => (isVessel(y) ? 100 : (x + y) % 2 === 0 ? 20 : 180));
    expect(usualPlace(slice, at, RADIUS_MM)).toMatchObject(at);
  });

  it('is the click on something that nothing around is like: a small lesion in a large organ', () => {
    const slice = testSlice((x, y) => (far(x, y) < 3 ? 30 : 100));
    expect(usualPlace(slice, at, RADIUS_MM)).toMatchObject(at);
  });

  it('is inside of the slice for a click in its corner', () => {
    const slice = testSlice((x, y) => (x + y < 3 ? 300 : 100));
    const { x, y } = usualPlace(slice, { x: 0, y: 0 }, RADIUS_MM);
    expect(x >= 0 && y >= 0 && x < slice.width && y < slice.height).toBe(true);
  });
});
