/** What a prompt's masks become: an ordinary edit of the chosen segment, or, followed through the slices, a proposal. */
import { inferenceResult } from '#contract/schemas/inference.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import { keepEdit } from '#core/prompt/keepEdit.ts';
import { outlinedName } from '#core/prompt/outlinedName.ts';
import type { Segment } from '#core/segmentation/segment.ts';
import { writeMaskFor } from '#core/segmentation/writeMask.ts';
import { rpc } from '../../app/client.ts';
import { jobFinished, useJobs } from '../../app/jobsStore.ts';
import { useViewer } from '../../viewer/viewerStore.ts';
import { words } from '../../words/index.ts';
import { showProposal } from '../openEditor.ts';
import { useOperations } from '../operationStore.ts';
import { addSegment } from '../segmentActs.ts';
import { activeSegment, commitEdit, tellError, useEditor } from '../segmentationStore.ts';
import { contractPrompt, isAskable } from './contractPrompt.ts';
import { clearPrompt, usePrompt } from './promptStore.ts';

/** Adds every slice's mask to the chosen segment, one edit a slice; a new segment where none is chosen. */
export async function keepPrompt(): Promise<void> {
  const { previews, isAsking } = usePrompt.getState();
  // What is on its way might differ from what is seen.
  if (previews.size === 0 || isAsking) return;
  const segment = activeSegment() ?? (await addOutlined());
  if (!segment || usePrompt.getState().previews !== previews) return;
  try {
    const kept = [...previews.values()].map((preview) => keepSlice(preview, segment));
    if (kept.includes('refused')) return;
    if (kept.every((result) => result === 'nothing')) {
      const { message, hint } = words.prompt.nothingNew;
      usePrompt.setState({ error: { code: 'prompt/nothing-found', message, hint } });
      return;
    }
    clearPrompt();
  } catch (error) {
    tellError(error);
  }
}

/** The host follows the structure up and down; its answer is a proposal. */
export async function proposePrompt(): Promise<void> {
  const { seriesId } = useEditor.getState();
  const prompt = contractPrompt(usePrompt.getState(), null);
  if (seriesId === null || usePrompt.getState().jobId !== null || !isAskable(prompt)) return;
  try {
    const name = activeSegment()?.name;
    const { jobId } = await rpc.prompts.propose({ seriesId, prompt, slices: 'all', ...(name ? { name } : {}) });
    usePrompt.setState({ jobId });
    const job = await jobFinished(jobId);
    if (useEditor.getState().seriesId !== seriesId) return;
    if (job.state === 'failed' && job.error) {
      // The code came through the contract, where it is a plain string.
      tellError(new LanternError(job.error.code as LanternError['code'], job.error.message, job.error.hint));
    }
    if (job.state !== 'done') return;
    clearPrompt();
    await showProposal(inferenceResult.parse(job.result).segmentationId);
  } catch (error) {
    tellError(error);
  } finally {
    usePrompt.setState({ jobId: null });
  }
}

export async function cancelProposing(): Promise<void> {
  const { jobId } = usePrompt.getState();
  if (jobId !== null) await useJobs.getState().cancel(jobId).catch(tellError);
}

function addOutlined(): Promise<Segment | null> {
  const taken = useEditor.getState().current?.content.segments ?? [];
  return addSegment({ name: outlinedName(taken.map(({ name }) => name)) });
}

function keepSlice(preview: Parameters<typeof keepEdit>[0], segment: Segment): 'kept' | 'nothing' | 'refused' {
  const { current } = useEditor.getState();
  const { volume } = useViewer.getState();
  const labelmap = current?.content.layers[segment.layer];
  if (!current || !volume || !labelmap) return 'refused';
  const { overwrite } = useOperations.getState();
  const mask = writeMaskFor(current.content.segments, segment.number, { overwrite });
  const edit = keepEdit(preview, volume.geometry, labelmap, segment, mask);
  if (edit.deltas.length === 0) return 'nothing';
  const label = `${words.prompt.label}, ${segment.name}`;
  return commitEdit({ ...edit, label }) ? 'kept' : 'refused';
}
