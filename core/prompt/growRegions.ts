/**
 * Regions that the image itself offers around a click: everything that is connected to it at some tolerance without passing a neck
 * narrower than some width. The best has its outline on edges, and a little more tolerance hardly lets it grow.
 * Next: segmentSlice.ts, where the network has its say.
 */
import { boxWithMargin, cropped, croppedSlice, offsetsIn, uncropped } from './cropSlice.ts';
import { edgeSupport } from './edgeSupport.ts';
import { floodLevels, LEVELS } from './floodLevels.ts';
import type { LocalStatistics } from './localStatistics.ts';
import type { PromptSlice } from './promptSlice.ts';
import { boxOf } from './sliceBox.ts';
import { countPixels, filled, grown, partsWhere } from './sliceMask.ts';

export interface GrownRegion {
  readonly pixels: Uint8Array;
  /** Deviations from the click's median that are let in. */
  readonly tolerance: number;
  readonly neckMm: number;
  readonly areaMm2: number;
  /** 0 to 1: how much of its outline lies on an edge of the image. */
  readonly support: number;
  /** How much speaks for it: its edges, less what it leaked and how unusual its tolerance is. */
  readonly rank: number;
}

/** Half of the narrowest passage: the first lets thin structures grow, the second cuts a large organ off its neighbours. */
const NECKS_MM = [2, 6];
/** In a larger disc every other pixel is looked at: it is as good, in half the time. */
const FULL_DISC_MM = 5;
/** Deviations of the unsmoothed image that are let in. */
const TOLERANCES = [2, 2.5, 3, 3.5, 4, 5, 6];
/** Where nothing else speaks, the values of a structure lie within so many deviations. */
const USUAL_TOLERANCE = 3;
/** At this one hardly anything leaks yet: larger areas are judged by it. */
const LEAK_FREE_TOLERANCE = 2.5;
/** This part of a disc may be unlike the click: vessels, calcifications, noise. */
const MOST_UNLIKE = 0.2;
const LEAST_MM2 = 15;
/** Around what is reached: more than edgeSupport looks beyond an outline. */
const MARGIN_MM = 4;

/**
 * @param slice smoothed
 * @param about median of the click's surroundings and deviation that the image has there unsmoothed
 * @param seeds pixels that belong to the structure; the first is where growth begins
 * @param barrier pixels that do not; null where nothing is known
 * @returns the best first; empty where nothing is alike
 */
export function growRegions(
  slice: PromptSlice,
  about: LocalStatistics,
  seeds: readonly number[],
  barrier: Uint8Array | null,
): GrownRegion[] {
  const { width, height, values, pixelSpacingMm } = slice;
  const perLevel = ((TOLERANCES.at(-1) ?? 0) * about.deviation) / (LEVELS - 2);
  const cost = new Uint8Array(values.length);
  for (let o = 0; o < cost.length; o++) {
    const unlikeness = Math.round(Math.abs(values[o]! - about.median) / perLevel);
    cost[o] = barrier?.[o] === 1 ? LEVELS - 1 : Math.min(LEVELS - 1, unlikeness);
  }
  const pixelMm2 = pixelSpacingMm[0] * pixelSpacingMm[1];
  const found = NECKS_MM.flatMap((neckMm) => {
    const thick = widened(slice, cost, neckMm);
    const starts = seeds.map((seed) => cheapestNear(slice, thick, seed, neckMm + 1));
    const levels = floodLevels(thick, width, starts);
    return TOLERANCES.flatMap((tolerance): Omit<GrownRegion, 'rank'>[] => {
      const level = Math.round((tolerance * about.deviation) / perLevel);
      const reached = reachedWithin(levels, level);
      if (!reached.includes(1)) return [];
      // Nothing beyond this box is reached, or looked at for edges.
      const box = boxWithMargin(slice, boxOf(reached, width), neckMm + MARGIN_MM);
      const part = croppedSlice(slice, box);
      const partCost = cropped(cost, width, box);
      let pixels = grown(part, cropped(reached, width, box), neckMm);
      for (let o = 0; o < pixels.length; o++) if (partCost[o]! > level) pixels[o] = 0;
      pixels = filled(part, pixels);
      pixels = partsWhere(part, pixels, offsetsIn([...seeds, ...starts], width, box), ({ isMarked }) => isMarked);
      const areaMm2 = countPixels(pixels) * pixelMm2;
      if (areaMm2 < LEAST_MM2) return [];
      const support = edgeSupport(part, pixels, about.deviation);
      return [{ pixels: uncropped(pixels, width, height, box), tolerance, neckMm, areaMm2, support }];
    });
  });
  const usualMm2 = Math.min(...found.filter((r) => r.tolerance === LEAK_FREE_TOLERANCE).map((r) => r.areaMm2));
  const rank = ({ support, areaMm2, tolerance }: Omit<GrownRegion, 'rank'>): number =>
    support - 0.17 * Math.max(0, Math.log(areaMm2 / usualMm2)) - 0.1 * Math.abs(Math.log(tolerance / USUAL_TOLERANCE));
  return found.map((region) => ({ ...region, rank: rank(region) })).sort((a, b) => b.rank - a.rank);
}

