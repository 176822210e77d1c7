/**
 * `models import`: a pack, an nnU-Net export or a MONAI bundle, as a folder or .zip file, becomes a pack of this machine in one go. A
 * pack that no trusted key signed needs a person's word. The window takes the two halves one by one: ModelImports.ts.
 */
import { mkdir, rm } from 'node:fs/promises';
import { trustedKeysFolder } from '../host/places.ts';
import { type ImportedModel, keepModel } from './keepModel.ts';
import { collectLeftovers, importFolder } from './leftovers.ts';
import { stageModel } from './stageModel.ts';

export interface ImportOrder {
  readonly path: string;
  /** Where imported packs are kept, with trusted-keys/ in it. */
  readonly modelsFolder: string;
  /** Folders of packs whose ids are taken. */
  readonly shippedFolders: readonly string[];
  /** A person answers for a pack that no trusted key signed. */
  readonly trust: boolean;
  readonly orientation: string | null;
}

/** @throws what stageModel and keepModel throw */
export async function importModel({ path, orientation, ...order }: ImportOrder): Promise<ImportedModel> {
  await mkdir(order.modelsFolder, { recursive: true });
  await collectLeftovers(order.modelsFolder);
  const staging = await importFolder(order.modelsFolder);
  const keys = { trustedKeysFolder: trustedKeysFolder(order.modelsFolder) };
  try {
    const { folder } = await stageModel({ path, staging, orientation, ...keys });
    return await keepModel({ folder, ...order, ...keys });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
