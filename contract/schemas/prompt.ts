/** What a person points at, and the outline that is offered for it. */
import { z } from 'zod';
import { vector3 } from './geometry.ts';
import { warning } from './messages.ts';
import { answerOrigin } from './provenance.ts';

export const plane = z.enum(['axial', 'coronal', 'sagittal']);

/** What a person pointed at. Points and corners within half a voxel of one slice, unless the whole structure is wanted. */
export const prompt = z.object({
  points: z.array(z.object({ pointLps: vector3, inside: z.boolean() })).max(200),
  /** Two opposite corners of a rectangle in the slice, its sides along the slice's rows and columns. */
  boxLps: z.tuple([vector3, vector3]).nullable(),
  /** The plane that was pointed in; null: the plane that the series was acquired in, or that of the box. */
  plane: plane.nullable(),
});
export type Prompt = z.infer<typeof prompt>;

export const promptSlices = z.enum(['one', 'all']);
export type PromptSlices = z.infer<typeof promptSlices>;

/** A prompt's mask in its slice, pixel for pixel as core/rendering/extractSlice.ts cuts that slice of the series' volume. */
export const promptPreview = z.object({
  plane,
  /** Voxel index along the plane's through axis. */
  index: z.int(),
  width: z.int(),
  height: z.int(),
  /** Start and length in turn, row by row from the top left of the screen; a run does not pass the end of its row. */
  runs: z.array(z.int()),
  pixels: z.int(),
  areaMm2: z.number(),
  /** 0 to 1: how sure the program is of the outline; below 0.5 a person should look twice. */
  confidence: z.number(),
  warnings: z.array(warning),
  /** To be kept with the mask: goes back with the edit (core/prompt/keepEdit.ts). */
  origin: answerOrigin,
  /** Spent on looking at the slice (0 when that was done before) and on the answer. */
  embeddingMs: z.number(),
  promptMs: z.number(),
});
export type PromptPreview = z.infer<typeof promptPreview>;
