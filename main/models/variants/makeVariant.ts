/**
 * What quantising and pruning have in common: the parent runs on every case, a variant is made and measured against it, and only one that
 * is worth it (worthKeeping.ts) is written. Until then it lies in a temporary folder. Next: quantiseModel.ts, pruneModel.ts
 */
import { createHash } from 'node:crypto';
import { lstat, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { LanternError } from '#core/errors/lanternError.ts';
import type { ModelVariant } from '#core/inference/modelManifest.ts';
import type { NetworkFile } from '../../inference/inferenceMessages.ts';
import { TrialProcess } from '../../inference/TrialProcess.ts';
import type { TrialWindow } from '../../inference/trialMessages.ts';
import { measureVariant, PARENT, type VariantMeasure } from './measureVariant.ts';
import { type ParentPack, parentPack } from './parentPack.ts';
import { trialRun } from './trialRun.ts';
import { type VariantCases, variantCases } from './variantCases.ts';
import { reasonsAgainst } from './worthKeeping.ts';
import { type VariantNames, writeVariant } from './writeVariant.ts';

export interface VariantOrder {
  /** The folder of a pack, or a model's id. */
  readonly wanted: string;
  readonly modelFolders: readonly string[];
  /** The folder to make. */
  readonly out: string;
  /** Volumes of the user's own; may be empty. */
  readonly volumes: readonly string[];
  readonly signal: AbortSignal;
  progress(line: string): void;
}

export interface Trial {
  readonly parent: ParentPack;
  readonly cases: VariantCases;
  /** Of the cases that ranges may be chosen on, as the network reads them. */
  readonly windows: readonly TrialWindow[];
  readonly trials: TrialProcess;
  /** Puts a network where the trials' process can read it. */
  stage(network: Uint8Array): Promise<NetworkFile>;
  progress(line: string): void;
}

export interface MadeVariant extends VariantNames {
  readonly network: Uint8Array;
  readonly change: ModelVariant['change'];
}

export interface VariantAnswer {
  readonly id: string;
  /** Of the network; also of one that was not kept. */
  readonly sha256: string;
  readonly kept: boolean;
  /** Null where it was not kept. */
  readonly folder: string | null;
  /** Why not. */
  readonly reasons: readonly string[];
  readonly change: ModelVariant['change'];
  readonly parent: { readonly id: string; readonly version: string; readonly sha256: string };
  readonly measure: VariantMeasure;
  readonly bytes: { readonly parent: number; readonly variant: number };
  readonly warnings: readonly string[];
  /** Present where it was not kept. */
  readonly error?: LanternError;
}

/** Windows that are kept for calibration: more change the ranges little and the time a lot. */
const MOST_WINDOWS = 48;

/** @throws disk/exists, what parentPack and variantCases throw, and what a run throws; nothing is written then */
export async function makeVariant(
  order: VariantOrder,
  make: (trial: Trial) => Promise<MadeVariant>,
): Promise<VariantAnswer> {
  await refuseTaken(order.out);
  const parent = await parentPack(order.wanted, order.modelFolders);
  const cases = await variantCases(parent, order.volumes);
  const staging = await mkdtemp(join(tmpdir(), 'lantern-variant-'));
  const trials = new TrialProcess([parent.pack.folder, staging], order.signal);
  const { progress } = order;
  try {
    const { manifest, networks, sha256: parentSha256 } = parent.pack;
    await trials.load(PARENT, networks[0], manifest);
    const all = [cases.golden, ...cases.volumes];
    const masks: (Uint8Array | Uint16Array)[] = [];
    const windows: TrialWindow[] = [];
    const share = Math.ceil(MOST_WINDOWS / Math.max(1, cases.volumes.length));
    for (const one of all) {
      progress(`Running “${manifest.name}” as it is on ${one.name}`);
      // A golden case that is no image must not choose ranges; where volumes are given they do.
      const calibrates = one !== cases.golden || cases.volumes.length === 0;
      masks.push(
        await trialRun(trials, PARENT, one, (n, total, window) => {
          if (calibrates && n % Math.max(1, Math.ceil(total / share)) === 0) windows.push(window());
        }),
      );
    }
    if (masks.every((mask) => mask.every((label) => label === 0))) throw saysNothing(manifest.name);
    let count = 0;
    const stage = async (network: Uint8Array): Promise<NetworkFile> => {
      const file = join(staging, `${count++}.onnx`);
      await writeFile(file, network);
      return { file, sha256: createHash('sha256').update(network).digest('hex') };
    };
    const { network, change, ...names } = await make({ parent, cases, windows, trials, stage, progress });
    progress('Measuring the variant');
    const staged = await stage(network);
    const measure = await measureVariant(trials, parent, staged, all, masks);
    const reasons = reasonsAgainst(measure);
    const answer = {
      id: `${manifest.id}-${names.suffix}`,
      sha256: staged.sha256,
      reasons,
      change,
      parent: { id: manifest.id, version: manifest.version, sha256: parentSha256 },
      measure,
      bytes: { parent: (await lstat(networks[0].file)).size, variant: network.byteLength },
      warnings: cases.warnings,
    };
    if (reasons.length > 0) {
      return { ...answer, kept: false, folder: null, error: notWorthIt(manifest.name, reasons) };
    }
    order.signal.throwIfAborted();
    const { id } = await writeVariant(order.out, parent, network, change, measure, names);
    return { ...answer, id, kept: true, folder: order.out };
  } finally {
    await trials.close();
    await rm(staging, { recursive: true, force: true });
  }
}

async function refuseTaken(folder: string): Promise<void> {
  if (!(await lstat(folder).catch(() => null))) return;
  throw new LanternError(
    'disk/exists',
    `There is a “${basename(folder)}” at this place already.`,
    'Choose another name.',
  );
}

function saysNothing(name: string): LanternError {
  return new LanternError(
    'model/golden-says-nothing',
    `“${name}” finds nothing but background in its golden case and in the volumes given, so a loss would not be seen.`,
    'Give volumes that show what the model finds with --calibrate.',
  );
}

function notWorthIt(name: string, reasons: readonly string[]): LanternError {
  return new LanternError(
    'model/variant-not-worth-it',
    `The variant of “${name}” was not kept: ${reasons.join('; ')}.`,
    'Use the model as it is.',
  );
}
