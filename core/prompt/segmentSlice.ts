/**
 * From what a person pointed at in a slice to a mask of it. The image's own statistics choose the window and offer regions. The network
 * is asked about a box, and always once more with what was found; or about a click with the box of each region (three at most) until it
 * agrees with one, and once more unless it agrees with the best by rank and agreement. fuseMask.ts weighs all. Coordinates:
 * promptSlice.ts. The order of reading: promptWindow.ts, growRegions.ts, answerAndRegion.ts, fuseMask.ts.
 */
import { LanternError } from '../errors/lanternError.ts';
import { agreementOf, answerWithRegion } from './answerAndRegion.ts';
import { boxAnchors } from './boxAnchor.ts';
import { type CoarseSlice, coarseSlice, onFineBox, onFinePixel, onFineSlice } from './coarseSlice.ts';
import { fuseMask } from './fuseMask.ts';
import { type GrownRegion, growRegions } from './growRegions.ts';
import { type LocalStatistics, localStatistics } from './localStatistics.ts';
import { answerOnSlice, networkFrame, toPicture } from './networkFrame.ts';
import type { IntensityWindow, NetworkAnswer, PromptNetwork, SeenSlice } from './promptNetwork.ts';
import type { PromptSlice, SliceBox, SlicePoint, SlicePrompt } from './promptSlice.ts';
import { promptWindow, sliceRange } from './promptWindow.ts';
import { boxFit, boxOf, cornersTaken } from './sliceBox.ts';
import { countPixels, overlap, pixelsAbove } from './sliceMask.ts';
import { smoothSlice } from './smoothSlice.ts';
import { type StatisticsPlace, usualPlace } from './usualPlace.ts';

export interface SliceAnswer {
  readonly pixels: Uint8Array;
  /** 0 to 1: the network's own guess, how well the witnesses agree, and the edges under the outline. */
  readonly confidence: number;
  readonly window: IntensityWindow;
  readonly about: LocalStatistics;
}

/** The surroundings of a click that are taken to be of the structure. */
const SURROUNDINGS_MM = 6;
/** … and at least so many pixels around it: few values give a deviation that is wrong by half. */
const LEAST_SURROUNDINGS_PIXELS = 2.5;
/** How far the grown region is believed against the network. */
const TRUST = 0.6;
/** Regions that the network is asked about after a click; two that cover each other so far are the same. */
const MOST_ASKED = 3;
const SAME_REGION = 0.9;
/** Where network and region cover each other so far, nothing more is asked: it would cost time and change little. */
const SURE_AGREEMENT = 0.85;
/** A region that takes more than this part of the slice is rather the body than a structure in it. */
const LARGEST_PART = 0.25;
const LARGENESS_WEIGHT = 4;
/** A region that the network contradicts is of another tissue than the one that the box is about. */
const LEAST_AGREEMENT = 0.5;
const AGREEMENT_WEIGHT = 0.2;
/** More than for a box, which says itself how large the structure is. */
const CLICK_AGREEMENT_WEIGHT = 0.5;
const BOX_FIT_WEIGHT = 0.5;
const CORNER_WEIGHT = 0.4;
/** Of the slice's range of values: an image without noise needs some tolerance too. */
const LEAST_NOISE = 0.005;

/** What the image offers for one kind of tissue, on the coarse slice's pixels. */
interface Tissue {
  readonly about: LocalStatistics;
  readonly regions: readonly GrownRegion[];
}

/** What the network is asked about: the same through all questions. */
interface Shown {
  readonly slice: PromptSlice;
  readonly prompt: SlicePrompt;
  readonly about: LocalStatistics;
  readonly window: IntensityWindow;
  readonly seen: SeenSlice;
}

/** @throws prompt/uniform, prompt/nothing-found */
export async function segmentSlice(
  slice: PromptSlice,
  prompt: SlicePrompt,
  network: PromptNetwork,
): Promise<SliceAnswer> {
  const range = sliceRange(slice);
  if (!(range > 0)) throw uniform();
  const coarse = coarseSlice(slice);
  const tissues = anchorsOf(slice, prompt).map((anchor): Tissue => {
    const { median, deviation } = anchor.about;
    const about = { median, deviation: Math.max(deviation, LEAST_NOISE * range) };
    return { about, regions: regionsOf(slice, coarse, prompt, anchor, about) };
  });
  return prompt.box
    ? answerBox(slice, coarse, prompt, prompt.box, tissues, network)
    : answerClick(slice, coarse, prompt, tissues, network);
}

