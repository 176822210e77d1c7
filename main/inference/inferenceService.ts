/**
 * Networks of the clinic's own folders, run one after the other in a process without keys. The host's thread only sends voxels and
 * receives masks. Next: modelPack.ts (what can be run), InferenceProcess.ts (running it), Providers.ts (on what).
 */
import os from 'node:os';
import type { ModelSummary, Provenance, ProviderStatus, Warning } from '#contract/schemas.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import { inputGate } from '#core/inference/inputGate.ts';
import type { DoubtWish } from '#core/inference/runModel.ts';
import type { Labelmap } from '#core/segmentation/labelmap.ts';
import type { Segment } from '#core/segmentation/segment.ts';
import type { Volume } from '#core/volume/volume.ts';
import type { JobContext } from '../jobs/jobs.ts';
import { nodeRuntime } from '../processes/nodeRuntime.ts';
import { InferenceProcess, type ProcessRun } from './InferenceProcess.ts';
import type { ProviderName } from './inferenceMessages.ts';
import { type LooksPlan, looksProvenance, planLooks } from './looksPlan.ts';
import { type BrokenPack, findPacks, type ModelPack } from './modelPack.ts';
import { modelSegments } from './modelSegments.ts';
import { brokenSummary, packSummary } from './modelSummaries.ts';
import { Providers } from './Providers.ts';
import { packProblem, unsupportedOutput, weightsMissing } from './packHash.ts';

export interface InferenceServiceOptions {
  /** Each a folder of model packs, or a pack itself; the first of two packs with one id counts. */
  readonly modelFolders: readonly string[];
  /** Where it remembers which hardware works on this machine; no patient data. Default: only while the program runs. */
  readonly stateFolder?: string;
  /** The Node that networks run on. Default: the running one, in the Electron build the packed one. */
  readonly nodePath?: string;
  /** How long the process waits for another run. Default: 30 s. */
  readonly idleMs?: number;
  /** What the process may hold. Default: 85 % of the machine's memory. */
  readonly memoryCeilingBytes?: number;
}

export interface InferenceRequest {
  readonly modelId: string;
  readonly volume: Volume;
  /** As DICOM (0008,0060); empty or "OT" where the file does not say. */
  readonly modality: string;
  /** The study is the program's own phantom. */
  readonly isDemonstration?: boolean;
  /** Other models whose probabilities are averaged with this one's. */
  readonly ensemble?: readonly string[];
  /** Test-time augmentation: the series is shown flipped too. */
  readonly flips?: boolean;
  /** Default: 'no'. */
  readonly doubt?: DoubtWish;
  /** Insists on one; nothing else is tried then. Default: the best that works. */
  readonly provider?: ProviderName;
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
  /** Where and how much the answer is unsure; null: not asked for, or this network's numbers are no probabilities. */
  readonly doubt: ProcessRun['doubt'];
  readonly provenance: Omit<Provenance, 'operator'>;
  readonly warnings: Warning[];
}

export class InferenceService {
  readonly #folders: readonly string[];
  readonly #ceilingBytes: number;
  readonly #process: InferenceProcess;
  readonly #providers: Providers;
  /** Settles when the run before has ended, however it ended. */
  #queue: Promise<unknown> = Promise.resolve();
  #unfinished = 0;

