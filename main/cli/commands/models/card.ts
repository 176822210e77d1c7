/** `models card PACK`: the model card of a pack, or of a model by its id. Needs no vault. */
import type { Answer, CommandContext } from '../../command.ts';
import { packNamed } from '../../packNamed.ts';

export async function run(context: CommandContext, args: readonly string[]): Promise<Answer> {
  const pack = await packNamed(context, args[0] ?? '');
  if ('error' in pack) throw pack.error;
  const { id, name } = pack.manifest;
  return { json: { id, name, card: pack.card }, text: pack.card || `“${name}” has no card.` };
}
