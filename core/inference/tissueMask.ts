/**
 * What is not air in a coarse volume: brighter than half-way between air and the rest, its largest connected part. Works for MR of
 * any weighting with dark air and for CT. Next: coarseHead.ts.
 */
import { componentsMask, connectedComponents } from '../segmentation/connectedComponents.ts';
import { wholeBox } from '../segmentation/deltaBox.ts';
import type { CoarseVolume } from './coarseVolume.ts';

const BINS = 256;
/** For the clipping: one bright voxel may stretch the scale a hundredfold. */
const FINE_BINS = 16_384;
/** The brightest per cent (vessels, fat near a coil, metal) is not allowed to stretch the scale. */
const CLIPPED_SHARE = 0.01;

/** @returns 1 = tissue; null when all values are equal or one is not a number */
export function tissueMask({ size, values }: CoarseVolume): Uint8Array | null {
  const threshold = airLimit(values);
  if (threshold === null) return null;
  const voxels = new Uint8Array(values.length);
  for (let o = 0; o < voxels.length; o++) if (values[o]! > threshold) voxels[o] = 1;
  const dense = { box: wholeBox(size), size, voxels };
  const parts = connectedComponents(dense, 'faces');
  const largest = parts.sizes.indexOf(parts.sizes.reduce((most, n) => Math.max(most, n), 0));
  return componentsMask(dense, parts, (c) => c === largest);
}

/** @returns what tissue is brighter than; null when all values are equal or one is not a number */
export function airLimit(values: Float32Array): number | null {
  const range = clippedRange(values);
  return range && airThreshold(values, range.lowest, range.highest);
}

function clippedRange(values: Float32Array): { lowest: number; highest: number } | null {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  // A NaN anywhere makes the sum NaN.
  let sum = 0;
  for (let o = 0; o < values.length; o++) {
    const x = values[o]!;
    if (x < lowest) lowest = x;
    if (x > highest) highest = x;
    sum += x;
  }
  if (!(highest > lowest) || !Number.isFinite(sum) || !Number.isFinite(highest - lowest)) return null;
  const histogram = histogramOf(values, lowest, highest, FINE_BINS);
  let above = 0;
  let bin = FINE_BINS - 1;
  while (bin > 1 && above + histogram[bin]! <= CLIPPED_SHARE * values.length) above += histogram[bin--]!;
  return { lowest, highest: lowest + (bin / (FINE_BINS - 1)) * (highest - lowest) };
}

/** What lies above the highest is counted in the last bin. */
function histogramOf(values: Float32Array, lowest: number, highest: number, bins: number): Float64Array {
  const histogram = new Float64Array(bins);
  const scale = (bins - 1) / (highest - lowest);
  for (let o = 0; o < values.length; o++)
    histogram[Math.min(bins - 1, Math.round((values[o]! - lowest) * scale))]! += 1;
  return histogram;
}

/** Otsu's threshold, brought half-way towards the mean of what lies below it: dark tissue is nearer to bright tissue than air is. */
function airThreshold(values: Float32Array, lowest: number, highest: number): number {
  const histogram = histogramOf(values, lowest, highest, BINS);
  const total = histogram.reduce((sum, count, bin) => sum + count * bin, 0);
  let below = 0;
  let belowSum = 0;
  let best = { variance: -1, bin: 0, mean: 0 };
  for (let bin = 0; bin < BINS - 1; bin++) {
    below += histogram[bin]!;
    belowSum += histogram[bin]! * bin;
    const above = values.length - below;
    if (below === 0 || above === 0) continue;
    const between = belowSum / below - (total - belowSum) / above;
    const variance = below * above * between * between;
    if (variance > best.variance) best = { variance, bin, mean: belowSum / below };
  }
  return lowest + (best.mean + 0.5 * (best.bin + 0.5 - best.mean)) * ((highest - lowest) / (BINS - 1));
}
