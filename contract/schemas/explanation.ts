/** Why a segment was proposed: saliency and attention maps. */
import { z } from 'zod';
import { vector3 } from './geometry.ts';
import { warning } from './messages.ts';

/** What an explanation of a proposal would take, and what its network offers. */
export const explanationEstimate = z.object({
  mostRuns: z.int(),
  /** null where it cannot be told (yet). */
  seconds: z.number().nullable(),
  /** Edge of the smallest and of the largest patch that is hidden. */
  patchMm: z.number().nullable(),
  firstPatchMm: z.number().nullable(),
  /** Names of the network's attention maps. */
  attention: z.array(z.string()),
});
export type ExplanationEstimate = z.infer<typeof explanationEstimate>;

const explanation = z.object({
  segmentationId: z.string(),
  model: z.object({ id: z.string(), name: z.string(), version: z.string(), sha256: z.string() }),
  provider: z.string(),
  seconds: z.number(),
  warnings: z.array(warning),
});

/** The share of a segment's probability mass that is lost where a patch is hidden (core/inference/explain/saliencyMap.ts). */
export const saliencyResult = explanation.extend({
  segment: z.object({ number: z.int(), name: z.string() }),
  patchMm: z.number(),
  /** How many patches of which size were hidden, the largest first. */
  patches: z.array(z.object({ sizeMm: z.number(), count: z.int() })),
  /** Of the network, and into how many of its windows the segment falls. */
  runs: z.int(),
  windows: z.int(),
  /** Of the segment's class in the segment while nothing was hidden. */
  meanProbability: z.number(),
  map: z.object({
    size: vector3,
    cells: vector3,
    lost: z.array(z.number()),
    cellOf: z.tuple([z.array(z.int()), z.array(z.int()), z.array(z.int())]),
  }),
});
export type SaliencyResult = z.infer<typeof saliencyResult>;

/** The map itself comes from /blob/explanations/{jobId}, two bytes a voxel of the segmentation's grid: 0 … 65535 for lowest … highest. */
export const attentionResult = explanation.extend({ map: z.string(), lowest: z.number(), highest: z.number() });
export type AttentionResult = z.infer<typeof attentionResult>;
