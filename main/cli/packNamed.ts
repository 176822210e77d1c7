/** What a person means by the name of a pack: its folder, or the id of a model on this machine. */
import { resolve } from 'node:path';
import { LanternError } from '#core/errors/lanternError.ts';
import { findPacks, idOf } from '../inference/modelPack.ts';
import type { CommandContext } from './command.ts';

type FoundPack = Awaited<ReturnType<typeof findPacks>>[number];

/** @returns also one that can't be read, with the reason @throws model/unknown */
export async function packNamed({ modelFolders }: CommandContext, wanted: string): Promise<FoundPack> {
  const [inFolder] = await findPacks([resolve(wanted)]);
  const pack = inFolder ?? (await findPacks(modelFolders)).find((one) => idOf(one) === wanted);
  if (pack) return pack;
  throw new LanternError(
    'model/unknown',
    'There is no model pack in this folder, and no model of this name.',
    'Look at the list of models, or give the folder of a pack.',
  );
}
