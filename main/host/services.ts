/** What the procedures and the binary routes work with: one object for the host's whole life. Next: router.ts, blobs.ts. */
import type { JobKind } from '#contract/schemas/job.ts';
import type { InferenceService } from '../inference/inferenceService.ts';
import type { HostJobContext, Jobs } from '../jobs/jobs.ts';
import type { ModelImports } from '../models/ModelImports.ts';
import type { PromptService } from '../prompt/promptService.ts';
import type { ExportResults } from './exportResults.ts';
import type { FaultLog } from './faultLog.ts';
import type { Uploads } from './uploads.ts';
import type { UnlockedVault, VaultSession } from './vaultSession.ts';

export interface HostServices {
  readonly session: VaultSession;
  readonly jobs: Jobs;
  readonly uploads: Uploads;
  readonly exportResults: ExportResults;
  /** The labels of coarse looks by job, as long as it runs. Nothing else has them. */
  readonly coarseLabels: Map<string, Uint8Array>;
  readonly modelImports: ModelImports;
  readonly faults: FaultLog;
  /** Built at the first call: reading model packs and starting a process costs time that most calls do not need. */
  readonly inference: () => Promise<InferenceService>;
  readonly prompts: () => Promise<PromptService>;
  /** Where model packs and their cards lie. */
  readonly modelFolders: readonly string[];
}

/**
 * Starts a job on the unlocked vault. What nobody foresaw goes to the fault log, because a job tells only that it happened.
 * @throws vault/locked
 */
export function startVaultJob(
  services: HostServices,
  kind: JobKind,
  title: string,
  work: (unlocked: UnlockedVault, context: HostJobContext, jobId: () => string) => Promise<unknown>,
): { jobId: string } {
  const unlocked = services.session.require();
  let id = '';
  id = services.jobs.start(kind, title, async (context) => {
    // Lets `start` return first, so that the work knows its own id.
    await Promise.resolve();
    try {
      return await work(unlocked, context, () => id);
    } catch (error) {
      if (!context.signal.aborted) await services.faults.record(error, `job ${kind}`);
      throw error;
    }
  });
  return { jobId: id };
}
