/** What became of the files of an import. */
import { z } from 'zod';

export const importedFile = z.object({
  path: z.string(),
  status: z.enum(['imported', 'duplicate', 'ignored', 'failed']),
  reason: z.string().optional(),
});
export type ImportedFile = z.infer<typeof importedFile>;

export const importResult = z.object({
  imported: z.int(),
  duplicates: z.int(),
  ignored: z.int(),
  failed: z.int(),
  files: z.array(importedFile),
  /** Ids of the series that received something or were recognised. */
  series: z.array(z.string()),
});
export type ImportResult = z.infer<typeof importResult>;
