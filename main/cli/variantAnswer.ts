/** What `models quantize` and `models prune` answer: the figures, whether the variant was kept, and where it lies or why not. */

import type { VariantAnswer } from '../models/variants/makeVariant.ts';
import { LEAST_CLASS_DICE, LEAST_MEAN_DICE, LEAST_SPEEDUP } from '../models/variants/worthKeeping.ts';
import type { Answer } from './command.ts';

export function variantAnswer({ measure, error, warnings, ...answer }: VariantAnswer): Answer {
  const { cases, meanDice, leastDice, seconds, speedup, window, rewritten, processor } = measure;
  const kept = `${answer.id}: ${answer.folder}`;
  const figures =
    `mean Dice ${meanDice.toFixed(4)}, least ${leastDice.toFixed(4)}; ${speedup.toFixed(2)} times the speed; ` +
    `${answer.bytes.variant} bytes instead of ${answer.bytes.parent}`;
  return {
    json: {
      ...answer,
      meanDice,
      leastDice,
      cases: cases.map(({ dice, ...one }) => ({ ...one, dice: Object.fromEntries(dice) })),
      seconds,
      speedup,
      window,
      rewritten,
      processor,
      needed: { meanDice: LEAST_MEAN_DICE, leastDice: LEAST_CLASS_DICE, speedup: LEAST_SPEEDUP },
      warnings,
      ...(error && { error: error.toJSON() }),
    },
    text: [...warnings, error ? `${error.message} ${error.hint}` : kept, figures].join('\n'),
    exitCode: error ? 1 : 0,
  };
}
