/**
 * Networks of the clinic's own folders, run one after the other in a process without keys. The host's thread only sends voxels and
 * receives masks. Next: modelPack.ts (what can be run), InferenceProcess.ts (running it), Providers.ts (on what).
 */
import os from 'node:os';
import type { ModelSummary, Provenance, ProviderStatus, Warning } from '#contract/schemas.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import { checkCoverage } from '#core/inference/bringOntoGrid.ts';
import { inputGate } from '#core/inference/inputGate.ts';
import { seriesNames } from '#core/inference/inputTensor.ts';
import type { ModelManifest } from '#core/inference/modelManifest.ts';
import type { DoubtWish } from '#core/inference/runModel.ts';
import type { IndexBox, Labelmap } from '#core/segmentation/labelmap.ts';
import type { Segment } from '#core/segmentation/segment.ts';
import type { Volume } from '#core/volume/volume.ts';
import type { JobContext } from '../jobs/jobs.ts';
import { nodeRuntime } from '../processes/nodeRuntime.ts';
import { boxFor, type Cascade, cascadeOf, cascadeProvenance, cropAll, widened } from './cascade.ts';
import { channelSeries } from './channelVolumes.ts';
import { InferenceProcess, type ProcessRun } from './InferenceProcess.ts';
import type { ProviderName } from './inferenceMessages.ts';
import { instanceSegments } from './instanceSegments.ts';
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
  /** Which further series are which channels; the volume itself is the first channel. */
  readonly channels?: readonly { readonly name: string; readonly volume: Volume; readonly modality: string }[];
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
  /** The first of the layers. */
  readonly labelmap: Labelmap;
  /** On the volume's own grid, voxel for voxel; more than one where instances overlap. */
  readonly layers: readonly Labelmap[];
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
   *   model/no-probabilities, model/ensemble-classes, model/ensemble-grid, model/no-flips, model/no-partner, provider/unusable,
   *   model/channels-unstated, model/channel-unknown, model/channel-twice, model/channel-apart, model/cascade-unfit,
   *   model/nothing-to-crop, model/too-many-instances
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
      const cascade = await cascadeOf(packs, async (id) => (await this.#packs([id]))[0]);
      const { volume, modality, isDemonstration = false, channels = [] } = request;
      const volumes = volumesFor(packs, volume, channels);
      const all = cascade ? [...packs, cascade.pack] : packs;
      const subjects = [{ volume, modality }, ...channels].map((one) => ({
        geometry: one.volume.geometry,
        modality: one.modality,
        isDemonstration,
      }));
      const gated = all.flatMap(({ manifest }) => subjects.flatMap((subject) => inputGate(manifest, subject)));
      // What cannot fit is refused before it waits; a cascade's fine model is measured when its part is known.
      planLooks(cascade ? [cascade.pack] : packs, cascade ? { volume } : request, this.#ceilingBytes);
      const provider = request.provider && (await this.#providers.required(request.provider));
      if (mustWait) context.progress(0, 0, 'windows', 'Waiting for the run before');
      await Promise.race([before, rejection(context.signal)]);
      const job = { packs, cascade, volumes, request, required: provider ?? null };
      return await this.#runNow(job, distinct(gated), context);
    } finally {
      this.#unfinished--;
      // One that left the queue early must not let the next one overtake the run before it.
      void before.then(release);
    }
  }

  async close(): Promise<void> {
    await this.#process.close();
  }

  async #runNow(job: RunJob, gateWarnings: readonly Warning[], context: JobContext): Promise<InferenceAnswer> {
    const { packs, cascade, request } = job;
    const [{ manifest, sha256 }] = packs;
    const from = performance.now();
    const at = new Date().toISOString();
    const coarse = cascade ? await this.#coarse(cascade, job, context) : null;
    const volumes = coarse ? cropAll(job.volumes, coarse.box) : job.volumes;
    const [volume] = volumes;
    const plan = planLooks(packs, { ...request, volume }, this.#ceilingBytes);
    const ran = await this.#runOn(plan, volumes, job.required, context);
    const run = coarse ? widened(ran.run, coarse.box, request.volume) : ran.run;
    context.signal.throwIfAborted();
    const { layers, segments, scores, ...found } = segmentsOf(manifest, run, request.volume);
    const warnings = distinct([
      ...gateWarnings,
      ...plan.warnings,
      ...(coarse?.warnings ?? []),
      ...ran.warnings,
      ...run.warnings,
      ...found.warnings,
    ]);
    if (run.doubt === null && plan.order.doubt === 'if-possible') warnings.push(doubtUnknown(manifest.name));
    const seconds = (performance.now() - from) / 1000;
    const { id, version } = manifest;
    return {
      name: packs.map((pack) => pack.manifest.name).join(' + '),
      labelmap: layers[0],
      layers,
      segments,
      model: { id, version, sha256 },
      provider: ran.provider,
      seconds,
      networkSeconds: run.networkSeconds + (coarse?.networkSeconds ?? 0),
      doubt: run.doubt,
      provenance: {
        modelId: id,
        modelName: manifest.name,
        modelVersion: version,
        sha256,
        provider: ran.provider,
        seconds,
        trace: [...run.trace],
        at,
        ...looksProvenance(plan, run.doubt !== null),
        ...(cascade && coarse && { cascade: cascadeProvenance(cascade, coarse.box) }),
        ...(scores && { instances: scores.map((score) => ({ ...score })) }),
      },
      warnings,
    };
  }

  /** A cascade's first half: where the fine model is to look. @throws model/nothing-to-crop */
  async #coarse(
    cascade: Cascade,
    { request, required, packs }: RunJob,
    context: JobContext,
  ): Promise<{ box: IndexBox; networkSeconds: number; warnings: readonly Warning[] }> {
    const { volume } = request;
    const plan = planLooks([cascade.pack], { volume }, this.#ceilingBytes);
    const { run, warnings } = await this.#runOn(plan, [volume], required, context);
    if (!run.labelmap) throw new Error('a coarse model without a mask');
    const box = boxFor(cascade, run.labelmap, volume, packs[0].manifest.name);
    return { box, networkSeconds: run.networkSeconds, warnings: [...warnings, ...run.warnings] };
  }

  /** On the hardware that is wanted or preferred; where that fails and none was insisted on, on the processor. */
  async #runOn(
    plan: LooksPlan,
    volumes: readonly [Volume, ...Volume[]],
    required: ProviderName | null,
    context: JobContext,
  ): Promise<{ run: ProcessRun; provider: ProviderName; warnings: readonly Warning[] }> {
    const provider = required ?? (await this.#providers.preferred());
    try {
      return { run: await this.#runWith(provider, plan, volumes, context), provider, warnings: [] };
    } catch (error) {
      if (required || provider === 'cpu' || context.signal.aborted || !mayBeTheProviders(error)) throw error;
      await this.#providers.distrust(provider, error.code === 'model/process-crashed' ? 'crashed' : 'failed');
      const warning: Warning = {
        code: 'model/ran-on-processor',
        message: `The graphics card (${provider}) failed during the run; the result was computed on the processor instead.`,
      };
      return { run: await this.#runWith('cpu', plan, volumes, context), provider: 'cpu', warnings: [warning] };
    }
  }

  #runWith(
    provider: ProviderName,
    { order }: LooksPlan,
    volumes: readonly [Volume, ...Volume[]],
    context: JobContext,
  ): Promise<ProcessRun> {
    context.progress(0, 0, 'windows', 'Preparing the network');
    return this.#process.run({ ...order, provider }, volumes, {
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
    if (found.manifest.output.kind === 'prompt') throw unsupportedOutput(found);
    return found;
  }
}

/** What stands when a run's turn comes. */
interface RunJob {
  readonly packs: readonly [ModelPack, ...ModelPack[]];
  readonly cascade: Cascade | null;
  /** By channel name. */
  readonly volumes: readonly [Volume, ...Volume[]];
  readonly request: InferenceRequest;
  /** Nothing else is tried. */
  readonly required: ProviderName | null;
}

/** @throws model/channels-unstated and its kin, model/channel-apart */
function volumesFor(
  packs: RunJob['packs'],
  volume: Volume,
  channels: NonNullable<InferenceRequest['channels']>,
): [Volume, ...Volume[]] {
  const stated = channels.map((channel) => ({ name: channel.name, series: channel.volume }));
  const [{ manifest }] = packs;
  const volumes = channelSeries(manifest, volume, stated);
  const names = seriesNames(manifest.input);
  for (const [n, other] of volumes.entries()) checkCoverage(volume.geometry, other.geometry, names[n] ?? '');
  return volumes;
}

function segmentsOf(
  manifest: ModelManifest,
  { labelmap, instances }: ProcessRun,
  { geometry: { size } }: Volume,
): {
  layers: readonly [Labelmap, ...Labelmap[]];
  segments: Segment[];
  warnings: readonly Warning[];
  scores: readonly { readonly segment: number; readonly score: number }[] | null;
} {
  if (!labelmap) return instanceSegments(manifest, instances ?? [], size);
  const { segments, missing } = modelSegments(manifest, labelmap);
  const message = `Not found in this series: ${missing.join(', ')}.`;
  const warnings: Warning[] = missing.length > 0 ? [{ code: 'model/not-found', message }] : [];
  return { layers: [labelmap], segments, warnings, scores: null };
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
