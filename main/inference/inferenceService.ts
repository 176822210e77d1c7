/**
 * Networks of the clinic's own folders, run one after the other in a process without keys. The host's thread only sends voxels and
 * receives masks. Next: modelPack.ts (what can be run), RunQueue.ts (when), InferenceProcess.ts (running it), Providers.ts (on what).
 */
import os from 'node:os';
import { dirname } from 'node:path';
import type { ModelSummary, Provenance, ProviderStatus, RunEstimate, Warning } from '#contract/schemas.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import { estimateRunBytes } from '#core/inference/estimateRunBytes.ts';
import { type GateSubject, inputGate } from '#core/inference/inputGate.ts';
import type { Labelmap } from '#core/segmentation/labelmap.ts';
import type { Segment } from '#core/segmentation/segment.ts';
import type { Volume } from '#core/volume/volume.ts';
import type { JobContext } from '../jobs/jobs.ts';
import { nodeRuntime } from '../processes/nodeRuntime.ts';
import { volumeTooLarge } from './estimateRun.ts';
import { InferenceProcess, type ProcessRun } from './InferenceProcess.ts';
import type { ProviderName } from './inferenceMessages.ts';
import { findPacks, idOf, type ModelPack } from './modelPack.ts';
import { modelSegments } from './modelSegments.ts';
import { brokenSummary, packSummary } from './modelSummaries.ts';
import { Providers } from './Providers.ts';
import { packProblem, unsupportedOutput, weightsMissing } from './packHash.ts';
import { RunEstimates } from './RunEstimates.ts';
import { positionInWords, type RunPriority, RunQueue } from './RunQueue.ts';
import { isCrash, secondTry } from './secondTry.ts';

export interface InferenceServiceOptions {
  /** Each a folder of model packs, or a pack itself; the first of two packs with one id counts. */
  readonly modelFolders: readonly string[];
  /** The one of them that models are imported to. */
  readonly importedModelsFolder?: string;
  /** Where it remembers which hardware works on this machine and how long networks take; no patient data. Default: only while the program runs. */
  readonly stateFolder?: string;
  /** The Node that networks run on. Default: the running one, in the Electron build the packed one. */
  readonly nodePath?: string;
  /** How long the process waits for another run. Default: 30 s. */
  readonly idleMs?: number;
  /** What the process may hold. Default: 85 % of the machine's memory. */
  readonly memoryCeilingBytes?: number;
  /** Default: a queue of its own. */
  readonly queue?: RunQueue;
}

export interface InferenceRequest {
  readonly modelId: string;
  readonly volume: Volume;
  /** As DICOM (0008,0060); empty or "OT" where the file does not say. */
  readonly modality: string;
  /** The study is the program's own phantom. */
  readonly isDemonstration?: boolean;
}

export interface InferenceAnswer {
  readonly name: string;
  /** On the volume's own grid, voxel for voxel. */
  readonly labelmap: Labelmap;
  readonly segments: Segment[];
  readonly model: { readonly id: string; readonly version: string; readonly sha256: string };
  readonly provider: ProviderName;
  readonly seconds: number;
  /** Of them, inside of the runtime. */
  readonly networkSeconds: number;
  readonly provenance: Omit<Provenance, 'operator'>;
  readonly warnings: Warning[];
}

export class InferenceService {
  readonly #folders: readonly string[];
  readonly #importedModelsFolder: string | null;
  readonly #ceilingBytes: number;
  readonly #process: InferenceProcess;
  readonly #providers: Providers;
  readonly #queue: RunQueue;
  readonly #estimates: RunEstimates;

