/** Long work of the host: its state, its progress, its first look. */
import { z } from 'zod';
import { vector3 } from './geometry.ts';
import { errorData } from './messages.ts';
import { segment } from './segmentation.ts';

export const jobKind = z.enum(['import', 'inference', 'explanation', 'export', 'demo', 'model']);
export type JobKind = z.infer<typeof jobKind>;

/**
 * What a network sees of a series on a coarser grid, before its full run is done: labels on the series with fewer voxels, along its own
 * axes, the centre in place (core/inference/coarseLabels.ts).
 */
export const coarseLook = z.object({
  seriesId: z.string(),
  size: z.tuple([z.int(), z.int(), z.int()]),
  spacingMm: vector3,
  bytesPerVoxel: z.union([z.literal(1), z.literal(2)]),
  segments: z.array(segment),
  /** Mean Dice of this network's earlier coarse looks with their full results on this machine; null: none yet. */
  agreement: z.number().nullable(),
});
export type CoarseLook = z.infer<typeof coarseLook>;

export const job = z.object({
  id: z.string(),
  kind: jobKind,
  /** One line for a person, without a patient's name. */
  title: z.string(),
  state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
  progress: z.object({ done: z.number(), total: z.number(), unit: z.string(), phase: z.string() }),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  error: errorData.nullable(),
  /** Of a running inference: shown, never kept; its voxels are at blobRoutes.coarseLook. */
  coarse: coarseLook.optional(),
  /** importResult, inferenceResult, saliencyResult, attentionResult, exportResult, demoResult, modelLook or importedModelResult, by kind. */
  result: z.unknown(),
});
export type Job = z.infer<typeof job>;
