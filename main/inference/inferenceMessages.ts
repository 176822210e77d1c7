/**
 * What the host and the inference process say to each other, over Node's channel. Voxels follow a message raw, through a pipe
 * beside it (voxelPipe.ts). One run at a time. Next: InferenceProcess.ts (host), serveRuns.ts (process).
 */
import type { LanternErrorData } from '#core/errors/lanternError.ts';
import type { VolumeGeometry } from '#core/geometry/volumeGeometry.ts';
import type { InferenceWarning } from '#core/inference/inferenceWarning.ts';
import type { ModelManifest } from '#core/inference/modelManifest.ts';
import type { Trace } from '#core/inference/trace.ts';
import type { ScalarType } from '#core/volume/volume.ts';

export type ProviderName = 'cpu' | 'cuda' | 'directml' | 'coreml' | 'webgpu';

/** The volume's scalars follow through the pipe; what comes back through it is the mask on the volume's own grid. */
export interface RunOrder {
  readonly kind: 'run';
  readonly networkFile: string;
  readonly sha256: string;
  readonly manifest: ModelManifest;
  readonly provider: ProviderName;
  readonly geometry: VolumeGeometry;
  readonly scalarType: ScalarType;
}

export type ToProcess = RunOrder | { readonly kind: 'cancel' };

export interface RunDone {
  readonly kind: 'done';
  readonly trace: Trace;
  readonly warnings: readonly InferenceWarning[];
  /** Spent inside of the runtime's `session.run`. */
  readonly networkSeconds: number;
}

export type FromProcess =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number; readonly secondsLeft: number | null }
  | RunDone
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly error: LanternErrorData };
