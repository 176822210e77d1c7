/**
 * Where in a box a structure's own values are looked at. Its middle may be a hole, or lie beside a bent structure, and most of the box
 * may be something else (the liver in the box of a lung's base): each tissue of the box gets a place, and segmentSlice.ts chooses.
 */
import { localStatistics } from './localStatistics.ts';
import type { PromptSlice, SliceBox } from './promptSlice.ts';

/** Places that are looked at along each side, within this part of the box. */
const PLACES = 5;
const PART = 0.7;
/** Deviations within which two places are of one tissue. */
const ALIKE = 2;
/** A tissue may be so many times rougher than the quietest in the box (lung beside muscle); an edge is rougher still. */
const MOST_ROUGHNESS = 3;

/** Tissues that are told apart; a smaller group is no tissue. */
const MOST_TISSUES = 3;
const LEAST_PLACES = 3;

/** @returns a quiet place of each group of places that are alike, the largest group first; pixel coordinates */
export function boxAnchors(
  slice: PromptSlice,
  { x0, y0, x1, y1 }: SliceBox,
  radiusMm: number,
): { readonly x: number; readonly y: number }[] {
  const along = (from: number, to: number, n: number): number =>
    Math.round((from + to) / 2 + (to - from) * PART * (n / (PLACES - 1) - 0.5));
  const places = Array.from({ length: PLACES * PLACES }, (_, n) => {
    const x = along(x0, x1, n % PLACES);
    const y = along(y0, y1, Math.floor(n / PLACES));
    return { x, y, ...localStatistics(slice, x, y, radiusMm) };
  });
  const quiet = places.map(({ deviation }) => deviation).sort((a, b) => a - b)[places.length >> 2] ?? 0;
  const anchors: { x: number; y: number }[] = [];
  for (let left = places; anchors.length < MOST_TISSUES && left.length > 0; ) {
    const groups = left.map(({ median, deviation }) => {
      const scale = Math.max(1e-6, Math.min(Math.max(deviation, quiet), MOST_ROUGHNESS * quiet));
      return left.filter((other) => Math.abs(other.median - median) <= ALIKE * scale);
    });
    const [group = []] = groups.sort((a, b) => b.length - a.length);
    if (anchors.length > 0 && group.length < LEAST_PLACES) break;
    left = left.filter((place) => !group.includes(place));
    const place = [...group].sort((a, b) => a.deviation - b.deviation)[group.length >> 2];
    if (place) anchors.push({ x: place.x, y: place.y });
  }
  return anchors;
}
