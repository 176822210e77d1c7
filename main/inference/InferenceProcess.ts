/**
 * The host's end of the inference process: starts it when it is needed, sends a run, cancels it within a second, tells a crash
 * from a failure, ends it when it has been idle. One run at a time (the queue is in inferenceService.ts).
 */
import type { ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { LanternError } from '#core/errors/lanternError.ts';
import { type VolumeGeometry, voxelCount } from '#core/geometry/volumeGeometry.ts';
import { coarsePlan } from '#core/inference/coarsePass.ts';
import { labelType } from '#core/inference/decideLabels.ts';
import type { InferenceWarning } from '#core/inference/inferenceWarning.ts';
import type { PlacedInstance } from '#core/inference/instances/runInstances.ts';
import type { PlaceOfDoubt } from '#core/inference/placesOfDoubt.ts';
import type { Trace } from '#core/inference/trace.ts';
import type { Labelmap } from '#core/segmentation/labelmap.ts';
import { bytesOf, bytesPerScalar, type ScalarType, scalarsFromBytes, type Volume } from '#core/volume/volume.ts';
import { processEntry } from '../processes/processEntry.ts';
import { askForExplanation, type ExplainRequest, type ProcessExplanation } from './askForExplanation.ts';
import type { FromProcess, RunDone, RunOrder, ToProcess } from './inferenceMessages.ts';
import { CANCEL_PATIENCE_MS, KeptProcess } from './KeptProcess.ts';
import { plainVolume } from './plainVolume.ts';
import { receiveFromProcess, sendToProcess, VOXEL_PIPE } from './voxelPipe.ts';

export interface InferenceProcessOptions {
  /** The Node that it runs on. */
  readonly nodePath: string;
  /** All that it may read besides the program. */
  readonly modelFolders: readonly string[];
  readonly idleMs: number;
  readonly ceilingBytes: number;
}

/** What a run is asked for, besides the volume. */
export type RunRequest = Omit<RunOrder, 'kind' | 'geometry' | 'scalarType' | 'companions' | 'coarse'>;

export interface ProcessRun {
  /** Null where the network answers with instances. */
  readonly labelmap: Labelmap | null;
  /** On the volume's own grid, the surest first; null where the network answers with a mask. */
  readonly instances: readonly PlacedInstance[] | null;
  readonly trace: Trace;
  readonly warnings: readonly InferenceWarning[];
  readonly networkSeconds: number;
  /** Whether a network ran in the form that this program wrote for the processor (LoadedNetwork.ts). */
  readonly rewritten: boolean;
  readonly windows: RunDone['windows'];
  readonly coarse: RunDone['coarse'];
  /** One byte a voxel of the volume's grid (core/inference/measureDoubt.ts) and where to look; null: not wanted or not known. */
  readonly doubt: { readonly values: Uint8Array; readonly places: readonly PlaceOfDoubt[] } | null;
}

export interface ProcessRunHooks {
  readonly signal: AbortSignal;
  progress(done: number, total: number, secondsLeft: number | null): void;
  /** Where it is there, a coarse look comes first. @param coarse on the series with fewer voxels */
  coarse?(coarse: Labelmap, geometry: VolumeGeometry): void;
}

export class InferenceProcess {
  readonly #kept: KeptProcess;

  constructor({ ceilingBytes, ...options }: InferenceProcessOptions) {
    const entry = processEntry(import.meta.url, 'inference.process');
    const programArguments = ['serve', String(ceilingBytes)];
    this.#kept = new KeptProcess({ ...options, entry, programArguments, hasPipe: true });
  }

  /** Of the process that is running now; null when there is none. */
  get pid(): number | null {
    return this.#kept.pid;
  }

  /**
   * @param volumes by channel name (core/inference/inputTensor.ts)
   * @returns the answer on the first volume's own grid
   * @throws model/process-crashed, model/out-of-memory, the signal's reason when it was cancelled, and what the process reports
   */
  async run(request: RunRequest, volumes: readonly [Volume, ...Volume[]], hooks: ProcessRunHooks): Promise<ProcessRun> {
    hooks.signal.throwIfAborted();
    const child = this.#kept.take();
    try {
      return await this.#converse(child, request, volumes, hooks);
    } finally {
      this.#kept.rest();
    }
  }

  /**
   * One explanation (explanationMessages.ts), in the place of a run.
   * @throws as run does
   */
  async explain(
    request: ExplainRequest,
    volumes: readonly [Volume, ...Volume[]],
    hooks: ProcessRunHooks,
  ): Promise<ProcessExplanation> {
    hooks.signal.throwIfAborted();
    const child = this.#kept.take();
    const conversation = {
      child,
      pipe: pipeOf(child),
      crash: (modelName: string) => this.#crash(modelName),
      end: () => void this.#kept.end(),
    };
    try {
      return await askForExplanation(conversation, request, volumes, hooks);
    } finally {
      this.#kept.rest();
    }
  }

  /** Does nothing while a run is under way: the process is there. */
  warmUp(): void {
    if (this.#kept.pid !== null) return;
    this.#kept.take();
    this.#kept.rest();
  }

  close(): Promise<void> {
    return this.#kept.end();
  }

  #converse(
    child: ChildProcess,
    request: RunRequest,
    volumes: readonly [Volume, ...Volume[]],
    { signal, progress, ...hooks }: ProcessRunHooks,
  ): Promise<ProcessRun> {
    const [{ geometry }] = volumes;
    const pipe = pipeOf(child);
    return new Promise((resolve, reject) => {
      const settled = new AbortController();
      let earlyArrived: (bytes: Uint8Array) => void = () => {};
      const { manifest } = request.members[0];
      const type = labelType(manifest.classes.map(({ value }) => value));
      const voxels = voxelCount(geometry);
      const mask = manifest.output.kind === 'instances' ? [] : [voxels * bytesPerScalar(type)];
      const plan = hooks.coarse ? coarsePlan(manifest, geometry) : null;
      const early = plan ? [voxelCount(plan.geometry) * bytesPerScalar(type)] : [];
      const lengths = [...early, ...mask, ...(request.doubt === 'no' ? [] : [voxels])];
      const earlyMap = new Promise<Uint8Array>((have) => {
        earlyArrived = have;
      });
      const maps = receiveFromProcess(pipe, lengths, settled.signal, (piece, bytes) => {
        if (plan && piece === 0) earlyArrived(bytes);
      }).then((all) => all.slice(early.length));
      /** Announced, so that its bytes are in the pipe or will be. */
      let earlyComes: Promise<unknown> = Promise.resolve();
      let impatience: NodeJS.Timeout | null = null;
      const settle = (act: () => void): void => {
        if (impatience) clearTimeout(impatience);
        child.off('message', listen).off('close', crashed).off('error', crashed);
        signal.removeEventListener('abort', cancel);
        settled.abort();
        act();
      };
      const listen = (message: FromProcess): void => {
        switch (message.kind) {
          case 'progress':
            progress(message.done, message.total, message.secondsLeft);
            break;
          case 'done':
            maps.then((bytes) => settle(() => resolve(finished(message, geometry.size, type, bytes))));
            break;
          case 'coarse':
            earlyComes = earlyMap.then((bytes) => {
              if (!plan || !message.isKnown || signal.aborted) return;
              const labels = scalarsFromBytes(type, bytes) as Labelmap['voxels'];
              hooks.coarse?.({ size: plan.geometry.size, voxels: labels }, plan.geometry);
            });
            break;
          case 'cancelled':
            // What the next run reads must not be the rest of this one's.
            void earlyComes.then(() => settle(() => reject(signal.reason)));
            break;
          case 'failed': {
            const { code, message: sentence, hint } = message.error;
            settle(() => reject(signal.aborted ? signal.reason : new LanternError(code, sentence, hint)));
            // Half a mask may lie in the pipe.
            void this.#kept.end();
          }
        }
      };
      const crashed = (): void => {
        settle(() => reject(signal.aborted ? signal.reason : this.#crash(manifest.name)));
      };
      const cancel = (): void => {
        child.send({ kind: 'cancel' } satisfies ToProcess, () => {});
        impatience = setTimeout(() => child.kill('SIGKILL'), CANCEL_PATIENCE_MS);
      };
      maps.catch((error: unknown) => {
        settle(() => reject(error));
        void this.#kept.end();
      });
      child.on('message', listen);
      // 'close' and not 'exit': its last words have arrived by then.
      child.once('close', crashed);
      child.once('error', crashed);
      signal.addEventListener('abort', cancel, { once: true });
      const [first, ...companions] = volumes.map(plainVolume);
      if (!first) throw new Error('a run without a volume');
      const order: RunOrder = { ...request, kind: 'run', ...first, companions, coarse: plan !== null };
      // A channel that broke is noticed as the process's end.
      child.send(order, () => {});
      for (const { scalars } of volumes) sendToProcess(pipe, bytesOf(scalars));
    });
  }

  #crash(name: string): LanternError {
    if (this.#kept.wasOverCeiling) {
      return new LanternError(
        'model/out-of-memory',
        `“${name}” needed more memory on this series than this machine can spare, and was stopped.`,
        'Close other programs, or use a machine with more memory.',
      );
    }
    return new LanternError(
      'model/process-crashed',
      `The process that ran “${name}” ended unexpectedly; no result was kept and nothing else was touched.`,
      'Close other programs and try again; if it happens again, choose another model or restart the computer.',
    );
  }
}

function pipeOf(child: ChildProcess): Duplex {
  return child.stdio[VOXEL_PIPE] as unknown as Duplex;
}

function finished(done: RunDone, size: Labelmap['size'], type: ScalarType, maps: Uint8Array[]): ProcessRun {
  const { kind: _, places, instances, ...told } = done;
  if (instances) return { ...told, labelmap: null, instances, doubt: null };
  const [mask = new Uint8Array(0), values] = maps;
  const voxels = scalarsFromBytes(type, mask) as Labelmap['voxels'];
  const doubt = values && places ? { values, places } : null;
  return { ...told, labelmap: { size, voxels }, instances, doubt };
}
