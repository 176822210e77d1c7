/** How often each value occurs in an image; from every few voxels, which is plenty for a picture. */
import type { Volume } from '#core/volume/volume.ts';

const SAMPLES = 500_000;

export interface Histogram {
  readonly min: number;
  readonly max: number;
  /** 0 … 1, on a logarithmic scale; the highest bin is 1. */
  readonly heights: readonly number[];
}

export function histogramOf({ scalars }: Volume, range: { min: number; max: number }, bins = 96): Histogram {
  const counts = new Uint32Array(bins);
  // An odd step does not fall into the rhythm of the rows.
  const step = Math.max(1, Math.floor(scalars.length / SAMPLES)) | 1;
  const width = (range.max - range.min) / bins || 1;
  for (let o = 0; o < scalars.length; o += step) {
    const bin = Math.floor(((scalars[o] ?? 0) - range.min) / width);
    const kept = Math.max(0, Math.min(bins - 1, bin));
    counts[kept] = (counts[kept] ?? 0) + 1;
  }
  const most = Math.log1p(counts.reduce((a, b) => Math.max(a, b), 1));
  return { min: range.min, max: range.max, heights: Array.from(counts, (n) => Math.log1p(n) / most) };
}
