/**
 * Where in a box a structure's own values are looked at. Its middle may be a hole, or lie beside a bent structure, and most of the box
 * may be something else (the liver in the box of a lung's base): each tissue of the box gets a place, and segmentSlice.ts chooses.
 */
import { localStatistics } from './localStatistics.ts';
import type { PromptSlice, SliceBox } from './promptSlice.ts';
import type { StatisticsPlace } from './usualPlace.ts';

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

/**
 * @returns a quiet place of each group of places that are alike, the largest group first, and where it is another one a quiet place of
 *   those that are most usual in the group; pixel coordinates
 */
export function boxAnchors(slice: PromptSlice, { x0, y0, x1, y1 }: SliceBox, radiusMm: number): StatisticsPlace[] {
  const along = (from: number, to: number, n: number): number =>
    Math.round((from + to) / 2 + (to - from) * PART * (n / (PLACES - 1) - 0.5));
  const places = Array.from({ length: PLACES * PLACES }, (_, n): StatisticsPlace => {
    const x = along(x0, x1, n % PLACES);
    const y = along(y0, y1, Math.floor(n / PLACES));
    return { x, y, about: localStatistics(slice, x, y, radiusMm) };
  });
  const quiet = places.map(({ about }) => about.deviation).sort((a, b) => a - b)[places.length >> 2] ?? 0;
  const anchors: StatisticsPlace[] = [];
  let tissues = 0;
  for (let left: readonly StatisticsPlace[] = places; tissues < MOST_TISSUES && left.length > 0; ) {
    const groups = left.map(({ about: { median, deviation } }) => {
      const scale = Math.max(1e-6, Math.min(Math.max(deviation, quiet), MOST_ROUGHNESS * quiet));
      return left.filter((other) => Math.abs(other.about.median - median) <= ALIKE * scale);
    });
    const [group = []] = groups.sort((a, b) => b.length - a.length);
    if (tissues > 0 && group.length < LEAST_PLACES) break;
    left = left.filter((place) => !group.includes(place));
    for (const place of new Set([quietIn(group), usualIn(group, quiet)])) if (place) anchors.push(place);
    tissues++;
  }
  return anchors;
}

function quietIn(group: readonly StatisticsPlace[]): StatisticsPlace | undefined {
  return [...group].sort((a, b) => a.about.deviation - b.about.deviation)[group.length >> 2];
}

/**
 * @returns a quiet place of those whose values are the group's usual ones: an edge gathers others that are not of its tissue
 * @param quiet deviation of quiet places in the box
 */
function usualIn(group: readonly StatisticsPlace[], quiet: number): StatisticsPlace | undefined {
  const usual = group.map(({ about }) => about.median).sort((a, b) => a - b)[group.length >> 1] ?? 0;
  return quietIn(group.filter(({ about }) => Math.abs(about.median - usual) <= quiet));
}
