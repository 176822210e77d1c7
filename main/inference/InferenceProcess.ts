/**
 * The host's end of the inference process: starts it when it is needed, sends a run, cancels it within a second, tells a crash
 * from a failure, ends it when it has been idle. One run at a time (the queue is in inferenceService.ts).
 */
import { LanternError } from '#core/errors/lanternError.ts';
import { type VolumeGeometry, voxelCount } from '#core/geometry/volumeGeometry.ts';
import { coarsePlan } from '#core/inference/coarsePass.ts';
import { labelType } from '#core/inference/decideLabels.ts';
import type { InferenceWarning } from '#core/inference/inferenceWarning.ts';
import type { PlacedInstance } from '#core/inference/instances/runInstances.ts';
import type { PlaceOfDoubt } from '#core/inference/placesOfDoubt.ts';
import type { Trace } from '#core/inference/trace.ts';
import type { Labelmap } from '#core/segmentation/labelmap.ts';
import { bytesPerScalar, type ScalarType, scalarsFromBytes, type Volume } from '#core/volume/volume.ts';
import { processEntry } from '../processes/processEntry.ts';
import {
  askForExplanation,
  type ExplainRequest,
  type ExplanationHooks,
  type ProcessExplanation,
} from './askForExplanation.ts';
import type { RunDone, RunOrder } from './inferenceMessages.ts';
import { KeptProcess } from './KeptProcess.ts';
import { type ConversationHooks, converse, type Partner } from './processConversation.ts';

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
  /** Of labels, or of marks where classes overlap (core/inference/sharedVoxels.ts); null where the network answers with instances. */
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

export interface ProcessRunHooks extends ConversationHooks {
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
    try {
      return await ask(this.#partner(), request, volumes, hooks);
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
    hooks: ExplanationHooks,
  ): Promise<ProcessExplanation> {
    hooks.signal.throwIfAborted();
    try {
      return await askForExplanation(this.#partner(), request, volumes, hooks);
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

  #partner(): Partner {
    return {
      child: this.#kept.take(),
      crash: (modelName) => this.#crash(modelName),
      end: () => void this.#kept.end(),
    };
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

function ask(
  partner: Partner,
  request: RunRequest,
  volumes: readonly [Volume, ...Volume[]],
  { coarse, ...hooks }: ProcessRunHooks,
): Promise<ProcessRun> {
  const [{ geometry }] = volumes;
  const [{ manifest }] = request.members;
  const type = labelType(manifest.output, manifest.classes);
  const voxels = voxelCount(geometry);
  const plan = coarse ? coarsePlan(manifest, geometry) : null;
  const early = plan ? [voxelCount(plan.geometry) * bytesPerScalar(type)] : [];
  const mask = manifest.output.kind === 'instances' ? [] : [voxels * bytesPerScalar(type)];
  let earlyArrived: (bytes: Uint8Array) => void = () => {};
  const earlyLabels = new Promise<Uint8Array>((have) => {
    earlyArrived = have;
  });
  /** Announced, so that its bytes are in the pipe or will be. */
  let earlyComes: Promise<unknown> = Promise.resolve();
  return converse(
    partner,
    {
      order: { ...request, kind: 'run', coarse: plan !== null },
      volumes,
      pieceBytes: [...early, ...mask, ...(request.doubt === 'no' ? [] : [voxels])],
      last: 'done',
      answered: (message, pieces) => finished(message, geometry.size, type, pieces.slice(early.length)),
      pieceArrived: (piece, bytes) => {
        if (plan && piece === 0) earlyArrived(bytes);
      },
      heard: (message) => {
        if (message.kind !== 'coarse') return;
        earlyComes = earlyLabels.then((bytes) => {
          if (!plan || !message.isKnown || hooks.signal.aborted) return;
          coarse?.(
            { size: plan.geometry.size, voxels: scalarsFromBytes(type, bytes) as Labelmap['voxels'] },
            plan.geometry,
          );
        });
      },
      rest: () => earlyComes,
    },
    hooks,
  );
}

function finished(done: RunDone, size: Labelmap['size'], type: ScalarType, maps: Uint8Array[]): ProcessRun {
  const { kind: _, places, instances, ...told } = done;
  if (instances) return { ...told, labelmap: null, instances, doubt: null };
  const [mask = new Uint8Array(0), values] = maps;
  const voxels = scalarsFromBytes(type, mask) as Labelmap['voxels'];
  const doubt = values && places ? { values, places } : null;
  return { ...told, labelmap: { size, voxels }, instances, doubt };
}
