/** A slice of a volume for a prompt. */

import { LanternError } from '../errors/lanternError.ts';
import type { Plane } from '../geometry/anatomicalAxes.ts';
import { extractSlice } from '../rendering/extractSlice.ts';
import type { Volume } from '../volume/volume.ts';
import type { PromptSlice } from './promptSlice.ts';

/** @throws prompt/non-finite */
export function cutPromptSlice(volume: Volume, plane: Plane, index: number): PromptSlice {
  const { width, height, pixelSpacingMm, values } = extractSlice(volume, plane, index);
  const floats = Float32Array.from(values);
  if (floats.some((v) => !Number.isFinite(v))) {
    throw new LanternError(
      'prompt/non-finite',
      'This slice holds values that are no numbers.',
      'Export the series again from its source, or point at another slice.',
    );
  }
  return { width, height, pixelSpacingMm, values: floats };
}
