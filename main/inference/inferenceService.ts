/**
 * Networks of the clinic's own folders, run one after the other in a process without keys. The host's thread only sends voxels and
 * receives masks. Next: modelPack.ts (what can be run), RunQueue.ts (when), InferenceProcess.ts (running it), Providers.ts (on what).
 */
import { dirname } from 'node:path';
import type { RunEstimate } from '#contract/schemas/inference.ts';
import type { Warning } from '#contract/schemas/messages.ts';
import type { ModelSummary } from '#contract/schemas/model.ts';
import type { ProviderStatus } from '#contract/schemas/provider.ts';
import { checkCoverage } from '#core/inference/bringOntoGrid.ts';
import { type GateSubject, inputGate } from '#core/inference/inputGate.ts';
import { seriesNames } from '#core/inference/inputTensor.ts';
import { usualLooks } from '#core/inference/planFlips.ts';
import { regionAround, regionGeometry } from '#core/inference/regionAround.ts';
import { runPlan } from '#core/inference/runPlan.ts';
import type { IndexBox } from '#core/segmentation/labelmap.ts';
import type { Volume } from '#core/volume/volume.ts';
import type { JobContext } from '../jobs/jobs.ts';
import { memoryCeilingBytes } from '../processes/memoryCeilingBytes.ts';
import { nodeRuntime } from '../processes/nodeRuntime.ts';
import { CoarseLooks } from './CoarseLooks.ts';
import { boxFor, type Cascade, cascadeOf, cascadeProvenance, cropAll, regionProvenance, widened } from './cascade.ts';
import { channelSeries } from './channelSeries.ts';
import { ExplanationSoFar } from './ExplanationSoFar.ts';
import { type Explanation, type ExplanationEstimate, type ExplanationRequest, Explanations } from './Explanations.ts';
import type { RunWish } from './estimateRun.ts';
import { InferenceProcess, type ProcessRun, type RunRequest } from './InferenceProcess.ts';
import type { ProviderName } from './inferenceMessages.ts';
import type { InferenceAnswer, InferenceRequest } from './inferenceRequest.ts';
import { type LooksPlan, looksProvenance, planLooks } from './looksPlan.ts';
import { findPacks, idOf, type ModelPack } from './modelPack.ts';
import { drawnSegments } from './modelSegments.ts';
import { brokenSummary, packSummary } from './modelSummaries.ts';
import { Providers } from './Providers.ts';
import { packProblem } from './packHash.ts';
import { RunEstimates } from './RunEstimates.ts';
import { positionInWords, type RunPriority, RunQueue } from './RunQueue.ts';
import { withSecondTry } from './secondTry.ts';
import { segmentsOf } from './segmentsOfRun.ts';
import { usablePacks } from './usablePacks.ts';

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
  /** From how many expected seconds on a run that asks for it gets a coarse look first. Default: CoarseLooks.ts. */
  readonly coarseFromSeconds?: number;
  /** Default: a queue of its own. */
  readonly queue?: RunQueue;
}

export class InferenceService {
  readonly #folders: readonly string[];
  readonly #importedModelsFolder: string | null;
  readonly #ceilingBytes: number;
  readonly #process: InferenceProcess;
  readonly #providers: Providers;
  readonly #queue: RunQueue;
  readonly #estimates: RunEstimates;
  readonly #explanations: Explanations;
  readonly #coarseLooks: CoarseLooks;

