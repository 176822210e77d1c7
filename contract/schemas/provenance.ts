/** Where a model's mask comes from, as it goes into every export. */
import { z } from 'zod';
import { vector3 } from './geometry.ts';
import { warning } from './messages.ts';

export const provenance = z.object({
  modelId: z.string(),
  modelName: z.string(),
  modelVersion: z.string(),
  sha256: z.string(),
  provider: z.string(),
  seconds: z.number(),
  /** Typed preprocessing steps, as recorded. */
  trace: z.array(z.unknown()),
  at: z.string(),
  operator: z.string(),
  /** The networks whose probabilities were averaged (an ensemble, or folds of one model); absent: one network. */
  members: z
    .array(z.object({ modelId: z.string(), modelName: z.string(), modelVersion: z.string(), sha256: z.string() }))
    .optional(),
  /** Test-time augmentation: axes of the body along which the series was also shown flipped; absent: none. */
  flippedAxes: z.array(z.string()).optional(),
  /** What the stored doubt is: entropy over so many classes, of the mean probability of so many answers, divided by its maximum; absent: none was measured. */
  doubt: z
    .object({ kind: z.enum(['entropy', 'largest-binary-entropy']), answers: z.int(), classes: z.int() })
    .optional(),
  /** True where a network ran in the form that this program wrote of it for the processor: equal but for rounding. */
  rewritten: z.boolean().optional(),
  /** Absent where all windows were run; else how many the volume has, and how many hold no body and count as background. */
  windows: z.object({ all: z.int(), skipped: z.int() }).optional(),
  /** The coarse model that showed this one where to look: first voxel and size of the part, on the series' grid; absent: none. */
  cascade: z
    .object({
      modelId: z.string(),
      modelName: z.string(),
      modelVersion: z.string(),
      sha256: z.string(),
      marginMm: z.number(),
      start: z.array(z.int()),
      size: z.array(z.int()),
    })
    .optional(),
  /** The part of the series that the network was to look at: around which point, first voxel and size on the series' grid; absent: all of it. */
  region: z.object({ aroundLps: vector3, start: z.array(z.int()), size: z.array(z.int()) }).optional(),
  /** How sure a model of instances was of each segment, 0 … 1; absent: it answers with a mask. */
  instances: z.array(z.object({ segment: z.int(), score: z.number() })).optional(),
  /** The series of each further channel; absent: the network read one series. */
  channels: z.array(z.object({ name: z.string(), seriesId: z.string() })).optional(),
  /** What a person should read before accepting; absent in results made before it was kept. */
  warnings: z.array(warning).optional(),
});
export type Provenance = z.infer<typeof provenance>;

/** What a model's answer says of itself before a person keeps it; the host adds operator and time (core/segmentation/answerOrigin.ts). */
export const answerOrigin = provenance.pick({
  ...{ modelId: true, modelName: true, modelVersion: true, sha256: true },
  ...{ provider: true, seconds: true, trace: true, warnings: true },
});
