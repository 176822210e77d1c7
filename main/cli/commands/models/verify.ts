/** `models verify PACK`: schema, hashes, inspection, dry run, golden case. Exit 0 only for a pack that is in order. Needs no vault. */
import { resolve } from 'node:path';
import { importedModelsFolder, trustedKeysFolder } from '../../../host/places.ts';
import { readTrustedKeys } from '../../../models/packSignature.ts';
import { verifyPack } from '../../../models/verifyPack.ts';
import type { Answer, CommandContext } from '../../command.ts';

export async function run(_context: CommandContext, args: readonly string[]): Promise<Answer> {
  const keys = await readTrustedKeys(trustedKeysFolder(importedModelsFolder()));
  const { id, ok, problems, signedBy } = await verifyPack(resolve(args[0] ?? ''), keys);
  const signed = signedBy ? `signed by ${signedBy}` : 'not signed by a trusted key';
  return {
    // A script that only looks at failures finds the first where any command has it.
    json: {
      id,
      ok,
      problems: problems.map((p) => p.toJSON()),
      signedBy,
      ...(problems[0] && { error: problems[0].toJSON() }),
    },
    text: ok ? `${id} is in order, ${signed}` : problems.map((p) => `${p.message} ${p.hint}`).join('\n'),
    exitCode: ok ? 0 : 1,
  };
}
