/** The network's answer and a region that the image offers, side by side on the answers' grid: quicker than on the slice's pixels. */
import { maskAsAnswer } from './networkFrame.ts';
import type { PromptSlice } from './promptSlice.ts';
import { overlap, pixelsAbove } from './sliceMask.ts';

/** Scores beyond that say no more. */
const MOST_SCORE = 3;
/** What a region's word adds to a score: as much as the network's own at its surest. */
const REGION_SCORE = 3;

/** @returns how well they cover each other, 2 × shared ÷ sum, 0 to 1 */
export function agreementOf(slice: PromptSlice, scores: Float32Array, region: Uint8Array): number {
  return overlap(pixelsAbove(scores, 0), pixelsAbove(maskAsAnswer(slice, region), 0));
}

/**
 * @returns both in the form of an answer, for the network to be asked again: sure where they agree; where they do not, undecided if the
 *   network was sure, else as the region says
 */
export function answerWithRegion(slice: PromptSlice, scores: Float32Array, region: Uint8Array): Float32Array {
  const offered = maskAsAnswer(slice, region);
  return scores.map(
    (score, o) => Math.max(-MOST_SCORE, Math.min(MOST_SCORE, score)) + REGION_SCORE * Math.sign(offered[o]!),
  );
}
