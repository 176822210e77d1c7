/**
 * `models prune PACK|ID --keep SHARE --out PACK2`: a variant of a model with fewer channels, written only if it is worth it; else exit 1
 * with model/variant-not-worth-it and the same figures. Needs no vault.
 */
import { pruneModel } from '../../../models/variants/pruneModel.ts';
import type { Answer, CommandContext, Options } from '../../command.ts';
import { variantAnswer, variantOrder } from '../../variantAnswer.ts';

export async function run(context: CommandContext, args: readonly string[], options: Options): Promise<Answer> {
  return variantAnswer(await pruneModel(variantOrder(context, args, options), Number(options['keep'])));
}