  constructor(options: InferenceServiceOptions) {
    const nodePath = options.nodePath ?? nodeRuntime();
    this.#folders = options.modelFolders;
    this.#importedModelsFolder = options.importedModelsFolder ?? null;
    this.#queue = options.queue ?? new RunQueue();
    this.#ceilingBytes = options.memoryCeilingBytes ?? memoryCeilingBytes();
    this.#process = new InferenceProcess({
      nodePath,
      modelFolders: this.#folders,
      idleMs: options.idleMs ?? 30_000,
      ceilingBytes: this.#ceilingBytes,
    });
    const stateFolder = options.stateFolder ?? null;
    this.#providers = new Providers({ nodePath, stateFolder });
    this.#coarseLooks = new CoarseLooks(stateFolder, options.coarseFromSeconds);
    this.#estimates = new RunEstimates({ nodePath, stateFolder, ceilingBytes: this.#ceilingBytes });
    this.#explanations = new Explanations({
      process: this.#process,
      providers: this.#providers,
      estimates: this.#estimates,
      ceilingBytes: this.#ceilingBytes,
      pack: async (modelId) => (await usablePacks(this.#folders, [modelId]))[0],
    });
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
  async estimate(modelId: string, subject: GateSubject, wish: RunWish = {}): Promise<RunEstimate> {
    const [pack] = await usablePacks(this.#folders, [modelId]);
    return this.#estimates.of(pack, subject, await this.#providers.preferred(), wish);
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
   *   model/process-crashed, model/no-probabilities, model/ensemble-classes, model/ensemble-grid, model/no-flips, model/no-partner,
   *   provider/unusable, model/channels-unstated, model/channel-unknown, model/channel-twice, model/channel-apart,
   *   argument/around, model/cascade-unfit, model/nothing-to-crop, model/too-many-instances
   */
  run(
    asked: InferenceRequest | (() => Promise<InferenceRequest>),
    context: JobContext,
    priority: Exclude<RunPriority, 'explanation'> = 'interactive',
  ): Promise<InferenceAnswer> {
    // It takes longer to start than the pack to read.
    this.warmUp();
    const { signal } = context;
    const moved = (position: number): void => context.progress(0, 0, 'windows', positionInWords(position));
    return this.#queue.run({ priority, signal, moved }, async () => {
      const request = typeof asked === 'function' ? await asked() : asked;
      signal.throwIfAborted();
      return this.#atItsTurn(request, context);
    });
  }

  /** What an explanation of a proposal would take. @throws as `explain` does before its first run of the network */
  estimateExplanation(request: ExplanationRequest): Promise<ExplanationEstimate> {
    return this.#explanations.estimate(request);
  }

  /**
   * Why a network proposed a segment, or what it attended to; waits behind the runs that people wait for, and gives way to those that come
   * meanwhile.
   * @param asked called at each of its turns
   * @throws what Explanations.ts says, and model/queue-full
   */
  explain(asked: () => Promise<ExplanationRequest>, context: JobContext): Promise<Explanation> {
    this.warmUp();
    const { signal } = context;
    const moved = (position: number): void => context.progress(0, 0, 'runs', positionInWords(position));
    const soFar = new ExplanationSoFar();
    return this.#queue.run({ priority: 'explanation', signal, moved }, async (giveWay) => {
      const request = await asked();
      signal.throwIfAborted();
      return this.#explanations.explain(request, context, { giveWay, soFar });
    });
  }

  async close(): Promise<void> {
    await this.#process.close();
  }

  async #atItsTurn(request: InferenceRequest, context: JobContext): Promise<InferenceAnswer> {
    const packs = await usablePacks(this.#folders, [request.modelId, ...(request.ensemble ?? [])]);
    const cascade = await cascadeOf(packs, async (id) => (await usablePacks(this.#folders, [id]))[0]);
    const { volume, modality, isDemonstration = false, channels = [] } = request;
    const whole = volumesFor(packs, volume, channels);
    const all = cascade ? [...packs, cascade.pack] : packs;
    const region = regionFor(packs, request);
    const volumes = region ? cropAll(whole, region) : whole;
    checkChannels(packs, volumes);
    const modalities = whole.map((one) => modalityOf(one, request));
    const gated = all.flatMap(({ manifest }) =>
      volumes.flatMap(({ geometry }, n) => {
        // One on another grid is cut out of what is brought onto the first one's.
        const seen = region && n > 0 ? regionGeometry(manifest, geometry) : geometry;
        return inputGate(manifest, { geometry: seen, modality: modalities[n] ?? modality, isDemonstration });
      }),
    );
    // What cannot fit is refused before anything runs; a cascade's fine model is measured when its part is known.
    const first = cascade ? coarseLooks(request) : { ...request, volume: volumes[0] };
    planLooks(cascade ? [cascade.pack] : packs, first, this.#ceilingBytes);
    const required = request.provider ? await this.#providers.required(request.provider) : null;
    return this.#runNow({ packs, cascade, region, volumes, modalities, request, required }, distinct(gated), context);
  }

  async #runNow(job: RunJob, gateWarnings: readonly Warning[], context: JobContext): Promise<InferenceAnswer> {
    const { packs, cascade, region, request } = job;
    const [{ manifest, sha256 }] = packs;
    const from = performance.now();
    const at = new Date().toISOString();
    const coarse = cascade ? await this.#coarse(cascade, job, context) : null;
    const box = coarse?.box ?? region;
    const volumes = coarse ? cropAll(job.volumes, coarse.box) : job.volumes;
    const [volume] = volumes;
    const plan = planLooks(packs, { ...request, volume }, this.#ceilingBytes);
    const modalities = coarse ? null : job.modalities;
    const onCoarse = box ? undefined : request.onCoarse;
    const ran = await this.#runOn(plan, volumes, { modalities, required: job.required, onCoarse }, context);
    const run = box ? widened(ran.run, box, request.volume) : ran.run;
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
    const agreement = run.coarse?.agreement ?? null;
    if (agreement !== null) void this.#coarseLooks.learn(sha256, agreement).catch(() => undefined);
    // Not waited for: the person waits for the mask. A run that had to be repeated, or that was not the model's usual one, or of a part, says
    // nothing of the next one's time.
    if (ran.isFirstTry && !box && packs.length === 1 && looksOf(plan) === usualLooks(manifest)) {
      const { geometry } = volume;
      const { networkSeconds } = run;
      void this.#estimates.learn(packs[0], {
        provider: ran.provider,
        looks: looksOf(plan),
        geometry,
        seconds: seconds - (run.coarse?.seconds ?? 0),
        networkSeconds,
      });
    }
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
        ...(run.rewritten && { rewritten: true }),
        ...(run.windows.skipped > 0 && { windows: run.windows }),
        ...looksProvenance(plan, run.doubt !== null),
        ...(cascade && coarse && { cascade: cascadeProvenance(cascade, coarse.box) }),
        ...(region && request.aroundLps && { region: regionProvenance(region, request.aroundLps) }),
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
    const plan = planLooks([cascade.pack], coarseLooks(request), this.#ceilingBytes);
    const wanted = { modalities: [request.modality], required };
    const { run, warnings } = await this.#runOn(plan, [volume], wanted, context);
    if (!run.labelmap) throw new Error('a coarse model without a mask');
    const box = boxFor(cascade, run.labelmap, volume, packs[0].manifest.name);
    return { box, networkSeconds: run.networkSeconds, warnings: [...warnings, ...run.warnings] };
  }

  /** On the hardware that is wanted or preferred; where that fails and none was insisted on, on the processor. */
  async #runOn(
    plan: LooksPlan,
    volumes: readonly [Volume, ...Volume[]],
    { required, modalities, onCoarse }: RunMeans,
    context: JobContext,
  ): Promise<{ run: ProcessRun; provider: ProviderName; isFirstTry: boolean; warnings: readonly Warning[] }> {
    const { answer, provider, again } = await withSecondTry(
      (on) => this.#runWith({ provider: on, modalities, onCoarse }, plan, volumes, context),
      { providers: this.#providers, required, signal: context.signal },
    );
    return { run: answer, provider, isFirstTry: again === null, warnings: again ? [again] : [] };
  }

  async #runWith(
    { onCoarse, ...how }: Pick<RunRequest, 'provider' | 'modalities'> & Pick<RunMeans, 'onCoarse'>,
    { order, packs }: LooksPlan,
    volumes: readonly [Volume, ...Volume[]],
    context: JobContext,
  ): Promise<ProcessRun> {
    context.progress(0, 0, 'windows', 'Preparing the network');
    const [{ manifest, sha256 }] = packs;
    const networkVoxels = looksOf({ order }) * runPlan(manifest, volumes[0].geometry).networkVoxels;
    const expected = onCoarse && (await this.#estimates.networkSeconds(packs[0], networkVoxels, how.provider));
    const look = onCoarse ? await this.#coarseLooks.worthwhile(sha256, expected ?? null) : null;
    return this.#process.run({ ...order, ...how }, volumes, {
      signal: context.signal,
      progress: (done, total, secondsLeft) => context.progress(done, total, 'windows', phase(done, total, secondsLeft)),
      ...(look && {
        coarse: (labelmap, geometry) => onCoarse?.({ geometry, ...drawnSegments(manifest, labelmap), ...look }),
      }),
    });
  }
}

