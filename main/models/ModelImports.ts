/**
 * Imports from the window: a look first, which runs nothing and ends staged, then a person's word, then the dry run, and only then
 * the pack is a model. What was looked at and not taken goes with the vault's lock. Next: modelImportProcess.ts.
 */
import { mkdir, rename, rm } from 'node:fs/promises';
import { v7 as uuidv7 } from 'uuid';
import type { ModelLook } from '#contract/schemas/model.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import { modelUse } from '#core/inference/modelUse.ts';
import { trustedKeysFolder } from '../host/places.ts';
import { findPacks, idOf } from '../inference/modelPack.ts';
import type { JobContext } from '../jobs/jobs.ts';
import { notTrusted, refuseShipped } from './importRefusals.ts';
import type { ImportedModel } from './keepModel.ts';
import { collectLeftovers, importFolder, removedFolder } from './leftovers.ts';
import { keepInProcess, stageInProcess } from './modelImportProcess.ts';
import type { StagedModel } from './stageModel.ts';
import type { VerifyStage } from './verifyPack.ts';

export interface ModelImportsOptions {
  /** Where imported packs are kept, with trusted-keys/ in it. */
  readonly modelsFolder: string;
  /** Folders of packs whose ids are taken. */
  readonly shippedFolders: readonly string[];
}

interface Look {
  readonly staging: string;
  readonly staged: StagedModel;
}

const STAGES: readonly VerifyStage[] = ['hashes', 'network', 'dry-run'];
const PHASES: Readonly<Record<VerifyStage, string>> = {
  hashes: 'Checking hashes and signature',
  network: 'Looking into the network',
  'dry-run': 'Trying it on a phantom',
};

export class ModelImports {
  readonly #options: ModelImportsOptions;
  readonly #looks = new Map<string, Look>();

  constructor(options: ModelImportsOptions) {
    this.#options = options;
  }

  /** @throws what stageModel throws, model/id-taken */
  async look(path: string, orientation: string | null, { signal, progress }: JobContext): Promise<ModelLook> {
    const { modelsFolder, shippedFolders } = this.#options;
    progress(0, 0, '', 'Reading the model');
    await mkdir(modelsFolder, { recursive: true });
    await collectLeftovers(modelsFolder);
    const staging = await importFolder(modelsFolder);
    try {
      const order = { path, staging, orientation, trustedKeysFolder: trustedKeysFolder(modelsFolder) };
      const staged = await stageInProcess(order, { signal });
      const { id } = staged.manifest;
      await refuseShipped(id, shippedFolders);
      const replaced = (await findPacks([modelsFolder])).find((pack) => idOf(pack) === id);
      signal.throwIfAborted();
      const lookId = uuidv7();
      this.#looks.set(lookId, { staging, staged });
      const replaces = replaced ? ('error' in replaced ? '' : replaced.manifest.version) : null;
      return lookOf(lookId, staged, replaces);
    } catch (error) {
      await rm(staging, { recursive: true, force: true });
      throw error;
    }
  }

  /** @throws model/unknown-look, model/not-trusted before anything of it is run, and what keepModel throws */
  async keep(
    lookId: string,
    trust: boolean,
    { signal, progress }: JobContext,
  ): Promise<ImportedModel & { name: string }> {
    const look = this.#looks.get(lookId);
    if (!look) throw unknownLook();
    const { manifest, folder, signedBy } = look.staged;
    if (signedBy === null && !trust) throw notTrusted(manifest.id);
    const { modelsFolder, shippedFolders } = this.#options;
    const order = { folder, modelsFolder, shippedFolders, trust, trustedKeysFolder: trustedKeysFolder(modelsFolder) };
    const stage = (now: VerifyStage): void => progress(STAGES.indexOf(now), STAGES.length, 'steps', PHASES[now]);
    const kept = await keepInProcess(order, { signal, stage });
    await this.discard(lookId);
    return { ...kept, name: manifest.name };
  }

  async discard(lookId: string): Promise<void> {
    const look = this.#looks.get(lookId);
    this.#looks.delete(lookId);
    if (look) await rm(look.staging, { recursive: true, force: true });
  }

  /** What killed imports and removals left. */
  collectLeftovers(): Promise<void> {
    return collectLeftovers(this.#options.modelsFolder);
  }

  async clear(): Promise<void> {
    await Promise.all([...this.#looks.keys()].map((id) => this.discard(id)));
  }

  /** Takes an imported pack away; one that came with the program stays. @throws model/not-imported */
  async remove(id: string): Promise<void> {
    const { modelsFolder } = this.#options;
    await collectLeftovers(modelsFolder);
    const pack = (await findPacks([modelsFolder])).find((each) => idOf(each) === id);
    if (!pack) throw notImported();
    // Out of the list at once, whatever becomes of its files.
    const gone = removedFolder(modelsFolder, uuidv7());
    await rename(pack.folder, gone);
    await rm(gone, { recursive: true, force: true });
  }
}

function lookOf(lookId: string, staged: StagedModel, replaces: string | null): ModelLook {
  const { manifest, card, sha256, signedBy, hasSignature, files } = staged;
  const { id, name, version, licence, intendedUse, modality, training, classes } = manifest;
  return {
    ...{ lookId, id, name, version, licence, intendedUse, modality, card, sha256, signedBy, hasSignature, replaces },
    use: modelUse(manifest),
    population: training.population,
    classes: classes.filter(({ value }) => value > 0).map((c) => c.name),
    files: [...files],
  };
}

function unknownLook(): LanternError {
  return new LanternError(
    'model/unknown-look',
    'What was looked at is not there any more.',
    'Choose the folder or file of the model again.',
  );
}

function notImported(): LanternError {
  return new LanternError(
    'model/not-imported',
    'This model was not imported on this machine, so it is not removed.',
    'Models that come with the program stay with it.',
  );
}
