/**
 * Where the values of what was clicked are looked at. Beside a vessel they scatter far more than those of the structure, and growth would
 * leak into everything around: the places nearby that are like what was clicked say how much is usual. Where they scatter more than the
 * click, it may be on something thin that they are beside, and stays. Next: segmentSlice.ts.
 */
import { type LocalStatistics, localStatistics } from './localStatistics.ts';
import type { PromptSlice } from './promptSlice.ts';

export interface StatisticsPlace {
  /** Pixel coordinates. */
  readonly x: number;
  readonly y: number;
  /** Of the disc around it, modality units. */
  readonly about: LocalStatistics;
}

/** Places on two circles around the click, so many radii of the disc away. */
const CIRCLES = [0.75, 1.5];
const DIRECTIONS = 8;
/** What was clicked is like a place within so many of the place's deviations. */
const ALIKE = 2;
/** An edge is like much: a place that scatters so many times more than the quieter ones does not count. */
const MOST_ROUGHNESS = 2;
const LEAST_ALIKE = 3;
/** Of the places that are alike, from the quietest on: rather too quiet than with a vessel in it. */
const USUAL = 1 / 3;
/** The click itself is looked at unless what is usual is less than this part of its deviation. */
const AS_USUAL = 0.7;

/** @param radiusMm of the disc @returns the click, or a place nearby where what was clicked scatters as it usually does */
export function usualPlace(
  slice: PromptSlice,
  { x, y }: { readonly x: number; readonly y: number },
  radiusMm: number,
): StatisticsPlace {
  const own: StatisticsPlace = { x, y, about: localStatistics(slice, x, y, radiusMm) };
  // Of the pixel and its eight neighbours.
  const clicked = localStatistics(slice, x, y, 0).median;
  const places = [own, ...placesAround(slice, own, radiusMm)].sort((a, b) => a.about.deviation - b.about.deviation);
  const quiet = places[places.length >> 2]?.about.deviation ?? 0;
  const alike = places.filter(
    ({ about: { median, deviation } }) =>
      Math.abs(median - clicked) <= ALIKE * deviation && deviation <= MOST_ROUGHNESS * quiet,
  );
  const usual = alike[Math.floor(USUAL * alike.length)];
  if (!usual || alike.length < LEAST_ALIKE) return own;
  return usual.about.deviation < AS_USUAL * own.about.deviation ? usual : own;
}

function placesAround(slice: PromptSlice, { x, y }: StatisticsPlace, radiusMm: number): StatisticsPlace[] {
  const { width, height, pixelSpacingMm } = slice;
  const places = CIRCLES.flatMap((radii) =>
    Array.from({ length: DIRECTIONS }, (_, n) => {
      const angle = (2 * Math.PI * n) / DIRECTIONS;
      return {
        x: Math.round(x + (radii * radiusMm * Math.cos(angle)) / pixelSpacingMm[0]),
        y: Math.round(y + (radii * radiusMm * Math.sin(angle)) / pixelSpacingMm[1]),
      };
    }),
  );
  return places
    .filter((place) => place.x >= 0 && place.y >= 0 && place.x < width && place.y < height)
    .map((place) => ({ ...place, about: localStatistics(slice, place.x, place.y, radiusMm) }));
}
