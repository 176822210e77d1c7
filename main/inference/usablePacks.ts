/** The packs that a run names, once it is known that they can be run. */
import { LanternError } from '#core/errors/lanternError.ts';
import { type BrokenPack, findPacks, idOf, type ModelPack } from './modelPack.ts';
import { unsupportedOutput, weightsMissing } from './packHash.ts';

/** @returns each once, in the order of the ids @throws what `usable` throws */
export async function usablePacks(
  folders: readonly string[],
  modelIds: readonly string[],
): Promise<[ModelPack, ...ModelPack[]]> {
  const packs = await findPacks(folders);
  const chosen = await Promise.all([...new Set(modelIds)].map((id) => usable(packs, id)));
  return chosen as [ModelPack, ...ModelPack[]];
}

/** @throws model/unknown, model/weights-missing, model/invalid-manifest, model/unsupported-output */
async function usable(packs: readonly (ModelPack | BrokenPack)[], modelId: string): Promise<ModelPack> {
  const found = packs.find((pack) => idOf(pack) === modelId);
  if (!found) {
    throw new LanternError(
      'model/unknown',
      `There is no model “${modelId}” on this machine.`,
      'Look at the list of models, or copy its pack into the folder of models.',
    );
  }
  if ('error' in found) throw found.error;
  const missing = await weightsMissing(found);
  if (missing) throw missing;
  if (found.manifest.output.kind === 'prompt') throw unsupportedOutput(found);
  return found;
}
