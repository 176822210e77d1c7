/** The networks that the host has, and the one that runs for this series. Its result arrives as a proposal. */
import { create } from 'zustand';
import { inferenceResult, type ModelSummary } from '#contract/schemas.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import { rpc } from '../app/client.ts';
import { jobFinished, useJobs } from '../app/jobsStore.ts';
import { showProposal } from './openEditor.ts';
import { tellError, useEditor } from './segmentationStore.ts';

interface ModelState {
  /** null: not asked yet */
  readonly models: readonly ModelSummary[] | null;
  readonly runningModelId: string | null;
  readonly jobId: string | null;
}

export const useModels = create<ModelState>()(() => ({
  models: null,
  runningModelId: null,
  jobId: null,
}));

export async function loadModels(): Promise<void> {
  try {
    const { models } = await rpc.models.list();
    useModels.setState({ models });
  } catch (error) {
    tellError(error);
  }
}

/** The hand is on its way to the button: by the click, the process runs. Nothing is told: the run itself would say what is wrong. */
export function prepareRun(): void {
  void rpc.inference.prepare().catch(() => undefined);
}

/** Starts the network and waits for its proposal. */
export async function runModel(modelId: string): Promise<void> {
  const { seriesId } = useEditor.getState();
  if (seriesId === null) return;
  useModels.setState({ runningModelId: modelId, jobId: null });
  try {
    const { jobId } = await rpc.inference.run({ seriesId, modelId });
    useModels.setState({ jobId });
    const job = await jobFinished(jobId);
    if (useEditor.getState().seriesId !== seriesId) return;
    if (job.state === 'failed' && job.error) {
      // The code came through the contract, where it is a plain string.
      tellError(new LanternError(job.error.code as LanternError['code'], job.error.message, job.error.hint));
    }
    if (job.state === 'done') {
      await showProposal(inferenceResult.parse(job.result).segmentationId);
    }
  } catch (error) {
    tellError(error);
  } finally {
    useModels.setState({ runningModelId: null, jobId: null });
  }
}

export async function cancelModel(): Promise<void> {
  const { jobId } = useModels.getState();
  if (jobId !== null) await useJobs.getState().cancel(jobId).catch(tellError);
}
