/** What a run of networks is asked for, and what it answers. Next: inferenceService.ts. */
import type { Warning } from '#contract/schemas/messages.ts';
import type { Provenance } from '#contract/schemas/provenance.ts';
import type { WorldPoint } from '#core/geometry/points.ts';
import type { VolumeGeometry } from '#core/geometry/volumeGeometry.ts';
import type { DoubtWish } from '#core/inference/runModel.ts';
import type { Labelmap } from '#core/segmentation/labelmap.ts';
import type { Segment } from '#core/segmentation/segment.ts';
import type { Volume } from '#core/volume/volume.ts';
import type { ProcessRun } from './InferenceProcess.ts';
import type { ProviderName } from './inferenceMessages.ts';

export interface InferenceRequest {
  readonly modelId: string;
  readonly volume: Volume;
  /** As DICOM (0008,0060); empty or "OT" where the file does not say. */
  readonly modality: string;
  /** The study is the program's own phantom. */
  readonly isDemonstration?: boolean;
  /** Which further series are which channels; the volume itself is the first channel. */
  readonly channels?: readonly { readonly name: string; readonly volume: Volume; readonly modality: string }[];
  /** Other models whose probabilities are averaged with this one's. */
  readonly ensemble?: readonly string[];
  /** Test-time augmentation: the series is shown flipped too. */
  readonly flips?: boolean;
  /**
   * Only the part around this point, as large as the network sees at once: for networks that were trained on crops (regionAround.ts).
   * Default: all of the series.
   */
  readonly aroundLps?: WorldPoint;
  /** Default: 'no'. */
  readonly doubt?: DoubtWish;
  /** Insists on one; nothing else is tried then. Default: the best that works. */
  readonly provider?: ProviderName;
  /** Called with a coarse look at a long run's whole volume, early in the run; where it is not possible or misleads, never. */
  readonly onCoarse?: (answer: CoarseAnswer) => void;
}

export interface CoarseAnswer {
  /** On the series with fewer voxels, spacing of `geometry`. */
  readonly labelmap: Labelmap;
  readonly geometry: VolumeGeometry;
  readonly segments: readonly Segment[];
  /** Mean Dice of this network's earlier coarse looks with their full results; null: the first one. */
  readonly agreement: number | null;
}

export interface InferenceAnswer {
  readonly name: string;
  /** The first of the layers. */
  readonly labelmap: Labelmap;
  /** On the volume's own grid, voxel for voxel; more than one where instances overlap. */
  readonly layers: readonly Labelmap[];
  readonly segments: Segment[];
  readonly model: { readonly id: string; readonly version: string; readonly sha256: string };
  readonly provider: ProviderName;
  readonly seconds: number;
  /** Of them, inside of the runtime. */
  readonly networkSeconds: number;
  /** Where and how much the answer is unsure; null: not asked for, or this network's numbers are no probabilities. */
  readonly doubt: ProcessRun['doubt'];
  readonly provenance: Omit<Provenance, 'operator'>;
  readonly warnings: Warning[];
}