  constructor(options: InferenceServiceOptions) {
    const nodePath = options.nodePath ?? nodeRuntime();
    this.#folders = options.modelFolders;
    this.#importedModelsFolder = options.importedModelsFolder ?? null;
    this.#queue = options.queue ?? new RunQueue();
    this.#ceilingBytes = options.memoryCeilingBytes ?? 0.85 * machineMemoryBytes();
    this.#process = new InferenceProcess({
      nodePath,
      modelFolders: this.#folders,
      idleMs: options.idleMs ?? 30_000,
      ceilingBytes: this.#ceilingBytes,
    });
    const stateFolder = options.stateFolder ?? null;
    this.#providers = new Providers({ nodePath, stateFolder });
    this.#estimates = new RunEstimates({ nodePath, stateFolder, ceilingBytes: this.#ceilingBytes });
  }

  /** @returns every pack that was found, also those that can't be run, with the reason */
  async models(): Promise<ModelSummary[]> {
    const packs = await findPacks(this.#folders);
    return Promise.all(
      packs.map(async (pack) => {
        const isImported = dirname(pack.folder) === this.#importedModelsFolder;
        if ('error' in pack) return brokenSummary(pack, isImported);
        return packSummary(pack, (await packProblem(pack))?.toJSON() ?? null, isImported);
      }),
    );
  }

  /** @returns as a person knows it; null where there is no such model */
  async nameOf(modelId: string): Promise<string | null> {
    const found = (await findPacks(this.#folders)).find((pack) => idOf(pack) === modelId);
    if (!found) return null;
    return 'error' in found ? found.name : found.manifest.name;
  }

  providers(): Promise<ProviderStatus[]> {
    return this.#providers.statuses();
  }

  /**
   * What a run would take, and whether the model is for such a series. Looks at no voxel.
   * @throws model/unknown, model/weights-missing, model/invalid-manifest, model/unsupported-output
   */
  async estimate(modelId: string, subject: GateSubject): Promise<RunEstimate> {
    return this.#estimates.of(await this.#pack(modelId), subject, await this.#providers.preferred());
  }

  /** Starts the process while the caller still reads the volume; ends by itself when no run comes. */
  warmUp(): void {
    this.#process.warmUp();
  }

  /** Of the inference process that is running now; null when there is none. */
  get processId(): number | null {
    return this.#process.pid;
  }

  /**
   * Waits for its turn, then runs. Cancelled by the context's signal, also while it waits.
   * @param asked a function is called when its turn has come, so that what waits holds no volume
   * @throws model/queue-full, model/unknown, model/weights-missing, model/invalid-manifest, model/unsupported-output,
   *   model/wrong-modality, model/volume-too-small, model/volume-too-large, model/hash-mismatch, model/unreadable,
   *   model/shape-mismatch, model/non-finite-input, model/uniform-input, model/non-finite-output, model/out-of-memory,
   *   model/process-crashed
   */
  run(
    asked: InferenceRequest | (() => Promise<InferenceRequest>),
    context: JobContext,
    priority: RunPriority = 'interactive',
  ): Promise<InferenceAnswer> {
    // It takes longer to start than the pack to read.
    this.warmUp();
    const { signal } = context;
    const moved = (position: number): void => context.progress(0, 0, 'windows', positionInWords(position));
    return this.#queue.run({ priority, signal, moved }, async () => {
      const request = typeof asked === 'function' ? await asked() : asked;
      const pack = await this.#pack(request.modelId);
      const { volume, modality, isDemonstration = false } = request;
      const warnings: Warning[] = inputGate(pack.manifest, { geometry: volume.geometry, modality, isDemonstration });
      this.#checkMemory(pack, volume);
      signal.throwIfAborted();
      return this.#runNow(pack, volume, warnings, context);
    });
  }

  async close(): Promise<void> {
    await this.#process.close();
  }

  async #runNow(
    pack: ModelPack,
    volume: Volume,
    gateWarnings: readonly Warning[],
    context: JobContext,
  ): Promise<InferenceAnswer> {
    const { manifest, sha256 } = pack;
    const from = performance.now();
    const at = new Date().toISOString();
    const warnings = [...gateWarnings];
    let provider = await this.#providers.preferred();
    let run: ProcessRun;
    let again: Warning | null = null;
    try {
      run = await this.#runOn(provider, pack, volume, context);
    } catch (error) {
      again = context.signal.aborted ? null : secondTry(error, provider);
      if (!again) throw error;
      if (provider !== 'cpu') await this.#providers.distrust(provider, isCrash(error) ? 'crashed' : 'failed');
      warnings.push(again);
      provider = 'cpu';
      run = await this.#runOn(provider, pack, volume, context);
    }
    context.signal.throwIfAborted();
    const { segments, missing } = modelSegments(manifest, run.labelmap);
    warnings.push(...run.warnings);
    if (missing.length > 0) {
      warnings.push({ code: 'model/not-found', message: `Not found in this series: ${missing.join(', ')}.` });
    }
    const seconds = (performance.now() - from) / 1000;
    // Not waited for: the person waits for the mask. A run that had to be repeated says nothing of the next one's time.
    if (!again)
      void this.#estimates.learn(pack, {
        provider,
        geometry: volume.geometry,
        seconds,
        networkSeconds: run.networkSeconds,
      });
    const { id, version, name } = manifest;
    return {
      name,
      labelmap: run.labelmap,
      segments,
      model: { id, version, sha256 },
      provider,
      seconds,
      networkSeconds: run.networkSeconds,
      provenance: {
        modelId: id,
        modelName: name,
        modelVersion: version,
        sha256,
        provider,
        seconds,
        trace: [...run.trace],
        at,
      },
      warnings,
    };
  }

  #runOn(provider: ProviderName, pack: ModelPack, volume: Volume, context: JobContext): Promise<ProcessRun> {
    const { manifest, networkFile, sha256 } = pack;
    context.progress(0, 0, 'windows', 'Preparing the network');
    return this.#process.run({ networkFile, sha256, manifest, provider }, volume, {
      signal: context.signal,
      progress: (done, total, secondsLeft) => context.progress(done, total, 'windows', phase(done, total, secondsLeft)),
    });
  }

  async #pack(modelId: string): Promise<ModelPack> {
    const packs = await findPacks(this.#folders);
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
    if (found.manifest.output.kind !== 'semantic') throw unsupportedOutput(found);
    return found;
  }

  #checkMemory({ manifest }: ModelPack, volume: Volume): void {
    const needed = estimateRunBytes(manifest, volume.geometry);
    if (needed > this.#ceilingBytes) throw volumeTooLarge(manifest.name, needed, this.#ceilingBytes);
  }
}

/** Of the machine, or of the container that the program was given. */
function machineMemoryBytes(): number {
  return Math.min(os.totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
}

function phase(done: number, total: number, secondsLeft: number | null): string {
  if (done === total) return 'Finishing the mask';
  if (secondsLeft === null) return 'Running the network';
  return `Running the network, about ${Math.max(1, Math.round(secondsLeft))} s left`;
}
