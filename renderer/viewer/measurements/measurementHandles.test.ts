import { describe, expect, it } from 'vitest';
import { worldPoint } from '#core/geometry/points.ts';
import { sliceLayout } from '#core/rendering/sliceLayout.ts';
import { handlesOf } from './measurementHandles.ts';

const coronal = sliceLayout(
  {
    size: [20, 20, 20],
    spacingMm: [1, 1, 1],
    originLps: worldPoint(0, 0, 0),
    direction: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
  },
  'coronal',
);

describe('handlesOf', () => {
  it('gives a length its two ends, free to go anywhere', () => {
    expect(
      handlesOf(
        'length',
        [
          [1, 2],
          [30, 40],
        ],
        coronal,
      ).map(({ at, axis }) => [...at, axis]),
    ).toEqual([
      [1, 2, null],
      [30, 40, null],
    ]);
  });

  it('puts the handles of an ellipse on it, each moving one side', () => {
    const handles = handlesOf(
      'ellipse',
      [
        [10, 20],
        [50, 40],
      ],
      coronal,
    );
    // Across the screen a coronal slice runs along i, down the screen along k.
    expect(handles.map(({ at, point, axis }) => [...at, point, axis])).toEqual([
      [10, 30, 0, 0],
      [30, 20, 0, 2],
      [50, 30, 1, 0],
      [30, 40, 1, 2],
    ]);
    for (const { at } of handles) expect(((at[0] - 30) / 20) ** 2 + ((at[1] - 30) / 10) ** 2).toBeCloseTo(1, 9);
  });
});
