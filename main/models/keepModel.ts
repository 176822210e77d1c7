/** The second half of an import: a staged pack is verified, dry run included, and only then moved among the models. */
import { join } from 'node:path';
import { notTrusted, refuseShipped } from './importRefusals.ts';
import { packFiles } from './packFiles.ts';
import { readTrustedKeys } from './packSignature.ts';
import { type VerifyStage, verifyPack } from './verifyPack.ts';
import { writeFolderAtomically } from './writeFolderAtomically.ts';

export interface KeepOrder {
  /** Of the staged pack. */
  readonly folder: string;
  readonly modelsFolder: string;
  readonly trustedKeysFolder: string;
  /** Folders of packs whose ids are taken. */
  readonly shippedFolders: readonly string[];
  /** A person answers for a pack that no trusted key signed. */
  readonly trust: boolean;
}

export interface ImportedModel {
  readonly id: string;
  readonly folder: string;
  readonly signedBy: string | null;
}

/** @throws model/not-trusted, model/id-taken, and what verifyPack finds first */
export async function keepModel(
  order: KeepOrder,
  tell: (stage: VerifyStage) => void = () => {},
): Promise<ImportedModel> {
  const keys = await readTrustedKeys(order.trustedKeysFolder);
  const { id, problems, signedBy } = await verifyPack(order.folder, keys, tell);
  const [problem] = problems;
  if (problem) throw problem;
  if (signedBy === null && !order.trust) throw notTrusted(id);
  await refuseShipped(id, order.shippedFolders);
  const folder = join(order.modelsFolder, id);
  await writeFolderAtomically(folder, await packFiles(order.folder), true);
  return { id, folder, signedBy };
}
