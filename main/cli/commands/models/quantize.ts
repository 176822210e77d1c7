/**
 * `models quantize PACK|ID --out PACK2 [--calibrate FILE…]`: an 8-bit variant of a model, written only if it is worth it; else exit 1 with
 * model/variant-not-worth-it and the same figures. Needs no vault.
 */
import { resolve } from 'node:path';
import { quantiseModel } from '../../../models/variants/quantiseModel.ts';
import type { Answer, CommandContext, Options } from '../../command.ts';
import { variantAnswer } from '../../variantAnswer.ts';

export async function run(context: CommandContext, args: readonly string[], options: Options): Promise<Answer> {
  const calibrate = options['calibrate'];
  const answer = await quantiseModel({
    wanted: args[0] ?? '',
    modelFolders: context.modelFolders,
    out: resolve(String(options['out'])),
    volumes: Array.isArray(calibrate) ? calibrate.map((file) => resolve(String(file))) : [],
    signal: context.signal,
    progress: (line) => context.progress(line),
  });
  return variantAnswer(answer);
}