/** What stands when a run's turn comes. */
interface RunJob {
  readonly packs: readonly [ModelPack, ...ModelPack[]];
  readonly cascade: Cascade | null;
  /** The part of the series that a person wants looked at; null: all of it. */
  readonly region: IndexBox | null;
  /** By channel name, of the region alone. */
  readonly volumes: readonly [Volume, ...Volume[]];
  readonly modalities: readonly string[];
  readonly request: InferenceRequest;
  /** Nothing else is tried. */
  readonly required: ProviderName | null;
}

interface RunMeans extends Pick<RunRequest, 'modalities'> {
  readonly required: ProviderName | null;
  readonly onCoarse?: InferenceRequest['onCoarse'];
}

/** @throws model/channels-unstated and its kin */
function volumesFor(
  [{ manifest }]: RunJob['packs'],
  volume: Volume,
  channels: NonNullable<InferenceRequest['channels']>,
): [Volume, ...Volume[]] {
  const stated = channels.map((channel) => ({ name: channel.name, series: channel.volume }));
  return channelSeries(manifest, volume, stated);
}

/** @param volumes by channel name @throws model/channel-apart */
function checkChannels([{ manifest }]: RunJob['packs'], volumes: RunJob['volumes']): void {
  const names = seriesNames(manifest.input);
  for (const [n, other] of volumes.entries()) checkCoverage(volumes[0].geometry, other.geometry, names[n] ?? '');
}

/** @throws argument/around */
function regionFor([{ manifest }]: RunJob['packs'], { volume, aroundLps }: InferenceRequest): IndexBox | null {
  return aroundLps ? regionAround(manifest, volume.geometry, aroundLps) : null;
}

function modalityOf(volume: Volume, { modality, channels = [] }: InferenceRequest): string {
  return channels.find((channel) => channel.volume === volume)?.modality ?? modality;
}

/** A cascade's first model is shown flipped images only where it is so by default and nobody refused them. */
function coarseLooks({ volume, flips }: InferenceRequest): { readonly volume: Volume; readonly flips?: false } {
  return { volume, ...(flips === false && { flips }) };
}

/** How often each network looks at a window. */
function looksOf({ order: { ways, members } }: Pick<LooksPlan, 'order'>): number {
  return ways.length / members.length;
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

function phase(done: number, total: number, secondsLeft: number | null): string {
  if (done === total) return 'Finishing the mask';
  if (secondsLeft === null) return 'Running the network';
  return `Running the network, about ${Math.max(1, Math.round(secondsLeft))} s left`;
}
