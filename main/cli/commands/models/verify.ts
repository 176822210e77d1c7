/** `models verify PACK`, a folder or the id of a model: schema, hashes, inspection, dry run, golden case. Exit 0 only for a pack that is in order. Needs no vault. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { importedModelsFolder, trustedKeysFolder } from '../../../host/places.ts';
import { readTrustedKeys } from '../../../models/packSignature.ts';
import { verifyPack } from '../../../models/verifyPack.ts';
import type { Answer, CommandContext } from '../../command.ts';
import { packNamed } from '../../packNamed.ts';

export async function run(context: CommandContext, args: readonly string[]): Promise<Answer> {
  const keys = await readTrustedKeys(trustedKeysFolder(importedModelsFolder()));
  const [wanted = ''] = args;
  const folder = await packNamed(context, wanted).then(
    (pack) => pack.folder,
    (error) => {
      // A folder that holds no pack is told as one that is not in order.
      if (existsSync(wanted)) return resolve(wanted);
      throw error;
    },
  );
  const { id, ok, problems, signedBy } = await verifyPack(folder, keys);
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
