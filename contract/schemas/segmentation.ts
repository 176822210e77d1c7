/** Segments, segmentations and what the host answers to edits of them. */
import { z } from 'zod';
import { geometry } from './geometry.ts';
import { provenance } from './provenance.ts';

export const codedConcept = z.object({ value: z.string(), scheme: z.string(), meaning: z.string() });

export const segmentCodes = z.object({ category: codedConcept, type: codedConcept, modifier: codedConcept.optional() });

export const segment = z.object({
  number: z.int().min(1).max(65535),
  name: z.string(),
  layer: z.int().min(0),
  color: z.string().regex(/^#[0-9a-f]{6}$/i),
  codes: segmentCodes,
  opacity: z.number().min(0).max(1),
  display: z.enum(['outline', 'fill', 'both']),
  visible: z.boolean(),
  locked: z.boolean(),
  origin: z.enum(['manual', 'model', 'preset']),
});

export const segmentSummary = z.object({
  number: z.int(),
  name: z.string(),
  color: z.string(),
  voxels: z.int(),
  volumeMl: z.number(),
});

export const segmentationState = z.enum(['proposed', 'accepted']);
export type SegmentationState = z.infer<typeof segmentationState>;

export const segmentationSummary = z.object({
  id: z.string(),
  name: z.string(),
  state: segmentationState,
  origin: z.enum(['manual', 'model', 'preset']),
  modifiedAt: z.string(),
  segments: z.array(segmentSummary),
});
export type SegmentationSummary = z.infer<typeof segmentationSummary>;

export const historyStep = z.object({
  sequence: z.int(),
  code: z.string(),
  label: z.string(),
  at: z.string(),
  done: z.boolean(),
});
export type HistoryStep = z.infer<typeof historyStep>;

/** What the host answers to every committed, undone or redone edit. */
export const editReceipt = z.object({
  revision: z.int(),
  /** Undoing an acceptance makes a proposal of it again. */
  state: segmentationState,
  segments: z.array(segment),
  /** Voxels by segment number. */
  voxels: z.record(z.string(), z.int()),
  undoLabel: z.string().nullable(),
  redoLabel: z.string().nullable(),
  savedAt: z.string(),
});
export type EditReceipt = z.infer<typeof editReceipt>;

export const segmentationDetail = editReceipt.extend({
  id: z.string(),
  seriesId: z.string(),
  name: z.string(),
  origin: z.enum(['manual', 'model', 'preset']),
  provenance: provenance.nullable(),
  /** Bytes per voxel of each layer's labelmap; the voxels come from /blob. */
  layers: z.array(z.object({ index: z.int(), bytesPerVoxel: z.union([z.literal(1), z.literal(2)]) })),
  geometry,
});
export type SegmentationDetail = z.infer<typeof segmentationDetail>;
