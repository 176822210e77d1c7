/**
 * What is not air in a coarse volume: brighter than half-way between air and the rest, its largest connected part. Works for MR of
 * any weighting with dark air and for CT. Next: coarseHead.ts.
 */
import { componentsMask, connectedComponents } from '../segmentation/connectedComponents.ts';
import { wholeBox } from '../segmentation/deltaBox.ts';
import type { CoarseVolume } from './coarseVolume.ts';

const BINS = 256;
/** The brightest per cent (vessels, fat near a coil, metal) is not allowed to stretch the scale. */
const CLIPPED_SHARE = 0.01;

/** @returns 1 = tissue; null when all values are equal or one is not a number */
export function tissueMask({ size, values }: CoarseVolume): Uint8Array | null {
  const sorted = values.filter(Number.isFinite).sort();
  const lowest = sorted[0] ?? 0;
  const highest = sorted[Math.floor((1 - CLIPPED_SHARE) * (sorted.length - 1))] ?? 0;
  if (!(highest > lowest) || sorted.length < values.length) return null;
  const threshold = airThreshold(values, lowest, highest);
  const dense = { box: wholeBox(size), size, voxels: Uint8Array.from(values, (x) => (x > threshold ? 1 : 0)) };
  const parts = connectedComponents(dense, 'faces');
  const largest = parts.sizes.indexOf(parts.sizes.reduce((most, n) => Math.max(most, n), 0));
  return componentsMask(dense, parts, (c) => c === largest);
}

/** Otsu's threshold, brought half-way towards the mean of what lies below it: dark tissue is nearer to bright tissue than air is. */
function airThreshold(values: Float32Array, lowest: number, highest: number): number {
  const scale = (BINS - 1) / (highest - lowest);
  const histogram = new Float64Array(BINS);
  for (const x of values) histogram[Math.min(BINS - 1, Math.round((x - lowest) * scale))]! += 1;
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
  return lowest + (best.mean + 0.5 * (best.bin + 0.5 - best.mean)) / scale;
}
