/** The hardware that networks run on. */
import { z } from 'zod';

export const providerName = z.enum(['cpu', 'cuda', 'directml', 'coreml', 'webgpu']);

export const providerStatus = z.object({
  name: providerName,
  inUse: z.boolean(),
  /** One sentence: why it is used, or why not. */
  reason: z.string(),
});
export type ProviderStatus = z.infer<typeof providerStatus>;
