/** The vault, open or not. */
import { z } from 'zod';

export const vaultStatus = z.object({
  state: z.enum(['absent', 'locked', 'unlocked']),
  name: z.string(),
  folder: z.string(),
  userName: z.string(),
  /** Bytes in objects/ and the database; 0 while locked. */
  bytes: z.int(),
  freeBytes: z.int(),
  cipher: z.string(),
});
export type VaultStatus = z.infer<typeof vaultStatus>;
