/**
 * Whether a pack may be used: schema, hashes, list of hashes and signature, the look into the network, what the network and the
 * manifest say of each other, a dry run, the golden case. Next: core/onnx/inspectModel.ts, dryRun.ts.
 */
import { readFile } from 'node:fs/promises';
import { LanternError } from '#core/errors/lanternError.ts';
import { inspectModel } from '#core/onnx/inspectModel.ts';
import { networkFit } from '#core/onnx/networkFit.ts';
import type { ModelProto } from '#core/onnx/onnxTypes.ts';
import { readModel } from '#core/onnx/readModel.ts';
import { findPacks, type ModelPack } from '../inference/modelPack.ts';
import { packProblem } from '../inference/packHash.ts';
import { asLanternError } from '../jobs/jobs.ts';
import { dryRun } from './dryRun.ts';
import { readGoldenCase } from './goldenCase.ts';
import { packFiles } from './packFiles.ts';
import { SUMS, signerOf, type TrustedKey } from './packSignature.ts';

export interface Verdict {
  readonly id: string;
  readonly ok: boolean;
  readonly problems: readonly LanternError[];
  /** Name of the trusted key; null for a pack that nobody vouches for. */
  readonly signedBy: string | null;
}

export type VerifyStage = 'hashes' | 'network' | 'dry-run';

/**
 * Stops at the first stage that finds something: what follows would run what it should not.
 * @param tell called when a stage begins
 */
export async function verifyPack(
  folder: string,
  keys: readonly TrustedKey[],
  tell: (stage: VerifyStage) => void = () => {},
): Promise<Verdict> {
  tell('hashes');
  const [pack] = await findPacks([folder]);
  if (!pack) return { id: '', ok: false, problems: [noPack()], signedBy: null };
  if ('error' in pack) return { id: pack.id, ok: false, problems: [pack.error], signedBy: null };
  let signedBy: string | null = null;
  const problems = await stages(
    async () => [await packProblem(pack)],
    async () => {
      signedBy = await signer(pack, keys);
      return [];
    },
    async () => examineNetwork(pack, tell),
  );
  return { id: pack.manifest.id, ok: problems.length === 0, problems, signedBy };
}

async function stages(...all: (() => Promise<(LanternError | null)[]>)[]): Promise<LanternError[]> {
  for (const stage of all) {
    const found = (await stage().catch((error: unknown) => [asLanternError(error)])).flatMap((e) => e ?? []);
    if (found.length > 0) return found;
  }
  return [];
}

async function signer(pack: ModelPack, keys: readonly TrustedKey[]): Promise<string | null> {
  const files = await packFiles(pack.folder);
  return files.has(SUMS) ? signerOf(files, keys) : null;
}

async function examineNetwork(pack: ModelPack, tell: (stage: VerifyStage) => void): Promise<(LanternError | null)[]> {
  tell('network');
  let first: ModelProto | null = null;
  for (const { file } of pack.networks) {
    const model = readModel(await readFile(file));
    const found = [...inspectModel(model), ...networkFit(model, pack.manifest)];
    if (found.length > 0) return found;
    first ??= model;
  }
  if (!first) return [];
  tell('dry-run');
  await dryRun(pack, first, await readGoldenCase(pack.folder));
  return [];
}

function noPack(): LanternError {
  return new LanternError(
    'model/no-source',
    'There is no model pack in this folder: it holds no manifest.json.',
    'Give the folder with manifest.json and the network in it.',
  );
}
