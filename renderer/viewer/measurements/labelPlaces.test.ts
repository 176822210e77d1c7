import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LabelledShape, labelPlaces } from './labelPlaces.ts';

const view = { width: 500, height: 350 };
const line = (x: number, y: number): LabelledShape => ({
  points: [
    [x, y],
    [x + 60, y],
  ],
  width: 70,
  height: 16,
});

describe('labelPlaces', () => {
  it('stands to the right of the measurement, at its middle', () => {
    expect(labelPlaces([line(100, 100)], view)).toEqual([[170, 92]]);
  });

  it('goes to the left where the view ends', () => {
    expect(labelPlaces([line(400, 100)], view)).toEqual([[320, 92]]);
  });

  it('leaves out what lies outside of the view', () => {
    expect(labelPlaces([line(-200, 100), line(100, 900)], view)).toEqual([null, null]);
  });

  it('keeps the labels of measurements at one place apart', () => {
    const places = labelPlaces([line(200, 150), line(202, 152), line(198, 148), line(200, 151)], view);
    for (const [n, a] of places.entries()) {
      for (const b of places.slice(n + 1)) {
        const isApart = Math.abs((a?.[0] ?? 0) - (b?.[0] ?? 0)) >= 70 || Math.abs((a?.[1] ?? 0) - (b?.[1] ?? 0)) >= 16;
        expect(isApart).toBe(true);
      }
    }
  });

  it('rather lies over another measurement than far from its own', () => {
    const upright: LabelledShape = {
      points: [
        [400, 30],
        [400, 320],
      ],
      width: 70,
      height: 16,
    };
    const [, place] = labelPlaces([upright, line(420, 60)], view);
    expect(Math.abs((place?.[1] ?? 0) - 60)).toBeLessThan(60);
  });

  it('never leaves the view', () => {
    const coordinate = fc.integer({ min: -50, max: 550 });
    fc.assert(
      fc.property(fc.array(fc.tuple(coordinate, coordinate), { maxLength: 12 }), (corners) => {
        for (const place of labelPlaces(
          corners.map(([x, y]) => line(x, y)),
          view,
        )) {
          if (place === null) continue;
          expect(place[0]).toBeGreaterThanOrEqual(0);
          expect(place[1]).toBeGreaterThanOrEqual(0);
          expect(place[0] + 70).toBeLessThanOrEqual(view.width);
          expect(place[1] + 16).toBeLessThanOrEqual(view.height);
        }
      }),
    );
  });
});