  constructor(options: InferenceServiceOptions) {
    const nodePath = options.nodePath ?? nodeRuntime();
    this.#folders = options.modelFolders;
    this.#ceilingBytes = options.memoryCeilingBytes ?? 0.85 * machineMemoryBytes();
    this.#process = new InferenceProcess({
      nodePath,
      modelFolders: this.#folders,
      idleMs: options.idleMs ?? 30_000,
      ceilingBytes: this.#ceilingBytes,
    });
    this.#providers = new Providers({ nodePath, stateFolder: options.stateFolder ?? null });
  }

  /** @returns every pack that was found, also those that can't be run, with the reason */
  async models(): Promise<ModelSummary[]> {
    const packs = await findPacks(this.#folders);
    return Promise.all(
      packs.map(async (pack) =>
        'error' in pack ? brokenSummary(pack) : packSummary(pack, (await packProblem(pack))?.toJSON() ?? null),
      ),
    );
  }

  providers(): Promise<ProviderStatus[]> {
    return this.#providers.statuses();
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
   * @throws model/unknown, model/weights-missing, model/invalid-manifest, model/unsupported-output, model/wrong-modality,
   *   model/volume-too-small, model/volume-too-large, model/hash-mismatch, model/unreadable, model/shape-mismatch,
   *   model/non-finite-input, model/uniform-input, model/non-finite-output, model/out-of-memory, model/process-crashed,
   *   model/no-probabilities, model/ensemble-classes, model/ensemble-grid, model/no-flips, model/no-partner, provider/unusable
   */
  async run(request: InferenceRequest, context: JobContext): Promise<InferenceAnswer> {
    // The place in the queue is taken before anything is awaited: the order is that of asking.
    const before = this.#queue;
    let release = (): void => {};
    this.#queue = new Promise<void>((resolve) => {
      release = resolve;
    });
    const mustWait = this.#unfinished++ > 0;
    // It takes longer to start than the pack to read.
    this.warmUp();
    try {
      const packs = await this.#packs([request.modelId, ...(request.ensemble ?? [])]);
      const { volume, modality, isDemonstration = false } = request;
      const subject = { geometry: volume.geometry, modality, isDemonstration };
      const warnings: Warning[] = distinct(packs.flatMap((pack) => inputGate(pack.manifest, subject)));
      const plan = planLooks(packs, request, this.#ceilingBytes);
      const provider = request.provider && (await this.#providers.required(request.provider));
      if (mustWait) context.progress(0, 0, 'windows', 'Waiting for the run before');
      await Promise.race([before, rejection(context.signal)]);
      return await this.#runNow(plan, volume, [...warnings, ...plan.warnings], provider ?? null, context);
    } finally {
      this.#unfinished--;
      // One that left the queue early must not let the next one overtake the run before it.
      void before.then(release);
    }
  }

  async close(): Promise<void> {
    await this.#process.close();
  }

  async #runNow(
    plan: LooksPlan,
    volume: Volume,
    gateWarnings: readonly Warning[],
    required: ProviderName | null,
    context: JobContext,
  ): Promise<InferenceAnswer> {
    const { manifest, sha256 } = plan.packs[0];
    const from = performance.now();
    const at = new Date().toISOString();
    const warnings = [...gateWarnings];
    let provider = required ?? (await this.#providers.preferred());
    let run: ProcessRun;
    try {
      run = await this.#runOn(provider, plan, volume, context);
    } catch (error) {
      if (required || provider === 'cpu' || context.signal.aborted || !mayBeTheProviders(error)) throw error;
      await this.#providers.distrust(provider, error.code === 'model/process-crashed' ? 'crashed' : 'failed');
      warnings.push({
        code: 'model/ran-on-processor',
        message: `The graphics card (${provider}) failed during the run; the result was computed on the processor instead.`,
      });
      provider = 'cpu';
      run = await this.#runOn(provider, plan, volume, context);
    }
    context.signal.throwIfAborted();
    const { segments, missing } = modelSegments(manifest, run.labelmap);
    warnings.push(...run.warnings);
    if (missing.length > 0) {
      warnings.push({ code: 'model/not-found', message: `Not found in this series: ${missing.join(', ')}.` });
    }
    const seconds = (performance.now() - from) / 1000;
    const { id, version } = manifest;
    const name = plan.packs.map((pack) => pack.manifest.name).join(' + ');
    if (run.doubt === null && plan.order.doubt === 'if-possible') warnings.push(doubtUnknown(manifest.name));
    return {
      name,
      labelmap: run.labelmap,
      segments,
      model: { id, version, sha256 },
      provider,
      seconds,
      networkSeconds: run.networkSeconds,
      doubt: run.doubt,
      provenance: {
        modelId: id,
        modelName: manifest.name,
        modelVersion: version,
        sha256,
        provider,
        seconds,
        trace: [...run.trace],
        at,
        ...looksProvenance(plan, run.doubt !== null),
      },
      warnings,
    };
  }

  #runOn(provider: ProviderName, { order }: LooksPlan, volume: Volume, context: JobContext): Promise<ProcessRun> {
    context.progress(0, 0, 'windows', 'Preparing the network');
    return this.#process.run({ ...order, provider }, volume, {
      signal: context.signal,
      progress: (done, total, secondsLeft) => context.progress(done, total, 'windows', phase(done, total, secondsLeft)),
    });
  }

  async #packs(modelIds: readonly string[]): Promise<[ModelPack, ...ModelPack[]]> {
    const packs = await findPacks(this.#folders);
    const ids = new Set(modelIds);
    const chosen = await Promise.all([...ids].map((id) => this.#pack(packs, id)));
    return chosen as [ModelPack, ...ModelPack[]];
  }

  async #pack(packs: readonly (ModelPack | BrokenPack)[], modelId: string): Promise<ModelPack> {
    const found = packs.find((pack) => ('error' in pack ? pack.id : pack.manifest.id) === modelId);
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
}

/** Of the machine, or of the container that the program was given. */
function machineMemoryBytes(): number {
  return Math.min(os.totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
}

/** Members of an ensemble are warned about alike. */
function distinct(warnings: readonly Warning[]): Warning[] {
  return [...new Map(warnings.map((warning) => [warning.message, warning])).values()];
}

function doubtUnknown(name: string): Warning {
  return {
    code: 'model/doubt-unknown',
    message: `“${name}” answers with numbers that are no probabilities, so how sure it was is not known.`,
  };
}

/** Failures that another provider need not repeat. */
function mayBeTheProviders(error: unknown): error is LanternError {
  const codes = ['model/process-crashed', 'model/unreadable', 'model/run-failed', 'model/non-finite-output'];
  return error instanceof LanternError && codes.includes(error.code);
}

function phase(done: number, total: number, secondsLeft: number | null): string {
  if (done === total) return 'Finishing the mask';
  if (secondsLeft === null) return 'Running the network';
  return `Running the network, about ${Math.max(1, Math.round(secondsLeft))} s left`;
}

/** @returns a promise that only ever rejects, when the signal is aborted */
function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
