/**
 * What the host and the inference process say to each other, over Node's channel with `serialization: 'advanced'`: voxels travel
 * as bytes in pieces, never through JSON. One run at a time. Next: InferenceProcess.ts (host), serveRuns.ts (process).
 */
import type { LanternErrorData } from '#core/errors/lanternError.ts';
import type { VolumeGeometry } from '#core/geometry/volumeGeometry.ts';
import type { InferenceWarning } from '#core/inference/inferenceWarning.ts';
import type { ModelManifest } from '#core/inference/modelManifest.ts';
import type { Trace } from '#core/inference/trace.ts';
import type { ScalarType } from '#core/volume/volume.ts';

export type ProviderName = 'cpu' | 'cuda' | 'directml' | 'coreml' | 'webgpu';

/** Bytes of one piece of voxels. */
export const PIECE_BYTES = 8 * 1024 * 1024;

export interface RunOrder {
  readonly kind: 'run';
  readonly networkFile: string;
  readonly sha256: string;
  readonly manifest: ModelManifest;
  readonly provider: ProviderName;
  readonly geometry: VolumeGeometry;
  readonly scalarType: ScalarType;
}

export interface VoxelPiece {
  readonly kind: 'piece';
  readonly offset: number;
  readonly bytes: Uint8Array;
}

export type ToProcess = RunOrder | VoxelPiece | { readonly kind: 'cancel' };

export interface RunDone {
  readonly kind: 'done';
  readonly bytesPerVoxel: 1 | 2;
  readonly trace: Trace;
  readonly warnings: readonly InferenceWarning[];
  /** Spent inside of the runtime's `session.run`. */
  readonly networkSeconds: number;
}

export type FromProcess =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number; readonly secondsLeft: number | null }
  | VoxelPiece
  | RunDone
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly error: LanternErrorData };
