/**
 * What the host and the inference process say to each other, over Node's channel. Voxels follow a message raw, through a pipe
 * beside it (voxelPipe.ts). One run at a time. Next: InferenceProcess.ts (host), serveRuns.ts (process).
 */
import type { LanternErrorData } from '#core/errors/lanternError.ts';
import type { VolumeGeometry } from '#core/geometry/volumeGeometry.ts';
import type { InferenceWarning } from '#core/inference/inferenceWarning.ts';
import type { PlacedInstance } from '#core/inference/instances/runInstances.ts';
import type { ModelManifest } from '#core/inference/modelManifest.ts';
import type { PlaceOfDoubt } from '#core/inference/placesOfDoubt.ts';
import type { DoubtWish } from '#core/inference/runModel.ts';
import type { Trace } from '#core/inference/trace.ts';
import type { Way } from '#core/inference/ways.ts';
import type { ScalarType } from '#core/volume/volume.ts';

export type ProviderName = 'cpu' | 'cuda' | 'directml' | 'coreml' | 'webgpu';

/** The network of one member. */
export interface NetworkFile {
  readonly file: string;
  readonly sha256: string;
}

/**
 * The scalars of the volume and of its companions follow through the pipe; what comes back through it is the mask on the volume's own grid
 * and then, unless `doubt` is 'no', the doubt on the same grid, one byte a voxel. Instances come with the last message instead. Before
 * all of it, where `coarse` was asked for, come the labels of the coarse look, announced by a message.
 */
export interface RunOrder {
  readonly kind: 'run';
  /** By member; the first gives classes and numbers to the result. */
  readonly members: readonly [RunMember, ...RunMember[]];
  readonly ways: readonly Way[];
  /** How many networks may be in memory together. */
  readonly networksAtOnce: number;
  readonly doubt: DoubtWish;
  /** A cheap look comes first (core/inference/coarsePass.ts, whose plan says the grid). */
  readonly coarse: boolean;
  readonly provider: ProviderName;
  readonly geometry: VolumeGeometry;
  readonly scalarType: ScalarType;
  /** Series of the further channels (core/inference/inputTensor.ts, seriesNames). */
  readonly companions: readonly { readonly geometry: VolumeGeometry; readonly scalarType: ScalarType }[];
  /**
   * Of the volume and its companions, as DICOM (0008,0060), for the gate's look at the voxels. Null: no look; these are parts of series
   * that a cascade's first half has seen whole.
   */
  readonly modalities: readonly string[] | null;
}

export interface RunMember {
  readonly manifest: ModelManifest;
  readonly network: NetworkFile;
}

export type ToProcess = RunOrder | { readonly kind: 'cancel' };

export interface RunDone {
  readonly kind: 'done';
  readonly trace: Trace;
  readonly warnings: readonly InferenceWarning[];
  /** Null: not wanted, or the network's numbers are no probabilities; what came through the pipe means nothing then. */
  readonly places: readonly PlaceOfDoubt[] | null;
  /** Of a network that answers with instances; then nothing came through the pipe. */
  readonly instances: readonly PlacedInstance[] | null;
  /** Spent inside of the runtime's `session.run`. */
  readonly networkSeconds: number;
  /** Whether a network ran in the form that this program wrote for the processor (LoadedNetwork.ts). */
  readonly rewritten: boolean;
  readonly windows: { readonly all: number; readonly skipped: number };
  /** Null: not asked for, or not possible. `agreement`: mean Dice with the full result, null where nothing was found. */
  readonly coarse: { readonly seconds: number; readonly agreement: number | null } | null;
}

export type FromProcess =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number; readonly secondsLeft: number | null }
  /** The coarse labels follow through the pipe; of no meaning where the look was not possible. */
  | { readonly kind: 'coarse'; readonly isKnown: boolean }
  | RunDone
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly error: LanternErrorData };
