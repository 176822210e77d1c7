/** `models convert DIR --out PACK`: a tfjs network becomes a pack. Needs no vault. */
import { resolve } from 'node:path';
import { convertNetwork } from '../../../models/convertNetwork.ts';
import type { Answer, CommandContext, Options } from '../../command.ts';

export async function run(_context: CommandContext, args: readonly string[], options: Options): Promise<Answer> {
  const out = resolve(String(options['out']));
  const { id, sha256 } = await convertNetwork(resolve(args[0] ?? ''), out);
  return { json: { id, sha256, folder: out }, text: `${id}: ${out}` };
}
