/** What the image is like around a point: median and robust deviation, which a vessel, a calcification or noise hardly moves. */
import type { PromptSlice } from './promptSlice.ts';

export interface LocalStatistics {
  readonly median: number;
  /** 1.4826 × the median of the absolute differences from the median: the standard deviation, were they normally distributed. */
  readonly deviation: number;
}

/** @returns of the values in a disc around a pixel, modality units; clipped at the slice's edge */
export function localStatistics(slice: PromptSlice, x: number, y: number, radiusMm: number): LocalStatistics {
  const { width, height, values, pixelSpacingMm } = slice;
  const [sx, sy] = pixelSpacingMm;
  const cx = Math.round(x);
  const cy = Math.round(y);
  // A coarse slice gives too few pixels: at least the eight neighbours belong to it.
  const radius = Math.max(radiusMm, 1.5 * Math.max(sx, sy));
  const found: number[] = [];
  const rows = Math.floor(radius / sy);
  const columns = Math.floor(radius / sx);
  for (let v = Math.max(0, cy - rows); v <= Math.min(height - 1, cy + rows); v++) {
    for (let u = Math.max(0, cx - columns); u <= Math.min(width - 1, cx + columns); u++) {
      if (((u - cx) * sx) ** 2 + ((v - cy) * sy) ** 2 <= radius * radius) found.push(values[u + width * v]!);
    }
  }
  return statisticsOf(Float32Array.from(found));
}

/** @param values are sorted in place */
export function statisticsOf(values: Float32Array): LocalStatistics {
  const median = middle(values);
  const deviation = 1.4826 * middle(values.map((value) => Math.abs(value - median)));
  return { median, deviation };
}

function middle(values: Float32Array): number {
  values.sort();
  return values[values.length >> 1] ?? 0;
}
