/**
 * What the host and the inference process in its mode `trials` say to each other: single windows through networks that a variant is
 * compared on or calibrated with. One order at a time, one answer to each. Next: TrialProcess.ts (host), serveTrials.ts (process).
 */
import type { LanternErrorData } from '#core/errors/lanternError.ts';
import type { ModelManifest } from '#core/inference/modelManifest.ts';
import type { ActivationStatistics } from '#core/onnx/quantised/activationStatistics.ts';
import type { ValueRange } from '#core/onnx/quantised/affineQuantisation.ts';
import type { NetworkFile } from './inferenceMessages.ts';

/** A network as the engine reads it: [1, channels, k, j, i] or [1, channels, j, i]. */
export interface TrialWindow {
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

export type ToTrials =
  /** From now on runs of `slot` are this network's, loaded as for any run on the processor. */
  | { readonly kind: 'load'; readonly slot: string; readonly network: NetworkFile; readonly manifest: ModelManifest }
  | ({ readonly kind: 'run'; readonly slot: string } & TrialWindow)
  /** A network that answers its inner values (observedCopy.ts); it takes the place of the one before. */
  | { readonly kind: 'load-observed'; readonly network: Uint8Array }
  /** @see ActivationStatistics; `ranges`: the second pass */
  | ({
      readonly kind: 'observe';
      readonly values: Float32Array;
      readonly names: readonly string[];
      readonly ranges: ReadonlyMap<string, ValueRange> | null;
    } & TrialWindow);

export interface TrialScores {
  readonly kind: 'scores';
  readonly dims: readonly number[];
  readonly scores: Float32Array;
  /** Of all the process's threads inside of the runtime's `session.run`. */
  readonly cpuSeconds: number;
  /** Whether it ran in the form that this program writes for the processor (LoadedNetwork.ts). */
  readonly rewritten: boolean;
}

export type FromTrials =
  | { readonly kind: 'loaded' }
  | TrialScores
  | { readonly kind: 'seen'; readonly statistics: ReadonlyMap<string, ActivationStatistics> }
  | { readonly kind: 'failed'; readonly error: LanternErrorData };
