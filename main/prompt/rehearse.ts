/**
 * A few prompts on a drawn slice while nobody waits, so that a person's first one in a case is answered as quickly as the next: JavaScript
 * and the runtime are slow the first time. The slice is not looked at: the decoder is asked about an empty picture.
 */
import { setImmediate } from 'node:timers/promises';
import { LanternError } from '#core/errors/lanternError.ts';
import { seededRandom } from '#core/phantom/seededRandom.ts';
import type { PromptNetwork } from '#core/prompt/promptNetwork.ts';
import type { PromptSlice, SlicePrompt } from '#core/prompt/promptSlice.ts';
import { segmentSlice } from '#core/prompt/segmentSlice.ts';

/** As a CT's slice has them. */
const SIDE = 512;
const PIXEL_MM = 0.7;
const NOISE = 12;
/** Until V8 has compiled the loops: after one round the first prompts in a CT still took a quarter longer, after three not. */
const ROUNDS = 3;
const ORGAN = { x: 200, y: 260, radius: 70 };
const { x, y, radius } = ORGAN;
const CLICK: SlicePrompt = { points: [{ x, y, inside: true }], box: null };
const BOX: SlicePrompt = { points: [], box: { x0: x - radius, y0: y - radius, x1: x + radius, y1: y + radius } };

class Interrupted extends Error {}

/**
 * @param network one whose answers do not matter
 * @param isFree whether still nobody waits; asked before each question, and the rehearsal ends where it is not so
 */
export async function rehearse(network: PromptNetwork, isFree: () => boolean): Promise<void> {
  try {
    const watched = watching(network, isFree);
    await listen(isFree);
    const slice = drawnSlice();
    for (let round = 0; round < ROUNDS; round++) {
      for (const prompt of [CLICK, BOX]) {
        await listen(isFree);
        await segmentSlice(slice, prompt, watched).catch(passNothingFound);
      }
    }
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
  }
}

function watching(network: PromptNetwork, isFree: () => boolean): PromptNetwork {
  return {
    async look(window) {
      const seen = await network.look(window);
      return {
        async ask(question) {
          await listen(isFree);
          return seen.ask(question);
        },
      };
    },
  };
}

/** Twice: a message is read between two turns of the event loop. */
async function listen(isFree: () => boolean): Promise<void> {
  await setImmediate();
  await setImmediate();
  if (!isFree()) throw new Interrupted();
}

/** In an empty picture there may be nothing. */
function passNothingFound(error: unknown): void {
  if (!(error instanceof LanternError && error.code === 'prompt/nothing-found')) throw error;
}

function drawnSlice(): PromptSlice {
  const random = seededRandom(1);
  const values = Float32Array.from({ length: SIDE * SIDE }, (_, o) => {
    const isInside = Math.hypot((o % SIDE) - x, Math.floor(o / SIDE) - y) < radius;
    return (isInside ? 110 : 20) + NOISE * random.gauss();
  });
  return { width: SIDE, height: SIDE, pixelSpacingMm: [PIXEL_MM, PIXEL_MM], values };
}
