/** The model that a variant is made from: found by folder or id, and held against what variants can be made of. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { LanternError } from '#core/errors/lanternError.ts';
import { inspectModel } from '#core/onnx/inspectModel.ts';
import { networkFit } from '#core/onnx/networkFit.ts';
import type { ModelProto } from '#core/onnx/onnxTypes.ts';
import { readModel } from '#core/onnx/readModel.ts';
import { findPacks, type ModelPack } from '../../inference/modelPack.ts';
import { packProblem } from '../../inference/packHash.ts';
import { type GoldenCase, readGoldenCase } from '../goldenCase.ts';
import { goldenGrid } from '../goldenRun.ts';

export interface ParentPack {
  readonly pack: ModelPack;
  readonly model: ModelProto;
  readonly golden: GoldenCase;
}

/**
 * @param wanted the folder of a pack, or a model's id
 * @throws model/unknown, model/variant-unsupported, model/no-golden-case, and what speaks against the pack itself
 */
export async function parentPack(wanted: string, modelFolders: readonly string[]): Promise<ParentPack> {
  const [inFolder] = await findPacks([resolve(wanted)]);
  const pack = inFolder ?? (await findPacks(modelFolders)).find((p) => !('error' in p) && p.manifest.id === wanted);
  if (!pack) {
    throw new LanternError(
      'model/unknown',
      'There is no model pack in this folder, and no model of this name.',
      'Look at the list of models, or give the folder of a pack.',
    );
  }
  if ('error' in pack) throw pack.error;
  const { manifest, networks } = pack;
  if (manifest.output.kind !== 'semantic') throw unsupported(manifest.name, 'it does not answer with one mask');
  if (manifest.output.overlapping) throw unsupported(manifest.name, 'its classes overlap');
  if (manifest.variantOf) throw unsupported(manifest.name, 'it is a variant itself; start from its parent');
  const problem = await packProblem(pack);
  if (problem) throw problem;
  if (networks.length > 1) throw unsupported(manifest.name, 'it holds several networks (folds)');
  const model = readModel(await readFile(networks[0].file));
  const [finding] = [...inspectModel(model), ...networkFit(model, manifest)];
  if (finding) throw finding;
  const golden = await readGoldenCase(pack.folder);
  if (!golden || !goldenGrid(golden, manifest, model)) throw noGoldenCase(manifest.name);
  return { pack, model, golden };
}

function unsupported(name: string, why: string): LanternError {
  return new LanternError(
    'model/variant-unsupported',
    `No variant can be made of “${name}”: ${why}.`,
    'Choose a model with one network that answers with a mask.',
  );
}

function noGoldenCase(name: string): LanternError {
  return new LanternError(
    'model/no-golden-case',
    `“${name}” has no golden case that its network can read, so what a variant loses could not be measured.`,
    'Add golden/input.f32 and golden/labels.u8 to the pack, a cube as the network reads it, or ask its maker for them.',
  );
}
