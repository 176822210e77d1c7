/**
 * `models prune`: a model without the channels that weigh least, kept only if it is worth it. It is not trained again here, so it seldom
 * is; a smaller network that is trained (models/training) is the better way. Next: makeVariant.ts, core/onnx/pruned/pruneChannels.ts
 */
import { LanternError } from '#core/errors/lanternError.ts';
import { pruneChannels } from '#core/onnx/pruned/pruneChannels.ts';
import { writeModel } from '#core/onnx/readModel.ts';
import { makeVariant, type VariantAnswer, type VariantOrder } from './makeVariant.ts';

/** @param keep share of the channels that stays. @throws argument/keep, model/nothing-to-prune, what makeVariant throws */
export async function pruneModel(order: VariantOrder, keep: number): Promise<VariantAnswer> {
  if (!(keep > 0 && keep < 1)) {
    throw new LanternError(
      'argument/keep',
      'The share of channels to keep lies between 0 and 1.',
      'Give, say, --keep 0.75.',
    );
  }
  return makeVariant(order, async ({ parent, progress }) => {
    progress('Removing channels');
    const { model, channelsRemoved, channels } = pruneChannels(parent.model, keep);
    return {
      network: writeModel(model),
      change: { kind: 'pruned', keep, channelsRemoved },
      suffix: 'pruned',
      made:
        `${channelsRemoved} of the ${channels} channels that stand between two convolutions alone were removed, those with the least ` +
        'weight; it was not trained again.',
    };
  });
}
