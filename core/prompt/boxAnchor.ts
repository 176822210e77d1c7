/** Where in a box the structure's own values are looked at: its middle may be a hole, or lie beside a bent structure. */
import { localStatistics } from './localStatistics.ts';
import type { PromptSlice, SliceBox } from './promptSlice.ts';

/** Places that are looked at along each side, within this part of the box. */
const PLACES = 5;
const PART = 0.7;
/** Deviations within which two places are of one tissue. */
const ALIKE = 2;
/** A tissue may be so many times rougher than the quietest in the box (lung beside muscle); an edge is rougher still. */
const MOST_ROUGHNESS = 3;

/** @returns of the largest group of places that are alike a quiet one; pixel coordinates */
export function boxAnchor(
  slice: PromptSlice,
  { x0, y0, x1, y1 }: SliceBox,
  radiusMm: number,
): { x: number; y: number } {
  const along = (from: number, to: number, n: number): number =>
    Math.round((from + to) / 2 + (to - from) * PART * (n / (PLACES - 1) - 0.5));
  const places = Array.from({ length: PLACES * PLACES }, (_, n) => {
    const x = along(x0, x1, n % PLACES);
    const y = along(y0, y1, Math.floor(n / PLACES));
    return { x, y, ...localStatistics(slice, x, y, radiusMm) };
  });
  const quiet = places.map(({ deviation }) => deviation).sort((a, b) => a - b)[places.length >> 2] ?? 0;
  const groups = places.map(({ median, deviation }) => {
    const scale = Math.max(1e-6, Math.min(Math.max(deviation, quiet), MOST_ROUGHNESS * quiet));
    return places.filter((other) => Math.abs(other.median - median) <= ALIKE * scale);
  });
  const group = groups.sort((a, b) => b.length - a.length)[0] ?? [];
  const best = group.sort((a, b) => a.deviation - b.deviation)[group.length >> 2];
  return best ? { x: best.x, y: best.y } : { x: (x0 + x1) / 2, y: (y0 + y1) / 2 };
}
