/**
 * Whether values look like a CT's Hounsfield units: a plateau of air near −1000 and a peak of soft tissue near 0. For files that do
 * not say what they are (NIfTI, NRRD), and for headers that lie.
 * @see DICOM PS3.3 C.11.1.1.2 (HU: −1000 = air, 0 = water)
 */
import type { Scalars } from '../volume/volume.ts';

export type HounsfieldLikeness =
  | 'hounsfield'
  /** Nothing is below 0: a CT has air or at least fat in it. */
  | 'not-hounsfield'
  | 'undecided';

/** So many voxels, evenly taken, are enough. */
const SAMPLES = 200_000;
/** A few voxels are no population. */
const LEAST_SAMPLES = 20_000;
const AIR = { from: -1100, to: -850, leastShare: 0.03 };
/** Of all that is denser than lung. */
const SOFT_TISSUE = { from: -150, to: 150, above: -500, leastShare: 0.4 };
/** Below this lies fat. Resampling may have left a few negative values in other images. */
const FAT = { below: -50, mostShare: 0.001 };

/** @param scalars modality values, rescale applied */
export function hounsfieldLikeness(scalars: Scalars): HounsfieldLikeness {
  const step = Math.max(1, Math.floor(scalars.length / SAMPLES));
  let count = 0;
  let air = 0;
  let dense = 0;
  let soft = 0;
  let belowFat = 0;
  for (let n = 0; n < scalars.length; n += step) {
    const x = scalars[n]!;
    count++;
    if (x >= AIR.from && x <= AIR.to) air++;
    if (x > SOFT_TISSUE.above) dense++;
    if (x >= SOFT_TISSUE.from && x <= SOFT_TISSUE.to) soft++;
    if (x < FAT.below) belowFat++;
  }
  if (count < LEAST_SAMPLES) return 'undecided';
  if (air >= AIR.leastShare * count && dense > 0 && soft >= SOFT_TISSUE.leastShare * dense) return 'hounsfield';
  return belowFat <= FAT.mostShare * count ? 'not-hounsfield' : 'undecided';
}
