/**
 * From three witnesses to one mask: the network's scores, the region that the image offers, and the values themselves. Their sum
 * decides each pixel; then the outline is smoothed, necks are cut, holes are filled and parts that nobody pointed at are dropped.
 */

import { blurred } from './blurred.ts';
import { boxWithMargin, cropped, croppedSlice, offsetsIn, uncropped } from './cropSlice.ts';
import { edgeSupport } from './edgeSupport.ts';
import { intensityEvidence } from './intensityEvidence.ts';
import type { PromptSlice, SliceBox } from './promptSlice.ts';
import { boxOf } from './sliceBox.ts';
import {
  countPixels,
  distances,
  filled,
  grown,
  partsWhere,
  pixelsAbove,
  pixelsUpTo,
  pixelsWhere,
  shrunk,
} from './sliceMask.ts';
import { smoothSlice } from './smoothSlice.ts';

export interface FuseInput {
  readonly slice: PromptSlice;
  /** Standard deviation of the slice's noise, modality units. */
  readonly noise: number;
  /** The network's scores on the slice's pixels. */
  readonly scores: Float32Array;
  /** What the image offers; null: nothing. */
  readonly region: Uint8Array | null;
  /** How far the region is believed against the network, 0 to 1. */
  readonly trust: number;
  readonly window: { readonly lower: number; readonly upper: number };
  /** Pixels that were said to be inside and outside. */
  readonly inside: readonly number[];
  readonly outside: readonly number[];
  readonly box: SliceBox | null;
}

const NETWORK_WEIGHT = 0.5;
const MOST_NETWORK = 2.5;
const REGION_WEIGHT = 2;
const INTENSITY_WEIGHT = 0.6;
const BLUR_MM = 1.2;
const OPENING_MM = 1.5;
/** The values outside are taken from so far around. */
const AROUND_MM = 20;
/** A hole larger than this part of the mask is not one. */
const LARGEST_HOLE = 0.25;

/** @returns the mask, empty where no witness names a pixel, and how much of its outline lies on edges of the image, 0 to 1 */
export function fuseMask(whole: FuseInput): { readonly pixels: Uint8Array; readonly support: number } {
  const { slice } = whole;
  const { width, height } = slice;
  const offered = pixelsWhere(whole.scores, (s, o) => s > 0 || whole.region?.[o] === 1);
  for (const o of whole.inside) offered[o] = 1;
  const found = boxOf(offered, width);
  if (found.x1 < 0) return { pixels: offered, support: 0 };
  const box = boxWithMargin(slice, found, AROUND_MM + 2);
  const part = partOf(whole, box);
  const pixels = weigh(part);
  const support = edgeSupport(part.slice, pixels, whole.noise);
  return { pixels: uncropped(pixels, width, height, box), support };
}

/** @returns the same in a rectangle of the slice, smoothed */
function partOf(whole: FuseInput, part: SliceBox): FuseInput {
  const { slice, noise, box } = whole;
  const { width } = slice;
  return {
    ...whole,
    slice: smoothSlice(croppedSlice(slice, part), noise),
    scores: cropped(whole.scores, width, part),
    region: whole.region && cropped(whole.region, width, part),
    inside: offsetsIn(whole.inside, width, part),
    outside: offsetsIn(whole.outside, width, part),
    box: box && { x0: box.x0 - part.x0, y0: box.y0 - part.y0, x1: box.x1 - part.x0, y1: box.y1 - part.y0 },
  };
}

function weigh(input: FuseInput): Uint8Array {
  const { slice, scores, region, trust, box } = input;
  const count = scores.length;
  const network = pixelsAbove(scores, 0);
  const either = region ? network.map((n, o) => n | region[o]!) : network;
  const both = region ? network.map((n, o) => n & region[o]!) : network;
  const core = deepPart(slice, countPixels(both) * 3 > countPixels(region ?? network) ? both : (region ?? network));
  const toEither = distances(slice, either, 1);
  const near = pixelsUpTo(toEither, AROUND_MM * AROUND_MM);
  const around = pixelsWhere(toEither, (d) => d > 1 && d <= AROUND_MM * AROUND_MM);
  const evidence = intensityEvidence(slice.values, core, around, input.window);
  const sum = new Float32Array(count);
  for (let o = 0; o < count; o++) {
    const fromNetwork = (1 - trust) * 2 * NETWORK_WEIGHT * Math.max(-MOST_NETWORK, Math.min(MOST_NETWORK, scores[o]!));
    const fromRegion = region ? trust * 2 * REGION_WEIGHT * (region[o] === 1 ? 0.5 : -0.5) : 0;
    sum[o] = fromNetwork + fromRegion + INTENSITY_WEIGHT * evidence[o]!;
    if (near[o] === 0) sum[o] = -5;
  }
  const smooth = blurred(slice, sum, BLUR_MM);
  let mask: Uint8Array = pixelsAbove(smooth, 0);
  if (box) clip(mask, slice.width, box);
  for (const o of input.inside) mask[o] = 1;
  for (const o of input.outside) mask[o] = 0;
  mask = filled(slice, mask, LARGEST_HOLE * countPixels(mask) * slice.pixelSpacingMm[0] * slice.pixelSpacingMm[1]);
  mask = pointedAt(slice, opened(slice, mask), input);
  for (const o of input.inside) mask[o] = 1;
  for (const o of input.outside) mask[o] = 0;
  return mask;
}

/** @returns the mask without its rim, whose pixels are half something else; all of it where nothing else is left */
function deepPart(slice: PromptSlice, mask: Uint8Array): Uint8Array {
  const deep = shrunk(slice, mask, 1.5);
  return countPixels(deep) * 4 > countPixels(mask) ? deep : mask;
}

/** Cuts necks and hairs narrower than the opening, but never more than a thin structure can bear. */
function opened(slice: PromptSlice, mask: Uint8Array): Uint8Array {
  const depth = distances(slice, mask, 0);
  let deepest = 0;
  for (let o = 0; o < depth.length; o++)
    if (depth[o]! !== Number.POSITIVE_INFINITY) deepest = Math.max(deepest, depth[o]!);
  const radius = Math.min(OPENING_MM, 0.35 * Math.sqrt(deepest));
  const inner = pixelsAbove(depth, radius * radius);
  return grown(slice, inner, radius * 1.01).map((g, o) => g & mask[o]!);
}

/** Parts with a click; for a box the largest part and those not much smaller. */
function pointedAt(slice: PromptSlice, mask: Uint8Array, { inside, box }: FuseInput): Uint8Array {
  const pointed = partsWhere(slice, mask, inside, ({ isMarked }) => isMarked);
  if (inside.length > 0 && countPixels(pointed) > 0 && !box) return pointed;
  let most = 0;
  partsWhere(slice, mask, [], ({ pixels }) => {
    most = Math.max(most, pixels);
    return false;
  });
  return partsWhere(slice, mask, inside, ({ pixels, isMarked }) => isMarked || pixels >= 0.15 * most);
}

function clip(mask: Uint8Array, width: number, { x0, y0, x1, y1 }: SliceBox): void {
  for (let o = 0; o < mask.length; o++) {
    const x = o % width;
    const y = (o - x) / width;
    if (x < x0 || x > x1 || y < y0 || y > y1) mask[o] = 0;
  }
}
