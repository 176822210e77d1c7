/** A slice for tests, 120 × 90, made of the mean values that its pixels have; with a CT's noise of ±12. */
import { seededRandom } from '../phantom/seededRandom.ts';
import type { PromptSlice } from './promptSlice.ts';

const WIDTH = 120;
const HEIGHT = 90;
const NOISE = 12;

export function testSlice(valueAt: (x: number, y: number) => number, pixelMm = 1.5): PromptSlice {
  const random = seededRandom(1);
  const values = Float32Array.from(
    { length: WIDTH * HEIGHT },
    (_, o) => valueAt(o % WIDTH, Math.floor(o / WIDTH)) + NOISE * random.gauss(),
  );
  return { width: WIDTH, height: HEIGHT, pixelSpacingMm: [pixelMm, pixelMm], values };
}
