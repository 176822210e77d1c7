import { describe, expect, it } from 'vitest';
import { worldPoint } from '../geometry/points.ts';
import { placesOfDoubt } from './placesOfDoubt.ts';
import { testManifest } from './testManifest.ts';

const SIDE = 60;
const { classes, output } = testManifest({});

/** @param at doubt 0 … 255 and label of a voxel */
function result(at: (i: number, j: number, k: number) => { doubt: number; label: number }, spacing = 1) {
  const doubt = new Uint8Array(SIDE ** 3);
  const labels = new Uint8Array(SIDE ** 3);
  for (let n = 0; n < doubt.length; n++) {
    const voxel = at(n % SIDE, Math.floor(n / SIDE) % SIDE, Math.floor(n / SIDE ** 2));
    doubt[n] = voxel.doubt;
    labels[n] = voxel.label;
  }
  const direction = [
    [-1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ] as const;
  const geometry = {
    size: [SIDE, SIDE, SIDE] as const,
    spacingMm: [spacing, spacing, spacing] as const,
    originLps: worldPoint(100, -20, 5),
    direction,
  };
  return { geometry, labels, doubt, classes, output };
}

const distance = (i: number, j: number, k: number, x: number, y: number, z: number): number =>
  Math.hypot(i - x, j - y, k - z);

describe('places of doubt', () => {
  it('are the thick ones and not the thin border around a structure', () => {
    // A ball with a border one voxel thick, and two balls of doubt on it.
    const places = placesOfDoubt(
      result((i, j, k) => {
        const r = distance(i, j, k, 30, 30, 30);
        const large = distance(i, j, k, 50, 30, 30) < 5;
        const small = distance(i, j, k, 30, 10, 30) < 3;
        const border = Math.abs(r - 20) < 0.5;
        return { doubt: large || small ? 250 : border ? 230 : 0, label: r < 20 ? 1 : 0 };
      }),
    );
    expect(places.length).toBe(2);
    const [large, small] = places;
    expect(large?.doubtMl).toBeGreaterThan(0.4);
    expect(large?.doubtMl).toBeLessThan(0.65);
    expect(large?.doubtMl).toBeGreaterThan(2 * (small?.doubtMl ?? 9));
    // i runs to the right: x falls.
    expect(Math.hypot((large?.centreLps[0] ?? 0) - 50, (large?.centreLps[1] ?? 0) - 10)).toBeLessThan(2);
    expect(Math.hypot((small?.centreLps[0] ?? 0) - 70, (small?.centreLps[1] ?? 0) + 10)).toBeLessThan(2);
    expect(large?.peak).toBeCloseTo(250 / 255);
    expect(large?.classes.map((c) => c.name).sort()).toEqual(['Background', 'Bright']);
  });

  it('never reach over a whole surface: a thick shell becomes several of bounded size', () => {
    const places = placesOfDoubt(
      result((i, j, k) => {
        const r = distance(i, j, k, 30, 30, 30);
        return { doubt: Math.abs(r - 22) < 2.5 ? 255 : 0, label: r < 22 ? 1 : 0 };
      }),
    );
    expect(places.length).toBe(20);
    const ball = (4 / 3) * Math.PI * 9 ** 3;
    for (const { voxels } of places) expect(voxels).toBeLessThan(ball);
    const volumes = places.map((p) => p.doubtMl);
    expect(volumes).toEqual([...volumes].sort((a, b) => b - a));
  });

  it('measure in millilitres, whatever the spacing', () => {
    const ball = (spacing: number) =>
      placesOfDoubt(
        result((i, j, k) => ({ doubt: distance(i, j, k, 30, 30, 30) * spacing < 4 ? 255 : 0, label: 0 }), spacing),
      )[0]?.doubtMl ?? 0;
    const expected = ((4 / 3) * Math.PI * 4 ** 3) / 1000;
    expect(ball(0.5)).toBeCloseTo(expected, 1);
    expect(ball(1)).toBeCloseTo(expected, 1);
  });

  it('are the thin border where there is no other doubt', () => {
    const places = placesOfDoubt(result((_, __, k) => ({ doubt: k === 30 ? 255 : 0, label: k < 30 ? 0 : 1 })));
    expect(places.length).toBeGreaterThan(0);
    expect(places[0]?.classes.length).toBe(2);
  });

  it('are none where there is no doubt', () => {
    expect(placesOfDoubt(result(() => ({ doubt: 40, label: 1 })))).toEqual([]);
  });
});
