/** Models: what is known of one, and what an import looks at. */
import { z } from 'zod';
import { errorData } from './messages.ts';
import { segmentCodes } from './segmentation.ts';

/** stated: the intended use is the whole of it. */
export const modelUse = z.enum(['demonstration', 'research', 'stated']);

export const modelSummary = z.object({
  id: z.string(),
  /** A network runs on a whole series; the prompt model answers to clicks and boxes (procedures `prompts`). */
  kind: z.enum(['network', 'prompt']),
  name: z.string(),
  version: z.string(),
  sha256: z.string(),
  modality: z.string(),
  intendedUse: z.string(),
  licence: z.string(),
  demonstrationOnly: z.boolean(),
  use: modelUse,
  /** Brought in on this machine, and can be removed; the others come with the program. */
  isImported: z.boolean(),
  training: z.object({ population: z.string(), cases: z.int().nullable(), source: z.string() }),
  metrics: z.array(z.object({ name: z.string(), subject: z.string(), value: z.number(), on: z.string() })),
  classes: z.array(z.object({ value: z.int(), name: z.string(), color: z.string(), codes: segmentCodes })),
  /** Names of the series that it reads together, the first one is segmented; one name where it reads one. */
  channels: z.array(z.string()),
  /** Names of the attention maps that it offers. */
  attention: z.array(z.string()),
  /** Why it can't be run now; null when it can. */
  problem: errorData.nullable(),
  /** The model card, markdown. */
  card: z.string(),
});
export type ModelSummary = z.infer<typeof modelSummary>;

/** What a person points at for an import, looked at and staged, nothing of it run. */
export const modelLook = z.object({
  lookId: z.string(),
  id: z.string(),
  name: z.string(),
  version: z.string(),
  licence: z.string(),
  intendedUse: z.string(),
  modality: z.string(),
  use: modelUse,
  population: z.string(),
  classes: z.array(z.string()),
  card: z.string(),
  sha256: z.string(),
  files: z.array(z.object({ name: z.string(), bytes: z.number() })),
  /** Name of the trusted key; null where none of them signed it, and a person has to answer for it. */
  signedBy: z.string().nullable(),
  /** By a key that may be unknown here. */
  hasSignature: z.boolean(),
  /** Version of the imported model of this id that it would replace ("" where that cannot be read); null: none. */
  replaces: z.string().nullable(),
});
export type ModelLook = z.infer<typeof modelLook>;

export const importedModelResult = z.object({ id: z.string(), name: z.string() });
export type ImportedModelResult = z.infer<typeof importedModelResult>;
