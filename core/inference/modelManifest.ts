/**
 * What a model pack says of itself: the plain types of manifest.json (its zod schema: contract/modelManifest.ts).
 * Axes are the model's own: i is the fastest axis of the tensor, which is always [1, channels, k, j, i].
 * Next: preprocess.ts, which follows it.
 */
import type { Vector3 } from '../geometry/points.ts';
import type { SegmentCodes } from '../segmentation/segment.ts';

/** How intensities become the network's numbers. All statistics are taken on the grid that the network sees, before padding. */
export type Normalisation =
  /** Values as they are (HU for CT). */
  | { readonly kind: 'none' }
  /** (x − minimum) / (maximum − minimum) of the volume. */
  | { readonly kind: 'min-max' }
  /**
   * (x − mean) / standard deviation: of all voxels, or of those that are not 0 alone, and 0 stays 0 (images whose surroundings were
   * blanked, as BraTS's; MONAI's nonzero).
   */
  | { readonly kind: 'z-score'; readonly over: 'volume' | 'nonzero' }
  /** Clipped to two percentiles of the volume, which become 0 and 1. */
  | { readonly kind: 'percentile'; readonly lowerPercent: number; readonly upperPercent: number }
  /** Clipped to fixed values, which become 0 and 1. */
  | { readonly kind: 'window'; readonly lower: number; readonly upper: number }
  /** Clipped to fixed values, then (x − mean) / deviation with those of the training data: nnU-Net's scheme for CT. */
  | {
      readonly kind: 'fixed-z-score';
      readonly lower: number;
      readonly upper: number;
      readonly mean: number;
      readonly deviation: number;
    };

/** One image that the network reads. Channels with one name are the same series, looked at with different normalisations. */
export interface ModelChannel {
  readonly name: string;
  /** Of this channel alone; left out: the input's. */
  readonly normalisation?: Normalisation | undefined;
}

/** Along i, j, k. A network of two dimensions may leave k as it is (null): no slice is made or merged then. */
export type ModelSpacing = readonly [number, number, number | null];

export interface ModelInput {
  /** By position in the tensor. Series that differ from the first one's grid are brought onto it. */
  readonly channels: readonly ModelChannel[];
  /** 2: the tensor is [1, channels, j, i] and slices across k are read one after the other; left out: 3. */
  readonly dimensions?: 2 | 3 | undefined;
  /**
   * Of two dimensions only ("2.5D"): how many slices on each side are read with a slice, as channels in the order of k, all of the first
   * series, then all of the second. Beyond the ends the last slice stands in. Left out: 0.
   */
  readonly neighbours?: number | undefined;
  /**
   * Anatomical direction towards which i, j and k grow, as nibabel's aff2axcodes names them: "LIA" = i to the Left,
   * j to Inferior, k to Anterior. A network trained on arrays indexed [x, y, z] with z fastest and RAS axes is "SAR".
   */
  readonly orientation: string;
  /** Along the axes of that orientation; null = the volume's own. */
  readonly spacingMm: ModelSpacing | null;
  readonly normalisation: Normalisation;
  /** The one grid that the network takes (centred crop or padding brings the volume there); null = any. Of two dimensions: k is 1. */
  readonly grid: Vector3 | null;
  /** Every axis is padded to a multiple of this, k of a network of two dimensions is not; 1 = any size. */
  readonly multipleOf: number;
  /** What padding holds, in normalised units. */
  readonly padValue: number;
}

export type Blending = 'constant' | 'gaussian';

export interface ModelWindow {
  /** null = the whole volume at once, or the whole slice. Of two dimensions: k is 1. */
  readonly size: Vector3 | null;
  /** Share of a window that its neighbour covers again, 0 … 0.9. */
  readonly overlap: number;
  readonly blending: Blending;
  /**
   * True: all classes lie inside of the body, so that windows which hold nothing but air around it are background and not run
   * (bodyWindows.ts). For CT and MR alone; left out: every window is run.
   */
  readonly skipOutsideBody?: boolean | undefined;
}

export type OutputKind = 'semantic' | 'instances' | 'prompt';
export type Activation = 'none' | 'softmax' | 'sigmoid';

/**
 * Of kind 'instances', as torchvision's Mask R-CNN answers for a slice: n boxes [n, 4] (i0, j0, i1, j1 in pixels), n scores, n labels
 * (a class's value each) and n masks [n, 1, j, i] or [n, j, i] over the whole slice.
 */
export interface InstanceOutput {
  /** Names of the network's outputs. */
  readonly tensors: {
    readonly boxes: string;
    readonly scores: string;
    readonly labels: string;
    readonly masks: string;
  };
  /** What is found with a lower score is left out, 0 … 1. */
  readonly leastScore: number;
  /** Findings of one class in neighbouring slices are one instance from this intersection over union on, 0 … 1. */
  readonly linkOverlap: number;
}

