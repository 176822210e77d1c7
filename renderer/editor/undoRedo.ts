/**
 * Undo and redo, whose cursor is the host's. Undoing the acceptance of a proposal gives the proposal back, and what was edited before
 * comes back into the editor; redo accepts the same part again. Undoing a rejection gives the proposal back, too. Next: historySteps.ts,
 * commitQueue.ts, rejections.ts.
 */
import { notifications } from '@mantine/notifications';
import { choiceOf, isAcceptance } from '#core/segmentation/acceptEdit.ts';
import { applyEdit, type Edit, revertEdit } from '#core/segmentation/edit.ts';
import { decodeEdit } from '#core/segmentation/editPacket.ts';
import { words } from '../words/index.ts';
import { alone } from './alone.ts';
import { type Moved, moveOnHost } from './commitQueue.ts';
import { withMove } from './historySteps.ts';
import type { LoadedSegmentation } from './loadSegmentation.ts';
import { ACCEPTED_NOTICE, loadEditedBefore, refreshList, showNextProposal, takeBackRejection } from './openEditor.ts';
import {
  type EditorState,
  edit,
  moveEdited,
  type Rejection,
  savingSettled,
  showChanged,
  useEditor,
  verify,
} from './segmentationStore.ts';

/**
 * Undo goes to what was done last: a step of what is edited, or the rejection of a proposal.
 * @returns with the rejection where it is that; null where there is nothing to undo
 */
export function undoneNext({ current, rejections }: Pick<EditorState, 'current' | 'rejections'>): {
  readonly label: string;
  readonly rejection: Rejection | null;
} | null {
  const label = current?.undoLabel ?? null;
  const rejection = rejections.at(-1);
  const doneAt = current?.history.findLast(({ done }) => done)?.at ?? '';
  if (rejection && (label === null || rejection.at >= doneAt)) {
    return { label: words.editor.proposal.rejectStep(rejection.name), rejection };
  }
  return label === null ? null : { label, rejection: null };
}

/** Redo goes to what was changed last: what is edited, or the proposal whose acceptance was undone. */
export function redoneNext({
  current,
  proposal,
}: Pick<EditorState, 'current' | 'proposal'>): LoadedSegmentation | null {
  const isReopened = isAcceptance(proposal?.history.find(({ done }) => !done)?.code ?? '');
  const isLatest = proposal !== null && (current === null || proposal.changedAt >= current.changedAt);
  const next = isReopened && isLatest ? proposal : current;
  return next?.redoLabel == null ? null : next;
}

export async function undo(): Promise<void> {
  await alone(async () => {
    const next = undoneNext(useEditor.getState());
    if (next?.rejection) return takeBackRejection(next.rejection.id);
    const { current } = useEditor.getState();
    if (current === null || next === null) return;
    if (isAcceptance(current.history.findLast(({ done }) => done)?.code ?? '')) await undoAcceptance(current);
    else await move('undo');
  });
}

/** @param id of a proposal that was rejected, and not only the last one */
export async function undoRejection(id: string): Promise<void> {
  await alone(() => takeBackRejection(id));
}

export async function redo(): Promise<void> {
  await alone(async () => {
    const next = redoneNext(useEditor.getState());
    if (next?.state === 'proposed') await redoAcceptance(next);
    else if (next) await move('redo');
  });
}

async function move(way: 'undo' | 'redo'): Promise<void> {
  const moved = await moveEdited(way);
  const { current } = useEditor.getState();
  if (!moved || !current) return;
  const { loaded, change } = turned(current, way, moved);
  showChanged(loaded, change);
  verify(moved.receipt);
}

async function undoAcceptance({ id }: LoadedSegmentation): Promise<void> {
  // Before the host undoes anything: what cannot be loaded must not leave the window behind it.
  const before = await loadEditedBefore(id);
  const moved = await moveEdited('undo');
  const { current } = useEditor.getState();
  if (!moved || !current) return;
  const { loaded, change } = turned(current, 'undo', moved);
  // Chosen as it was when it was accepted: nobody takes in by accident what was left out.
  const rejected = new Set(choiceOf(change, loaded.content).rejected);
  const leftOut = new Map(useEditor.getState().leftOut).set(id, rejected);
  edit(before, { beside: { proposal: loaded, leftOut, error: null } });
  notifications.hide(ACCEPTED_NOTICE);
  await refreshList();
}

async function redoAcceptance(proposal: LoadedSegmentation): Promise<void> {
  if (!(await savingSettled())) return;
  const moved = await moveOnHost(proposal.id, proposal.revision, 'redo');
  if (useEditor.getState().proposal?.id !== proposal.id) return;
  const { loaded } = turned(proposal, 'redo', moved);
  edit(loaded, { beside: { proposal: null, error: null } });
  verify(moved.receipt);
  await showNextProposal();
}

/** The segmentation as the host has it after the move; its voxels are written in place. */
function turned(
  loaded: LoadedSegmentation,
  way: 'undo' | 'redo',
  { packet, receipt }: Moved,
): { readonly loaded: LoadedSegmentation; readonly change: Edit } {
  const change = decodeEdit(packet);
  const content = way === 'undo' ? revertEdit(loaded.content, change) : applyEdit(loaded.content, change);
  const { state, revision, undoLabel, redoLabel, savedAt: changedAt } = receipt;
  const history = withMove(loaded.history, way);
  return { loaded: { ...loaded, content, history, state, revision, undoLabel, redoLabel, changedAt }, change };
}
