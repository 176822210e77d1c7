/**
 * A network's first run, on the program's phantom and never on a patient: in a process of its own, at the smallest size that it
 * takes. Answers the shapes, numbers and classes that the manifest promises, or a LanternError. Also runs golden cases.
 */
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { LanternError } from '#core/errors/lanternError.ts';
import type { Vector3 } from '#core/geometry/points.ts';
import { seriesNames } from '#core/inference/inputTensor.ts';
import type { ModelManifest } from '#core/inference/modelManifest.ts';
import { planFlips } from '#core/inference/planFlips.ts';
import type { ModelProto } from '#core/onnx/onnxTypes.ts';
import { phantomVolume } from '#core/phantom/phantomVolume.ts';
import type { Volume } from '#core/volume/volume.ts';
import { InferenceService } from '../inference/inferenceService.ts';
import type { ModelPack } from '../inference/modelPack.ts';
import { type GoldenCase, goldenAgreement, NO_CLASS } from './goldenCase.ts';
import { fixedSize, goldenGrid, goldenVolume, reducedManifest } from './goldenRun.ts';

const LONGEST_MS = 180_000;
/** Where a network takes any size. */
const SMALL = 32;
const LEAST_AGREEMENT = 0.98;

/**
 * @throws model/no-partner, model/dry-run-too-long, model/golden-mismatch, and all that a run throws: model/shape-mismatch, model/non-finite-output,
 *   model/unreadable, model/run-failed, model/out-of-memory, model/process-crashed
 */
export async function dryRun(pack: ModelPack, model: ModelProto, golden: GoldenCase | null): Promise<void> {
  // One look is run; that the others can be had is seen from the manifest.
  if (pack.manifest.output.mirrorByDefault) planFlips(pack.manifest);
  const fixed = fixedSize(model, pack.manifest.input);
  await runReduced(pack, phantomCube(), sizeFor(pack.manifest, fixed), null);
  const grid = golden && pack.manifest.output.kind === 'semantic' ? goldenGrid(golden, pack.manifest, model) : null;
  if (!golden || !grid) return;
  const labels = await runReduced(pack, goldenVolume(golden, pack.manifest), grid, { kind: 'none' });
  const channelOf = new Map(pack.manifest.classes.map(({ value }, channel) => [value, channel]));
  const agreement = goldenAgreement(
    golden,
    Array.from(labels, (label) => channelOf.get(label) ?? NO_CLASS),
  );
  if (agreement < LEAST_AGREEMENT) throw goldenMismatch(pack.manifest.name, agreement);
}

function sizeFor({ input, window }: ModelManifest, fixed: Vector3 | null): Vector3 {
  const side = Math.ceil(SMALL / input.multipleOf) * input.multipleOf;
  return fixed ?? window.size ?? [side, side, input.dimensions === 2 ? 1 : side];
}

/**
 * The pack with nothing but the network's own size left to prepare, alone even where it is the second of a cascade. Of several series each
 * is the volume.
 * @param normalisation null: the pack's own
 */
async function runReduced(
  pack: ModelPack,
  volume: Volume,
  grid: Vector3,
  normalisation: ModelManifest['input']['normalisation'] | null,
): Promise<Uint8Array | Uint16Array> {
  const folder = await mkdtemp(join(tmpdir(), 'lantern-dry-run-'));
  const service = new InferenceService({ modelFolders: [folder] });
  const limit = AbortSignal.timeout(LONGEST_MS);
  try {
    const { manifest } = pack;
    const reduced = reducedManifest(manifest, grid, normalisation);
    await mkdir(join(folder, 'pack'));
    for (const { file } of pack.networks) await copyFile(file, join(folder, 'pack', basename(file)));
    await writeFile(join(folder, 'pack', 'manifest.json'), JSON.stringify(reduced));
    const [, ...others] = seriesNames(manifest.input);
    const channels = others.map((name) => ({ name, volume: { ...volume }, modality: 'OT' }));
    const request = { modelId: manifest.id, volume, modality: 'OT', isDemonstration: true, channels, flips: false };
    const answer = await service.run(request, { signal: limit, progress: () => undefined });
    return answer.labelmap.voxels;
  } catch (error) {
    throw limit.aborted ? tooLong(pack.manifest.name) : error;
  } finally {
    await service.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function phantomCube(): Volume {
  return phantomVolume({ size: [48, 48, 48], spacingMm: [7, 7, 7] }).volume;
}

function tooLong(name: string): LanternError {
  return new LanternError(
    'model/dry-run-too-long',
    `“${name}” did not finish a small phantom within ${LONGEST_MS / 60_000} minutes, and was stopped.`,
    'Do not use this model on this machine; ask its maker for a smaller one.',
  );
}

function goldenMismatch(name: string, agreement: number): LanternError {
  return new LanternError(
    'model/golden-mismatch',
    `“${name}” does not answer its golden case as its maker says: only ${(100 * agreement).toFixed(1)} % of the voxels agree.`,
    'Do not use it; get the model pack again from its maker.',
  );
}
