/**
 * A few prompts on a drawn slice while nobody waits, so that a person's first one in a case is answered as quickly as the next: JavaScript
 * and the runtime are slow the first time. The slice is not looked at: the decoder is asked about an empty picture.
 */
import { setImmediate } from 'node:timers/promises';
import { LanternError } from '#core/errors/lanternError.ts';
import { seededRandom } from '#core/phantom/seededRandom.ts';
import type { PromptSlice, SlicePrompt } from '#core/prompt/promptSlice.ts';
import { segmentSlice } from '#core/prompt/segmentSlice.ts';
import type { SamNetwork } from './samNetwork.ts';

/** As a CT's slice has them. */
const SIDE = 512;
const PIXEL_MM = 0.7;
const NOISE = 12;
/** As often as it takes until loops are compiled: after one round the first prompts in a CT still took a quarter longer, after three not. */
const ROUNDS = 3;
const ORGAN = { x: 200, y: 260, radius: 70 };
const { x, y, radius } = ORGAN;
const CLICK: SlicePrompt = { points: [{ x, y, inside: true }], box: null };
const BOX: SlicePrompt = { points: [], box: { x0: x - radius, y0: y - radius, x1: x + radius, y1: y + radius } };

/** @param isFree asked before each prompt, after what has arrived was noticed: whether still nobody waits */
export async function rehearse(sam: Pick<SamNetwork, 'onNothing'>, isFree: () => boolean): Promise<void> {
  const slice = drawnSlice();
  for (const prompt of Array.from({ length: ROUNDS }, () => [CLICK, BOX]).flat()) {
    await setImmediate();
    if (!isFree()) return;
    try {
      await segmentSlice(slice, prompt, sam.onNothing());
    } catch (error) {
      // What is found in an empty picture does not matter, nor that nothing is.
      if (!(error instanceof LanternError)) throw error;
    }
  }
}

function drawnSlice(): PromptSlice {
  const random = seededRandom(1);
  const values = Float32Array.from({ length: SIDE * SIDE }, (_, o) => {
    const isInside = Math.hypot((o % SIDE) - x, Math.floor(o / SIDE) - y) < radius;
    return (isInside ? 110 : 20) + NOISE * random.gauss();
  });
  return { width: SIDE, height: SIDE, pixelSpacingMm: [PIXEL_MM, PIXEL_MM], values };
}
