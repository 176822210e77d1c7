/** The host's end of the inference process in its mode `trials`. Next: trialMessages.ts, ../models/variants/measureVariant.ts */
import { LanternError } from '#core/errors/lanternError.ts';
import type { ModelManifest } from '#core/inference/modelManifest.ts';
import type { ActivationStatistics } from '#core/onnx/quantised/activationStatistics.ts';
import type { ValueRange } from '#core/onnx/quantised/affineQuantisation.ts';
import { memoryCeilingBytes } from '../processes/memoryCeilingBytes.ts';
import { nodeRuntime } from '../processes/nodeRuntime.ts';
import { processEntry } from '../processes/processEntry.ts';
import type { NetworkFile } from './inferenceMessages.ts';
import { KeptProcess } from './KeptProcess.ts';
import type { FromTrials, ToTrials, TrialScores, TrialWindow } from './trialMessages.ts';

const IDLE_MS = 30_000;

export class TrialProcess {
  readonly #kept: KeptProcess;
  readonly #signal: AbortSignal;

  /** @param modelFolders all that it may read besides the program */
  constructor(modelFolders: readonly string[], signal: AbortSignal) {
    this.#signal = signal;
    this.#kept = new KeptProcess({
      entry: processEntry(import.meta.url, 'inference.process'),
      programArguments: ['trials', String(Math.round(memoryCeilingBytes()))],
      nodePath: nodeRuntime(),
      modelFolders,
      idleMs: IDLE_MS,
    });
  }

  /** @throws what loadNetwork throws */
  async load(slot: string, network: NetworkFile, manifest: ModelManifest): Promise<void> {
    await this.#ask({ kind: 'load', slot, network, manifest }, 'loaded');
  }

  run(slot: string, { dims, values }: TrialWindow): Promise<TrialScores> {
    return this.#ask({ kind: 'run', slot, dims, values }, 'scores');
  }

  async loadObserved(network: Uint8Array): Promise<void> {
    await this.#ask({ kind: 'load-observed', network }, 'loaded');
  }

  /** @param ranges null: the first pass, which finds them */
  async observe(
    { dims, values }: TrialWindow,
    names: readonly string[],
    ranges: ReadonlyMap<string, ValueRange> | null,
  ): Promise<ReadonlyMap<string, ActivationStatistics>> {
    return (await this.#ask({ kind: 'observe', dims, values, names, ranges }, 'seen')).statistics;
  }

  close(): Promise<void> {
    return this.#kept.end();
  }

  /** @param kind of the answer to this order */
  #ask<K extends FromTrials['kind']>(order: ToTrials, kind: K): Promise<FromTrials & { kind: K }> {
    this.#signal.throwIfAborted();
    const child = this.#kept.take();
    return new Promise<FromTrials & { kind: K }>((resolve, reject) => {
      const settle = (act: () => void): void => {
        child.off('message', listen).off('close', crashed).off('error', crashed);
        this.#signal.removeEventListener('abort', cancel);
        this.#kept.rest();
        act();
      };
      const listen = (message: FromTrials): void => {
        if (message.kind === 'failed') {
          const { code, message: sentence, hint } = message.error;
          settle(() => reject(new LanternError(code, sentence, hint)));
        } else if (message.kind === kind) settle(() => resolve(message as FromTrials & { kind: K }));
        else settle(() => reject(new Error(`answered ${message.kind} instead of ${kind}`)));
      };
      const crashed = (): void => {
        settle(() => reject(this.#signal.aborted ? this.#signal.reason : this.#crash()));
      };
      const cancel = (): void => void this.#kept.end();
      child.on('message', listen);
      child.once('close', crashed);
      child.once('error', crashed);
      this.#signal.addEventListener('abort', cancel, { once: true });
      // A channel that broke is noticed as the process's end.
      child.send(order, () => {});
    });
  }

  #crash(): LanternError {
    if (this.#kept.wasOverCeiling) {
      return new LanternError(
        'model/out-of-memory',
        'The trial of the network needed more memory than this machine can spare, and was stopped.',
        'Close other programs, or use a machine with more memory.',
      );
    }
    return new LanternError(
      'model/process-crashed',
      'The process that tried the network ended unexpectedly; nothing was written.',
      'Use the model as it is.',
    );
  }
}
