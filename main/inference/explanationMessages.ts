/** What the host and the inference process say to each other of explanations, beside the runs (inferenceMessages.ts). Next: serveExplanation.ts. */
import type { ExplainedSegment, SegmentToExplain } from '#core/inference/explain/explainSegment.ts';
import type { ModelAttention } from '#core/inference/modelManifest.ts';
import type { RunOrder } from './inferenceMessages.ts';

/** The scalars of the volume and of its companions follow through the pipe, as for a run. */
export interface ExplainOrder
  extends Pick<RunOrder, 'members' | 'networksAtOnce' | 'provider' | 'geometry' | 'scalarType' | 'companions'> {
  readonly kind: 'explain';
  readonly asked: AskedExplanation;
}

export type AskedExplanation =
  /** `known`: what an interrupted one measured, run by run (core/inference/explain/occlude.ts). */
  | { readonly kind: 'occlusion'; readonly segment: SegmentToExplain; readonly known: readonly number[] }
  /** The map comes back through the pipe, two bytes a voxel of the volume's grid (core/inference/explain/runAttention.ts). */
  | { readonly kind: 'attention'; readonly map: ModelAttention };

/** After each run of an occlusion that was not known. */
export interface Measured {
  readonly kind: 'measured';
  readonly mass: number;
}

export interface Explained {
  readonly kind: 'explained';
  readonly networkSeconds: number;
  readonly found:
    | { readonly kind: 'occlusion'; readonly segment: ExplainedSegment }
    | { readonly kind: 'attention'; readonly lowest: number; readonly highest: number };
}
