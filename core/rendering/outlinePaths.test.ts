import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Slice } from './extractSlice.ts';
import { type ClosedPath, type LabelSlice, outlinePaths } from './outlinePaths.ts';

/** A label slice from a drawing: digits are labels, dots are nothing. */
function drawing(...rows: string[]): LabelSlice {
  const values = Uint8Array.from(rows.join(''), (c) => (c === '.' ? 0 : Number(c)));
  return sliceOf(values, rows[0]?.length ?? 0, rows.length);
}

function sliceOf(values: Uint8Array, width: number, height: number): LabelSlice {
  const axes = {} as Slice['axes'];
  return { values, width, height, pixelSpacingMm: [1, 1], axes };
}

/** Fills closed paths by the even-odd rule, pixel by pixel. */
function filled(paths: ClosedPath[], width: number, height: number): number[] {
  const inside: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let crossings = 0;
      for (const path of paths) {
        for (let n = 0; n < path.length; n += 2) {
          const x0 = path[n]!;
          const y0 = path[n + 1]!;
          const y1 = path[(n + 3) % path.length]!;
          if (x0 <= x && Math.min(y0, y1) <= y && y < Math.max(y0, y1)) crossings++;
        }
      }
      inside.push(crossings % 2);
    }
  }
  return inside;
}

describe('outlinePaths', () => {
  it('goes round one pixel by its four corners', () => {
    expect(outlinePaths(drawing('...', '.1.', '...'), 1).map((p) => [...p])).toEqual([[2, 1, 2, 2, 1, 2, 1, 1]]);
  });

  it('joins edges that run on straight', () => {
    const paths = outlinePaths(drawing('11111', '11111'), 1);
    expect(paths).toHaveLength(1);
    expect(paths[0]).toHaveLength(8);
  });

  it('gives a hole its own path', () => {
    expect(outlinePaths(drawing('111', '1.1', '111'), 1)).toHaveLength(2);
  });

  it('keeps pixels apart that touch at a corner only', () => {
    expect(outlinePaths(drawing('1.', '.1'), 1)).toHaveLength(2);
  });

  it('leaves other labels alone', () => {
    const slice = drawing('1122', '1122');
    expect(filled(outlinePaths(slice, 2), 4, 2)).toEqual([0, 0, 1, 1, 0, 0, 1, 1]);
    expect(outlinePaths(slice, 3)).toEqual([]);
  });

  it('gives exactly the label back when filled, whatever its shape', () => {
    const masks = fc
      .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
      .chain(([width, height]) =>
        fc.tuple(
          fc.constant(width),
          fc.constant(height),
          fc.array(fc.integer({ min: 0, max: 2 }), { minLength: width * height, maxLength: width * height }),
        ),
      );
    fc.assert(
      fc.property(masks, ([width, height, labels]) => {
        const slice = sliceOf(Uint8Array.from(labels), width, height);
        for (const label of [1, 2]) {
          const expected = labels.map((l) => (l === label ? 1 : 0));
          expect(filled(outlinePaths(slice, label), width, height)).toEqual(expected);
        }
      }),
      { numRuns: 400 },
    );
  });
});
