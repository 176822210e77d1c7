/**
 * The first half of an import: what a person points at is read, made a pack if it is none, laid in a place of its own and looked at,
 * without running anything. The second half: keepModel.ts.
 */
import { join } from 'node:path';
import type { ModelManifest } from '#core/inference/modelManifest.ts';
import { findPacks } from '../inference/modelPack.ts';
import { packProblem } from '../inference/packHash.ts';
import { foreignOrOwnPack, noPackIn } from './foreignOrOwnPack.ts';
import { packFiles } from './packFiles.ts';
import { readTrustedKeys, SIGNATURE, SUMS, signerOf } from './packSignature.ts';
import { readSource } from './readSource.ts';
import { writeFolderAtomically } from './writeFolderAtomically.ts';

export interface StageOrder {
  /** A folder or .zip file. */
  readonly path: string;
  /** A folder of this import alone. */
  readonly staging: string;
  readonly trustedKeysFolder: string;
  /** Where the export does not say how its images lie. */
  readonly orientation: string | null;
}

export interface StagedModel {
  /** The pack inside of the staging folder. */
  readonly folder: string;
  readonly manifest: ModelManifest;
  readonly card: string;
  readonly sha256: string;
  /** Name of the trusted key; null where none of them signed it. */
  readonly signedBy: string | null;
  /** By a key that may be unknown here. */
  readonly hasSignature: boolean;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
}

/** @throws model/no-source, model/bad-archive, model/orientation-unknown, model/not-understood, model/invalid-manifest, model/hash-mismatch */
export async function stageModel(order: StageOrder): Promise<StagedModel> {
  const folder = join(order.staging, 'pack');
  const source = await readSource(order.path);
  await writeFolderAtomically(folder, await foreignOrOwnPack(source, order.orientation));
  const [pack] = await findPacks([folder]);
  if (!pack) throw noPackIn();
  if ('error' in pack) throw pack.error;
  const problem = await packProblem(pack);
  if (problem) throw problem;
  const files = await packFiles(folder);
  const signedBy = files.has(SUMS) ? signerOf(files, await readTrustedKeys(order.trustedKeysFolder)) : null;
  const { manifest, card, sha256 } = pack;
  return {
    folder,
    manifest,
    card,
    sha256,
    signedBy,
    hasSignature: files.has(SIGNATURE),
    files: [...files].map(([name, { length }]) => ({ name, bytes: length })),
  };
}
