/** Where in a box the structure's own values are looked at: its middle may be a hole, or lie beside a bent structure. */
import { localStatistics } from './localStatistics.ts';
import type { PromptSlice, SliceBox } from './promptSlice.ts';

/** Places that are looked at along each side, within this part of the box. */
const PLACES = 5;
const PART = 0.7;
/** Deviations within which two places are of one tissue. */
const ALIKE = 2;

/** @returns the place whose surroundings most of the others resemble, the quietest of equals; pixel coordinates */
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
  const votes = places.map(({ median, deviation }) => {
    const alike = places.filter((other) => Math.abs(other.median - median) <= ALIKE * Math.max(quiet, 1e-6)).length;
    return alike - deviation / (deviation + quiet + 1e-6);
  });
  const best = places[votes.indexOf(Math.max(...votes))];
  return best ? { x: best.x, y: best.y } : { x: (x0 + x1) / 2, y: (y0 + y1) / 2 };
}
