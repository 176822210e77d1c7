/** `models card PACK`: the model card of a pack, or of a model by its id. Needs no vault. */
import { resolve } from 'node:path';
import { LanternError } from '#core/errors/lanternError.ts';
import { findPacks } from '../../../inference/modelPack.ts';
import type { Answer, CommandContext } from '../../command.ts';

export async function run(context: CommandContext, args: readonly string[]): Promise<Answer> {
  const [wanted = ''] = args;
  const [inFolder] = await findPacks([resolve(wanted)]);
  const pack = inFolder ?? (await findPacks(context.modelFolders)).find((p) => 'card' in p && p.manifest.id === wanted);
  if (!pack) {
    throw new LanternError(
      'model/unknown',
      'There is no model pack in this folder, and no model of this name.',
      'Look at the list of models, or give the folder of a pack.',
    );
  }
  if ('error' in pack) throw pack.error;
  const { id, name } = pack.manifest;
  return { json: { id, name, card: pack.card }, text: pack.card || `“${name}” has no card.` };
}