/** A plain loop: it runs over the whole slice for each region. */
function reachedWithin(levels: Uint8Array, level: number): Uint8Array {
  const reached = new Uint8Array(levels.length);
  for (let o = 0; o < levels.length; o++) if (levels[o]! <= level) reached[o] = 1;
  return reached;
}

/**
 * @returns the cost that all but a part of the pixels within the radius stay below, so that a path exists only where a disc can pass,
 *   which a speck does not hinder
 */
function widened(slice: PromptSlice, cost: Uint8Array, radiusMm: number): Uint8Array {
  const { width, height, pixelSpacingMm } = slice;
  const [sx, sy] = pixelSpacingMm;
  const offsets: [number, number][] = [];
  for (let dy = -Math.floor(radiusMm / sy); dy <= radiusMm / sy; dy++) {
    for (let dx = -Math.floor(radiusMm / sx); dx <= radiusMm / sx; dx++) {
      if (radiusMm > FULL_DISC_MM && (dx + dy) % 2 !== 0) continue;
      if ((dx * sx) ** 2 + (dy * sy) ** 2 <= radiusMm * radiusMm) offsets.push([dx, dy]);
    }
  }
  const out = cost.slice();
  const disc = new Uint8Array(offsets.length);
  const counts = new Uint16Array(LEVELS);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      // Nothing can be reached through it, whatever its neighbours are.
      if (cost[x + width * y] === LEVELS - 1) continue;
      let count = 0;
      let level = 0;
      for (const [dx, dy] of offsets) {
        const u = x + dx;
        const v = y + dy;
        if (u < 0 || u >= width || v < 0 || v >= height) continue;
        const own = cost[u + width * v]!;
        disc[count++] = own;
        counts[own]!++;
        if (own > level) level = own;
      }
      // Counted and not sorted, which takes several times as long: down from the highest until more than `above` values have been passed.
      const above = count - Math.max(1, Math.ceil(count * (1 - MOST_UNLIKE)));
      for (let met = counts[level]!; met <= above; met += counts[level]!) level--;
      out[x + width * y] = level;
      for (let n = 0; n < count; n++) counts[disc[n]!] = 0;
    }
  }
  return out;
}

/** A click near an edge is no reason to find nothing: the best place for the disc that still holds the click. */
function cheapestNear(slice: PromptSlice, cost: Uint8Array, seed: number, radiusMm: number): number {
  const { width, height, pixelSpacingMm } = slice;
  const x = seed % width;
  const y = (seed - x) / width;
  const [sx, sy] = pixelSpacingMm;
  let best = seed;
  for (let dy = -Math.floor(radiusMm / sy); dy <= radiusMm / sy; dy++) {
    for (let dx = -Math.floor(radiusMm / sx); dx <= radiusMm / sx; dx++) {
      const isNear = (dx * sx) ** 2 + (dy * sy) ** 2 <= radiusMm * radiusMm;
      if (!isNear || x + dx < 0 || x + dx >= width || y + dy < 0 || y + dy >= height) continue;
      const o = x + dx + width * (y + dy);
      if (cost[o]! < cost[best]!) best = o;
    }
  }
  return best;
}
