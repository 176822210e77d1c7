/** What `models quantize` and `models prune` are given, and answer: the figures, whether the variant was kept, where it lies or why not. */
import { resolve } from 'node:path';
import type { VariantAnswer, VariantOrder } from '../models/variants/makeVariant.ts';
import { LEAST_CLASS_DICE, LEAST_MEAN_DICE, LEAST_SPEEDUP } from '../models/variants/worthKeeping.ts';
import type { Answer, CommandContext, Options } from './command.ts';

export function variantOrder(context: CommandContext, args: readonly string[], options: Options): VariantOrder {
  const volumes = options['calibrate'];
  return {
    wanted: args[0] ?? '',
    modelFolders: context.modelFolders,
    out: resolve(String(options['out'])),
    volumes: Array.isArray(volumes) ? volumes.map((file) => resolve(String(file))) : [],
    signal: context.signal,
    progress: (line) => context.progress(line),
  };
}

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
