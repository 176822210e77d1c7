/** Runs of a network: what one would take, and what came of it. */
import { z } from 'zod';
import { vector3 } from './geometry.ts';
import { errorData, warning } from './messages.ts';

export const runPriority = z.enum(['interactive', 'batch']);

export const inferenceResult = z.object({
  segmentationId: z.string(),
  model: z.object({ id: z.string(), version: z.string(), sha256: z.string() }),
  provider: z.string(),
  seconds: z.number(),
  warnings: z.array(warning),
});
export type InferenceResult = z.infer<typeof inferenceResult>;

/** What a run of a model on a series would take, before anything is loaded. */
export const runEstimate = z.object({
  modelId: z.string(),
  fits: z.enum(['yes', 'with-care', 'no']),
  /** Why it would be refused; null unless it does not fit. */
  refusal: errorData.nullable(),
  /** What has to be known before its result is used. */
  warnings: z.array(warning),
  windows: z.int(),
  /** How often each window is looked at: flipped too where that was asked for, or the model's manifest says so. */
  looks: z.int(),
  /** How often with all the mirror images that the network may be shown (1: none), and whether the manifest asks for them. */
  mirrored: z.object({ looks: z.int(), isUsual: z.boolean() }),
  /** Of a network that was trained on crops, where the series is far larger: the part around a point that it would see, mm along i, j, k. */
  regionMm: vector3.nullable(),
  bytes: z.number(),
  /** The network's own need was never measured and comes on top. */
  isLeastBytes: z.boolean(),
  /** null where it cannot be told (yet). */
  seconds: z.number().nullable(),
  /** runs: of this network on this machine; operations: counted, before its first run; unmeasured: ask again in a moment. */
  secondsFrom: z.enum(['runs', 'operations', 'unmeasured', 'unknown']),
});
export type RunEstimate = z.infer<typeof runEstimate>;

/** A place that a reader should look at before accepting; core/inference/placesOfDoubt.ts finds them. */
export const placeOfDoubt = z.object({
  /** A voxel of the place, near its middle. */
  centreLps: vector3,
  /** Sum of doubt × voxel volume. */
  doubtMl: z.number(),
  /** Largest doubt in it, 0 … 1. */
  peak: z.number(),
  voxels: z.int(),
  /** The one or two commonest classes there; value 0 is the background. */
  classes: z.array(z.object({ value: z.int(), name: z.string() })),
});
export type PlaceOfDoubt = z.infer<typeof placeOfDoubt>;
