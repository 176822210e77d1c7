/**
 * `models quantize PACK|ID --out PACK2 [--calibrate FILE…]`: an 8-bit variant of a model, written only if it is worth it; else exit 1 with
 * model/variant-not-worth-it and the same figures. Needs no vault.
 */
import { quantiseModel } from '../../../models/variants/quantiseModel.ts';
import type { Answer, CommandContext, Options } from '../../command.ts';
import { variantAnswer, variantOrder } from '../../variantAnswer.ts';

export async function run(context: CommandContext, args: readonly string[], options: Options): Promise<Answer> {
  return variantAnswer(await quantiseModel(variantOrder(context, args, options)));
}
