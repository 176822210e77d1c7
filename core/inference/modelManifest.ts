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
  /** (x − mean) / standard deviation, of all voxels or of those that are not 0. */
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

export interface ModelInput {
  readonly channels: readonly { readonly name: string }[];
  /**
   * Anatomical direction towards which i, j and k grow, as nibabel's aff2axcodes names them: "LIA" = i to the Left,
   * j to Inferior, k to Anterior. A network trained on arrays indexed [x, y, z] with z fastest and RAS axes is "SAR".
   */
  readonly orientation: string;
  /** Along i, j, k of that orientation; null = the volume's own. */
  readonly spacingMm: Vector3 | null;
  readonly normalisation: Normalisation;
  /** The one grid that the network takes (centred crop or padding brings the volume there); null = any. */
  readonly grid: Vector3 | null;
  /** Every axis is padded to a multiple of this; 1 = any size. */
  readonly multipleOf: number;
  /** What padding holds, in normalised units. */
  readonly padValue: number;
}

export type Blending = 'constant' | 'gaussian';

export interface ModelWindow {
  /** null = the whole volume at once. */
  readonly size: Vector3 | null;
  /** Share of a window that its neighbour covers again, 0 … 0.9. */
  readonly overlap: number;
  readonly blending: Blending;
}

export type OutputKind = 'semantic' | 'instances' | 'prompt';
export type Activation = 'none' | 'softmax' | 'sigmoid';

export interface ModelOutput {
  readonly kind: OutputKind;
  /** What turns the network's numbers into probabilities; 'none' = they are probabilities already, or only their order counts. */
  readonly activation: Activation;
  /** For sigmoid: a class counts from this probability on. */
  readonly threshold: number;
  /**
   * Axes of the network's grid along which it was trained on flipped images; empty = it must not be shown any. Absent = not stated:
   * then left and right alone may be exchanged. Classes of one side are exchanged with those of the other.
   */
  readonly mirrorAxes?: readonly ('i' | 'j' | 'k')[] | undefined;
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

/** What the network was shown; the input gate and the reader of the card compare a series with it. */
export interface TrainingFingerprint {
  readonly population: string;
  readonly cases: number | null;
  readonly source: string;
}

export interface ModelMetric {
  readonly name: string;
  readonly subject: string;
  readonly value: number;
  readonly on: string;
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
  readonly files: readonly ModelFile[];
  readonly training: TrainingFingerprint;
  readonly metrics: readonly ModelMetric[];
  /** Measured peak of the inference process while one window runs, MB; null = unknown. */
  readonly peakMemoryMb: number | null;
}
