import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { worldPoint } from '#core/geometry/points.ts';
import { sliceLayout } from '#core/rendering/sliceLayout.ts';
import { cameraShowing, FITTED, panned, sliceTransform, toScreen, toSlicePixel, zoomedAt } from './sliceTransform.ts';

const layout = sliceLayout(
  {
    size: [200, 100, 50],
    spacingMm: [0.5, 1, 2],
    originLps: worldPoint(0, 0, 0),
    direction: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
  },
  'coronal',
);
const view = { width: 500, height: 400 };
const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const cameras = fc.record({ zoom: number(0.3, 20), panMm: fc.tuple(number(-80, 80), number(-80, 80)) });

describe('sliceTransform', () => {
  it('fits the whole slice into the middle of the view, in millimetres', () => {
    // 200 × 50 voxels of 0.5 × 2 mm are 100 × 100 mm: the view's height decides.
    const t = sliceTransform(layout, view, FITTED);
    expect(t).toEqual({ pixelsPerMm: 4, scaleX: 2, scaleY: 8, left: 50, top: 0 });
  });

  it('goes to the screen and back exactly', () => {
    fc.assert(
      fc.property(cameras, number(-50, 300), number(-50, 300), (camera, column, row) => {
        const t = sliceTransform(layout, view, camera);
        const back = toSlicePixel(t, ...toScreen(t, column, row));
        expect(back[0]).toBeCloseTo(column, 6);
        expect(back[1]).toBeCloseTo(row, 6);
      }),
    );
  });

  it('zooms about the pointer: what lies under it stays under it', () => {
    fc.assert(
      fc.property(cameras, number(0.5, 2), number(0, 500), number(0, 400), (camera, factor, x, y) => {
        const before = toSlicePixel(sliceTransform(layout, view, camera), x, y);
        const after = toSlicePixel(sliceTransform(layout, view, zoomedAt(layout, view, camera, factor, x, y)), x, y);
        expect(after[0]).toBeCloseTo(before[0], 5);
        expect(after[1]).toBeCloseTo(before[1], 5);
      }),
    );
  });

  it('pans by as many pixels as the pointer moves', () => {
    const camera = { zoom: 3, panMm: [4, -7] as const };
    const before = toScreen(sliceTransform(layout, view, camera), 10, 10);
    const after = toScreen(sliceTransform(layout, view, panned(layout, view, camera, 31, -12)), 10, 10);
    expect(after[0] - before[0]).toBeCloseTo(31, 9);
    expect(after[1] - before[1]).toBeCloseTo(-12, 9);
  });
});

describe('cameraShowing', () => {
  it('leaves a slice that fits its view, and a place that is in sight, where they are', () => {
    expect(cameraShowing(layout, view, FITTED, 0, 0)).toBe(FITTED);
    const near = { zoom: 4, panMm: [0, 0] as const };
    expect(cameraShowing(layout, view, near, 104, 26)).toBe(near);
  });

  it('brings a place out of sight to the middle of the view, at the same zoom', () => {
    fc.assert(
      fc.property(number(1.5, 20), number(0, 199), number(0, 49), (zoom, column, row) => {
        const away = { zoom, panMm: [500, 500] as const };
        const camera = cameraShowing(layout, view, away, column, row);
        expect(camera.zoom).toBe(zoom);
        const [x, y] = toScreen(sliceTransform(layout, view, camera), column, row);
        expect(x).toBeCloseTo(view.width / 2, 6);
        expect(y).toBeCloseTo(view.height / 2, 6);
      }),
    );
  });
});