async function answerClick(
  slice: PromptSlice,
  coarse: CoarseSlice,
  prompt: SlicePrompt,
  [tissue]: readonly Tissue[],
  network: PromptNetwork,
): Promise<SliceAnswer> {
  if (!tissue) throw nothingFound(null);
  const shown = await show(slice, prompt, tissue.about, network);
  // The network alone gives a click on a liver Dice 0.3 to 0.5: it takes a part or the whole body. The box of a region tells it how much.
  let best: { region: Uint8Array; answer: NetworkAnswer; agreement: number; total: number } | null = null;
  for (const { pixels, fit } of differentRegions(tissue.regions)) {
    const region = onFineSlice(coarse, slice, pixels);
    const answer = await shown.seen.ask(question(slice, prompt.points, boxOf(region, slice.width)));
    const agreement = agreementOf(slice, answer.scores, region);
    const total = fit + CLICK_AGREEMENT_WEIGHT * agreement;
    if (!best || total > best.total) best = { region, answer, agreement, total };
    // More would cost time. An earlier region may still be the best: always taking this one lowered the worst click on livers of multi-organ-ct
    // from Dice 0.82 to 0.44.
    if (agreement > SURE_AGREEMENT) break;
  }
  if (!best) return askAgain(shown, await shown.seen.ask(question(slice, prompt.points, null)), null, null);
  if (best.agreement > SURE_AGREEMENT) return finish(shown, best.answer, best.region);
  return askAgain(shown, best.answer, best.region, boxOf(best.region, slice.width));
}

/** @returns the best regions for a click that are not nearly the same */
function differentRegions(regions: readonly GrownRegion[]): { readonly pixels: Uint8Array; readonly fit: number }[] {
  const fits = regions.map(({ pixels, rank }) => {
    const part = countPixels(pixels) / pixels.length;
    return { pixels, fit: rank - LARGENESS_WEIGHT * Math.max(0, part - LARGEST_PART) };
  });
  const different: typeof fits = [];
  for (const candidate of fits.sort((a, b) => b.fit - a.fit)) {
    if (different.length === MOST_ASKED) break;
    if (different.every(({ pixels }) => overlap(pixels, candidate.pixels) < SAME_REGION)) different.push(candidate);
  }
  return different;
}

async function answerBox(
  slice: PromptSlice,
  coarse: CoarseSlice,
  prompt: SlicePrompt,
  box: SliceBox,
  tissues: readonly Tissue[],
  network: PromptNetwork,
): Promise<SliceAnswer> {
  // The structure reaches all four sides of its box and leaves the corners to what is around it.
  const fitOf = ({ rank, pixels }: GrownRegion): number =>
    rank +
    BOX_FIT_WEIGHT * boxFit(onFineBox(coarse, slice, boxOf(pixels, coarse.slice.width)), box) -
    CORNER_WEIGHT * cornersTaken((x, y) => onFinePixel(coarse, pixels, x, y), box);
  const offers = tissues.map(({ about, regions }) => {
    const fits = regions.map((region) => ({ region, fit: fitOf(region) })).sort((a, b) => b.fit - a.fit);
    return { about, fits, most: fits[0]?.fit ?? -1 };
  });
  const [chosen] = offers.sort((a, b) => b.most - a.most);
  if (!chosen) throw nothingFound(box);
  const shown = await show(slice, prompt, chosen.about, network);
  const answer = await shown.seen.ask(question(slice, prompt.points, box));
  const inNetwork = pixelsAbove(answerOnSlice(slice, answer.scores), 0);
  let best: { readonly pixels: Uint8Array; readonly fit: number } | null = null;
  for (const { region, fit } of chosen.fits) {
    // Sorted by fit: even full agreement could not make this or a later region the best.
    if (best && fit + AGREEMENT_WEIGHT <= best.fit) break;
    const pixels = onFineSlice(coarse, slice, region.pixels);
    const agreement = overlap(inNetwork, pixels);
    const total = fit + AGREEMENT_WEIGHT * agreement;
    if (agreement > LEAST_AGREEMENT && (!best || total > best.fit)) best = { pixels, fit: total };
  }
  return askAgain(shown, answer, best?.pixels ?? null, box);
}

async function show(
  slice: PromptSlice,
  prompt: SlicePrompt,
  about: LocalStatistics,
  network: PromptNetwork,
): Promise<Shown> {
  const window = promptWindow(slice, about);
  return { slice, prompt, about, window, seen: await network.look(window) };
}

/** The network corrects itself when it is shown what it said and what the image offers: mainly parts that only one of them took. */
async function askAgain(
  shown: Shown,
  first: NetworkAnswer,
  region: Uint8Array | null,
  box: SliceBox | null,
): Promise<SliceAnswer> {
  const { slice, prompt, seen } = shown;
  const earlier = region ? answerWithRegion(slice, first.scores, region) : first.scores;
  return finish(shown, await seen.ask({ ...question(slice, prompt.points, box), earlier }), region);
}

