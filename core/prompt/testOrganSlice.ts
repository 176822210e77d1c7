/** For tests: an organ of 100 in the middle of the left, and a neighbour of 95 that it touches by a neck, in fat of -80. */
import type { PromptSlice } from './promptSlice.ts';
import { pixelsWhere } from './sliceMask.ts';
import { testSlice } from './testSlice.ts';

interface TestOrganSlice extends PromptSlice {
  readonly organ: Uint8Array;
  /** The organ, the neck and the neighbour. */
  readonly both: Uint8Array;
}

/** @param neckHalf half of the neck's height, pixels */
export function testOrganSlice(neckHalf = 2, pixelMm = 1.5): TestOrganSlice {
  const isOrgan = (x: number, y: number): boolean => ((x - 45) / 30) ** 2 + ((y - 45) / 25) ** 2 < 1;
  const isBeside = (x: number, y: number): boolean =>
    (x - 98) ** 2 + (y - 45) ** 2 < 15 ** 2 || (Math.abs(y - 45) < neckHalf && x > 70 && x < 90);
  const slice = testSlice((x, y) => (isOrgan(x, y) ? 100 : isBeside(x, y) ? 95 : -80), pixelMm);
  const place = (o: number): [number, number] => [o % slice.width, Math.floor(o / slice.width)];
  return {
    ...slice,
    organ: pixelsWhere(slice.values, (_, o) => isOrgan(...place(o))),
    both: pixelsWhere(slice.values, (_, o) => isOrgan(...place(o)) || isBeside(...place(o))),
  };
}
