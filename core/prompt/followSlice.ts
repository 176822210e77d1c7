/**
 * The same structure in the neighbouring slice: the mask of the slice before is the prompt. Ends where the structure ends, by its values,
 * its area and its place. Coordinates: promptSlice.ts. Next: segmentSlice.ts, which made the first mask.
 */
import { coarseSlice, onFineSlice } from './coarseSlice.ts';
import { edgeSupport } from './edgeSupport.ts';
import { fuseMask } from './fuseMask.ts';
import { growRegions } from './growRegions.ts';
import { type LocalStatistics, statisticsOf } from './localStatistics.ts';
import { answerOnSlice, maskAsAnswer, networkFrame, toPicture } from './networkFrame.ts';
import type { IntensityWindow, PromptNetwork } from './promptNetwork.ts';
import type { PromptSlice, SlicePoint } from './promptSlice.ts';
import type { SliceAnswer } from './segmentSlice.ts';
import { boxOf } from './sliceBox.ts';
import { countPixels, distances, grown, overlap, partsWhere } from './sliceMask.ts';
import { smoothSlice } from './smoothSlice.ts';

export interface FollowedFrom {
  /** The mask of the slice before. */
  readonly pixels: Uint8Array;
  readonly about: LocalStatistics;
  readonly window: IntensityWindow;
}

/** The structure is over where its middle differs from what it was by so many deviations. */
const MOST_CHANGE = 2;
/** … or where so little of its area is left, or so much was gained, from one slice to the next. */
const LEAST_PART = 0.25;
const MOST_PART = 2.5;
const LEAST_OVERLAP = 0.35;
const LEAST_MM2 = 12;
const LEAST_CONFIDENCE = 0.25;
/** How far an outline moves from one slice to the next, besides the slice's thickness. */
const DRIFT_MM = 4;

/**
 * @param sliceDistanceMm to the slice before
 * @param points clicks of a person in this slice
 * @returns null where the structure has ended
 */
export async function followSlice(
  slice: PromptSlice,
  from: FollowedFrom,
  sliceDistanceMm: number,
  points: readonly SlicePoint[],
  network: PromptNetwork,
): Promise<SliceAnswer | null> {
  const { about, window } = from;
  const before = countPixels(from.pixels);
  const middle = middleOf(slice, from.pixels);
  const now = statisticsOf(Float32Array.from(middle, (o) => slice.values[o]!));
  if (Math.abs(now.median - about.median) > MOST_CHANGE * about.deviation) return null;
  const seen = await network.look(window);
  const frame = networkFrame(slice);
  const box = boxOf(from.pixels, slice.width);
  const centre = middle[middle.length >> 1]!;
  const inside = [{ x: centre % slice.width, y: Math.floor(centre / slice.width), inside: true }, ...points];
  const answer = await seen.ask({
    coordinates: [
      ...inside.flatMap(({ x, y }) => toPicture(frame, x, y)),
      ...toPicture(frame, box.x0 - 1.5, box.y0 - 1.5),
      ...toPicture(frame, box.x1 + 1.5, box.y1 + 1.5),
    ],
    labels: [...inside.map((p) => (p.inside ? 1 : 0)), 2, 3],
    earlier: maskAsAnswer(slice, from.pixels),
  });
  const scores = answerOnSlice(slice, answer.scores);
  const near = grown(slice, from.pixels, DRIFT_MM + sliceDistanceMm);
  for (let o = 0; o < scores.length; o++) if (near[o] === 0) scores[o] = -10;
  const adapted = { median: (about.median + now.median) / 2, deviation: about.deviation };
  const region = regionNear(slice, adapted, middle, near);
  const smooth = smoothSlice(slice, about.deviation);
  const offset = ({ x, y }: SlicePoint): number => Math.round(x) + slice.width * Math.round(y);
  const fused = fuseMask({
    slice: smooth,
    scores,
    region,
    trust: region ? 0.45 : 0,
    window,
    inside: points.filter((p) => p.inside).map(offset),
    outside: points.filter((p) => !p.inside).map(offset),
    box: null,
  });
  const pixels = partsWhere(
    slice,
    fused,
    [...middle, ...points.filter((p) => p.inside).map(offset)],
    (p) => p.isMarked,
  );
  const area = countPixels(pixels);
  const pixelMm2 = slice.pixelSpacingMm[0] * slice.pixelSpacingMm[1];
  if (area * pixelMm2 < LEAST_MM2 || area < LEAST_PART * before || area > MOST_PART * before) return null;
  const shared = overlap(pixels, from.pixels);
  const support = edgeSupport(smooth, pixels, about.deviation);
  const confidence = Math.min(1, Math.max(0, answer.predictedIou)) * Math.min(1, support / 0.6) * Math.sqrt(shared);
  if (shared < LEAST_OVERLAP || confidence < LEAST_CONFIDENCE) return null;
  return { pixels, confidence, window, about };
}

/** @returns the deepest half of the mask's pixels, the deepest in the middle of the list */
function middleOf(slice: PromptSlice, pixels: Uint8Array): number[] {
  const depth = distances(slice, pixels, 0);
  const inside: number[] = [];
  for (let o = 0; o < pixels.length; o++) if (pixels[o] === 1) inside.push(o);
  inside.sort((a, b) => depth[b]! - depth[a]!);
  const deep = inside.slice(0, Math.max(1, inside.length >> 1));
  const [deepest = 0] = deep;
  deep.splice(0, 1);
  deep.splice(deep.length >> 1, 0, deepest);
  return deep;
}

function regionNear(
  slice: PromptSlice,
  about: LocalStatistics,
  middle: readonly number[],
  near: Uint8Array,
): Uint8Array | null {
  const coarse = coarseSlice(slice);
  const smooth = smoothSlice(coarse.slice, about.deviation / coarse.factor);
  const { width, height } = coarse.slice;
  const at = (o: number): number =>
    Math.floor((o % slice.width) / coarse.factor) + width * Math.floor(Math.floor(o / slice.width) / coarse.factor);
  const barrier = new Uint8Array(width * height).fill(1);
  for (let o = 0; o < near.length; o++) if (near[o] === 1) barrier[at(o)] = 0;
  const seeds = [middle[middle.length >> 1]!, middle[0]!, middle.at(-1)!]
    .map(at)
    .filter((o) => Math.abs(smooth.values[o]! - about.median) <= 2 * about.deviation);
  if (seeds.length === 0) return null;
  const [best] = growRegions(smooth, about, seeds, barrier);
  return best ? onFineSlice(coarse, slice, best.pixels) : null;
}