function finish(
  { slice, prompt, about, window }: Shown,
  answer: NetworkAnswer,
  region: Uint8Array | null,
): SliceAnswer {
  const scores = answerOnSlice(slice, answer.scores);
  const offset = ({ x, y }: SlicePoint): number => Math.round(x) + slice.width * Math.round(y);
  const { pixels, support } = fuseMask({
    slice,
    noise: about.deviation,
    scores,
    region,
    trust: region ? TRUST : 0,
    window,
    inside: prompt.points.filter((p) => p.inside).map(offset),
    outside: prompt.points.filter((p) => !p.inside).map(offset),
    box: prompt.box,
  });
  if (countPixels(pixels) === 0) throw nothingFound(prompt.box);
  const agreement = overlap(pixelsAbove(scores, 0), pixels) * (region ? overlap(region, pixels) : 1);
  const confidence = Math.min(1, Math.max(0, answer.predictedIou)) * Math.sqrt(agreement) * Math.min(1, support / 0.6);
  return { pixels, confidence, window, about };
}

/** Where the structure's values are looked at: around the first click inside, else where the box is alike. */
function anchorsOf(slice: PromptSlice, prompt: SlicePrompt): readonly StatisticsPlace[] {
  const { points, box } = prompt;
  const radiusMm = surroundingsMm(slice, prompt);
  const click = points.find((p) => p.inside);
  if (click) return [usualPlace(slice, click, radiusMm)];
  return box ? boxAnchors(slice, box, radiusMm) : [];
}

/** Without a click inside, boxAnchors chose the place for being quiet, and a larger disc would reach beyond thin structures. */
function surroundingsMm({ pixelSpacingMm }: PromptSlice, { points }: SlicePrompt): number {
  const isClicked = points.some((p) => p.inside);
  return isClicked
    ? Math.max(SURROUNDINGS_MM, LEAST_SURROUNDINGS_PIXELS * Math.max(...pixelSpacingMm))
    : SURROUNDINGS_MM;
}

function regionsOf(
  slice: PromptSlice,
  coarse: CoarseSlice,
  prompt: SlicePrompt,
  anchor: StatisticsPlace,
  about: LocalStatistics,
): readonly GrownRegion[] {
  const { box } = prompt;
  const smooth = smoothSlice(coarse.slice, about.deviation / coarse.factor);
  const { width, height } = coarse.slice;
  const at = (x: number, y: number): number =>
    Math.min(width - 1, Math.floor(Math.max(0, x + 0.5) / coarse.factor)) +
    width * Math.min(height - 1, Math.floor(Math.max(0, y + 0.5) / coarse.factor));
  const seeds = prompt.points.filter((p) => p.inside).map(({ x, y }) => at(x, y));
  if (seeds.length === 0) seeds.push(at(anchor.x, anchor.y));
  const barrier = new Uint8Array(width * height);
  if (box) {
    barrier.fill(1);
    const first = (from: number): number => Math.max(0, Math.floor(from / coarse.factor));
    const end = (to: number, count: number): number => Math.min(count, Math.floor(to / coarse.factor) + 1);
    for (let y = first(box.y0); y < end(box.y1, height); y++) {
      barrier.fill(0, first(box.x0) + width * y, end(box.x1, width) + width * y);
    }
  }
  for (const { x, y, inside } of prompt.points) if (!inside) barrier[at(x, y)] = 1;
  const anchored = localStatistics(
    smooth,
    at(anchor.x, anchor.y) % width,
    Math.floor(at(anchor.x, anchor.y) / width),
    surroundingsMm(slice, prompt),
  );
  const like = { median: anchored.median, deviation: about.deviation };
  return growRegions(smooth, like, seeds, barrier);
}

function question(slice: PromptSlice, points: readonly SlicePoint[], box: SliceBox | null) {
  const frame = networkFrame(slice);
  const coordinates: number[] = [];
  const labels: number[] = [];
  for (const { x, y, inside } of points) {
    coordinates.push(...toPicture(frame, x, y));
    labels.push(inside ? 1 : 0);
  }
  if (box) {
    coordinates.push(...toPicture(frame, box.x0 - 0.5, box.y0 - 0.5), ...toPicture(frame, box.x1 + 0.5, box.y1 + 0.5));
    labels.push(2, 3);
  } else {
    // The network wants a point of padding where there is no box.
    coordinates.push(0, 0);
    labels.push(-1);
  }
  return { coordinates, labels, earlier: null };
}

function uniform(): LanternError {
  return new LanternError(
    'prompt/uniform',
    'Every pixel of this slice has the same value; there is nothing to tell apart.',
    'Point at a slice that shows the structure.',
  );
}

function nothingFound(box: SliceBox | null): LanternError {
  if (box) {
    return new LanternError(
      'prompt/nothing-found',
      'Nothing was found in this box.',
      'Draw it closely around the structure, click in the middle of the structure too, or paint it by hand.',
    );
  }
  return new LanternError(
    'prompt/nothing-found',
    'Nothing was found where you pointed.',
    'Draw a box around the structure, or click in the middle of it.',
  );
}
