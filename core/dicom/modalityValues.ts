/**
 * Modality LUT: stored value × slope + intercept, and the array type that holds the results of a whole series.
 * @see DICOM PS3.3 C.11.1.1.2
 */
import type { Scalars, ScalarType } from '../volume/volume.ts';
import type { StoredValues } from './pixelValues.ts';

export interface Rescale {
  readonly slope: number;
  readonly intercept: number;
}

/** What one frame contributes to the choice of a type. */
export interface FrameValues extends Rescale {
  readonly minimum: number;
  readonly maximum: number;
}

/**
 * @returns int16 where every frame shares one integral slope and intercept and the values fit; int32 where they are
 * whole numbers beyond what float32 can hold exactly; else float32
 */
export function modalityScalarType(frames: readonly FrameValues[]): ScalarType {
  const first = frames[0];
  if (!first) return 'int16';
  const shared = frames.every((frame) => frame.slope === first.slope && frame.intercept === first.intercept);
  if (!shared || !Number.isInteger(first.slope) || !Number.isInteger(first.intercept)) return 'float32';
  const range = modalityRange(frames);
  if (range.min >= -32_768 && range.max <= 32_767) return 'int16';
  const beyondFloat = Math.max(Math.abs(range.min), Math.abs(range.max)) > 2 ** 24;
  return beyondFloat && range.min >= -(2 ** 31) && range.max < 2 ** 31 ? 'int32' : 'float32';
}

/** @returns smallest and greatest modality value of all frames */
export function modalityRange(frames: readonly FrameValues[]): { min: number; max: number } {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { slope, intercept, minimum, maximum } of frames) {
    const [a, b] = [minimum * slope + intercept, maximum * slope + intercept];
    min = Math.min(min, a, b);
    max = Math.max(max, a, b);
  }
  return min <= max ? { min, max } : { min: 0, max: 0 };
}

/** Writes one frame's modality values to `out` from `offset` on; computed in double precision, as pydicom does. */
export function writeModalityValues(
  stored: StoredValues,
  { slope, intercept }: Rescale,
  out: Scalars,
  offset: number,
): void {
  if (slope === 1 && intercept === 0) {
    out.set(stored, offset);
    return;
  }
  for (let n = 0; n < stored.length; n++) out[offset + n] = stored[n]! * slope + intercept;
}

/** @returns smallest and greatest stored value */
export function storedRange(values: StoredValues): { minimum: number; maximum: number } {
  let minimum = values[0] ?? 0;
  let maximum = minimum;
  for (let n = 1; n < values.length; n++) {
    const value = values[n]!;
    if (value < minimum) minimum = value;
    else if (value > maximum) maximum = value;
  }
  return { minimum, maximum };
}
