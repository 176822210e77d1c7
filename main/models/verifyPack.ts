/**
 * Whether a pack may be used: schema, hashes, list of hashes and signature, the look into the network, what the network and the
 * manifest say of each other, a dry run, the golden case. Next: core/onnx/inspectModel.ts, dryRun.ts.
 */
import { readFile } from 'node:fs/promises';
import { LanternError } from '#core/errors/lanternError.ts';
import type { ModelManifest } from '#core/inference/modelManifest.ts';
import { inspectModel } from '#core/onnx/inspectModel.ts';
import { DATA_TYPES, FLOAT, type ModelProto } from '#core/onnx/onnxTypes.ts';
import { readModel } from '#core/onnx/readModel.ts';
import { type ModelValue, modelInputs, modelOutputs } from '#core/onnx/valueShape.ts';
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
  const model = readModel(await readFile(pack.networkFile));
  const found = [...inspectModel(model), ...disagreements(model, pack.manifest)];
  if (found.length > 0) return found;
  tell('dry-run');
  await dryRun(pack, model, await readGoldenCase(pack.folder));
  return [];
}

/** What can be seen without running anything. */
function disagreements(model: ModelProto, manifest: ModelManifest): LanternError[] {
  const inputs = modelInputs(model);
  const [input] = inputs;
  const [output] = modelOutputs(model);
  if (!input || !output) return [];
  const wanted = manifest.input.grid ?? manifest.window.size;
  const [i = null, j = null, k = null] = wanted ?? [];
  const found = [
    inputs.length > 1 ? `it has ${inputs.length} inputs` : null,
    mismatch('input', input, [1, manifest.input.channels.length, k, j, i]),
    mismatch('output', output, [1, manifest.classes.length, k, j, i]),
  ];
  return found.flatMap((what) => (what ? [disagrees(manifest.name, what)] : []));
}

function mismatch(end: string, value: ModelValue, wanted: readonly (number | null)[]): string | null {
  if (value.elementType !== FLOAT) {
    return `its ${end} holds ${DATA_TYPES[value.elementType]?.name ?? 'something else'} instead of float`;
  }
  const { dims } = value;
  if (!dims) return null;
  const fits = dims.length === 5 && dims.every((d, axis) => d === null || !wanted[axis] || d === BigInt(wanted[axis]));
  const shown = (list: readonly (number | bigint | null)[]): string => list.map((d) => d ?? 'any').join(' × ');
  return fits ? null : `its ${end} is ${shown(dims)} and the manifest says ${shown(wanted)}`;
}

function disagrees(name: string, what: string): LanternError {
  return new LanternError(
    'model/shape-mismatch',
    `The network of “${name}” is not the one that its manifest describes: ${what}.`,
    'Get the model pack again from its maker.',
  );
}

function noPack(): LanternError {
  return new LanternError(
    'model/no-source',
    'There is no model pack in this folder: it holds no manifest.json.',
    'Give the folder with manifest.json and the network in it.',
  );
}