export interface ModelOutput {
  readonly kind: OutputKind;
  /** What turns the network's numbers into probabilities; 'none' = they are probabilities already, or only their order counts. */
  readonly activation: Activation;
  /** For sigmoid: a class counts from this probability on. For instances: a voxel of a mask does. */
  readonly threshold: number;
  /**
   * True: classes are regions that may share voxels (whole tumour, tumour core, enhancing tumour), each decided on its own and a segment
   * of its own (sharedVoxels.ts). With sigmoid, or with probabilities of which none is the background's. Left out: a voxel has one class.
   */
  readonly overlapping?: boolean | undefined;
  /**
   * Axes of the network's grid along which it was trained on flipped images; empty = it must not be shown any. Absent = not stated:
   * then left and right alone may be exchanged. Classes of one side are exchanged with those of the other.
   */
  readonly mirrorAxes?: readonly ('i' | 'j' | 'k')[] | undefined;
  /**
   * True: a run shows the series flipped along all combinations of `mirrorAxes` unless it is asked not to, as the model's figures were
   * measured. Left out: only where a run asks for it.
   */
  readonly mirrorByDefault?: boolean | undefined;
  /** Of kind 'instances' only. */
  readonly instances?: InstanceOutput | undefined;
  /** Further outputs that show where the network looked; read when they are asked for. */
  readonly attention?: readonly ModelAttention[] | undefined;
}

/**
 * An output of the network that is an attention map, reduced to one channel: [1, 1, k, j, i], of two dimensions [1, 1, j, i], over the whole
 * window, coarser than it or not.
 */
export interface ModelAttention {
  /** Name of the network's output; never the first one, which holds the scores. */
  readonly output: string;
  /** For a person: "Attention gate, level 2". */
  readonly name: string;
}

/** Another pack runs first, on the whole series; this one sees only the box around what it found. */
export interface ModelCascade {
  readonly modelId: string;
  /** Values of that pack's classes that the box must hold. */
  readonly classes: readonly number[];
  /** Added on each side of the box. */
  readonly marginMm: number;
}

/** One channel of the output, in the channels' order. Value 0 is the background and needs neither colour nor codes. */
export interface ModelClass {
  readonly value: number;
  readonly name: string;
  /** "#rrggbb" */
  readonly color?: string | undefined;
  readonly codes?: SegmentCodes | undefined;
}

export interface ModelFile {
  /** More than one network: folds of one model, whose probabilities are averaged. */
  readonly role: 'network';
  /** A plain name inside of the pack's folder. */
  readonly name: string;
  readonly sha256: string;
}

/** What the network was shown; the input gate and the reader of the card compare a series with it. What is not stated is not compared. */
export interface TrainingFingerprint {
  readonly population: string;
  readonly cases: number | null;
  readonly source: string;
  /** What every training image showed, whole or nearly so: says which test of shape applies (headPose.ts). */
  readonly anatomy?: 'head' | undefined;
  /** Smallest and largest extent of the training images; each sorted, the shortest first, so that no axis is named. */
  readonly fieldOfViewMm?: { readonly least: Vector3; readonly most: Vector3 } | undefined;
  /** Of all voxels of an image, in the network's own numbers (normalised, before padding). */
  readonly intensity?: readonly IntensityRange[] | undefined;
}

/** Between which values a percentile lay over the training images. */
export interface IntensityRange {
  /** 0 … 100; 50 = the median. */
  readonly percent: number;
  readonly least: number;
  readonly most: number;
}

export interface ModelMetric {
  readonly name: string;
  readonly subject: string;
  readonly value: number;
  readonly on: string;
}

/** Of a pack that was made from another one for speed: from which, how, and what was measured against it then. */
export interface ModelVariant {
  /** The parent. */
  readonly modelId: string;
  readonly version: string;
  readonly sha256: string;
  readonly change:
    | {
        readonly kind: 'int8';
        /** How ranges of activations were chosen, and on how many windows. */
        readonly calibration: 'min-max' | 'percentile' | 'mse';
        readonly windows: number;
        /** Layers in integers. */
        readonly layers: number;
      }
    | {
        readonly kind: 'pruned';
        /** Share of the channels that was to stay, 0 … 1. */
        readonly keep: number;
        readonly channelsRemoved: number;
      };
  /** Against the parent's mask, in the worst case that was tried. */
  readonly meanDice: number;
  readonly leastDice: number;
  /** Processor time of the parent ÷ of the variant for one window, each as the program runs it. */
  readonly speedup: number;
  /** What the speed was measured on. */
  readonly processor: string;
}

export interface ModelManifest {
  readonly formatVersion: 1;
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly intendedUse: string;
  /** True: never for patients; the input gate says so whenever it meets anything but the demonstration study. */
  readonly demonstrationOnly: boolean;
  /** DICOM modality it reads; "any" for those that do not care. */
  readonly modality: 'CT' | 'MR' | 'PT' | 'any';
  readonly input: ModelInput;
  readonly window: ModelWindow;
  readonly output: ModelOutput;
  readonly classes: readonly ModelClass[];
  readonly cascade?: ModelCascade | undefined;
  readonly variantOf?: ModelVariant | undefined;
  readonly files: readonly ModelFile[];
  readonly training: TrainingFingerprint;
  readonly metrics: readonly ModelMetric[];
  /** Measured peak of the inference process while one window runs, MB; null = unknown. */
  readonly peakMemoryMb: number | null;
}
