/**
 * The state of the editor, outside of React: the segmentation being edited, a proposal beside it, the preview of an operation,
 * and whether all is on disk. `commitEdit` is the only way to change a segmentation. Views draw `overlays`.
 * Next: commitQueue.ts (saving), openEditor.ts (loading), undoRedo.ts, tools/BrushTool.ts.
 */
import { create } from 'zustand';
import type { SegmentationSummary } from '#contract/schemas/segmentation.ts';
import { LanternError, type LanternErrorData } from '#core/errors/lanternError.ts';
import { adoptEdit, applyEdit, type Edit, editBox, type SegmentationContent } from '#core/segmentation/edit.ts';
import { encodeEdit } from '#core/segmentation/editPacket.ts';
import { checkEdit } from '#core/segmentation/editRules.ts';
import type { IndexBox, Labelmap } from '#core/segmentation/labelmap.ts';
import type { Segment } from '#core/segmentation/segment.ts';
import { errorOf } from '../app/errorOf.ts';
import { waitForMe } from '../app/workOnItsWay.ts';
import type { Overlay } from '../viewer/overlay.ts';
import { words } from '../words/index.ts';
import { CommitQueue, type Moved, NOTHING_TO_SAVE, type Saving, sameCounts } from './commitQueue.ts';
import { withStep } from './historySteps.ts';
import { hasUnsavedEdits, leaveEdits, leftEditsSettled } from './leftEdits.ts';
import type { LoadedSegmentation } from './loadSegmentation.ts';
import { overlaysOf } from './overlaysOf.ts';
import { touchedSegments } from './touchedSegments.ts';

/** What an operation would do, until it is applied or given up. */
export interface Preview {
  readonly edit: Edit;
  readonly overlay: { readonly layer: Labelmap; readonly segment: Segment };
}

/** A proposal that a person rejected: gone from the window, and with the host until the case is left. */
export interface Rejection {
  readonly id: string;
  readonly name: string;
  readonly at: string;
}

export interface EditorState {
  readonly seriesId: string | null;
  readonly loading: 'idle' | 'loading' | 'ready' | 'failed';
  /** Why the segmentations could not be loaded, or an act could not be done. */
  readonly error: LanternErrorData | null;
  /** All segmentations of the series but those that were rejected. */
  readonly list: readonly SegmentationSummary[];
  readonly current: LoadedSegmentation | null;
  /** A model's result that nobody has accepted or rejected yet. */
  readonly proposal: LoadedSegmentation | null;
  /** By proposal: numbers of the segments that a person does not want. They are hidden, and left out when it is accepted (leftOut.ts). */
  readonly leftOut: ReadonlyMap<string, ReadonlySet<number>>;
  /** What can still be given back, the latest last. */
  readonly rejections: readonly Rejection[];
  readonly preview: Preview | null;
  readonly activeSegment: number | null;
  readonly saving: Saving;
  /** Grows with every change that a view must draw. */
  readonly revision: number;
  /** By segment of `current`: the revision that last changed its voxels. */
  readonly voxelRevisions: ReadonlyMap<number, number>;
  readonly overlays: readonly Overlay[];
  /** An acceptance, undo or redo is on its way: nothing else may change meanwhile (alone.ts). */
  readonly isMoving: boolean;
}

export const emptyEditor: EditorState = {
  seriesId: null,
  loading: 'idle',
  error: null,
  list: [],
  current: null,
  proposal: null,
  leftOut: new Map(),
  rejections: [],
  preview: null,
  activeSegment: null,
  saving: NOTHING_TO_SAVE,
  revision: 0,
  voxelRevisions: new Map(),
  overlays: [],
  isMoving: false,
};

export const useEditor = create<EditorState>()(() => emptyEditor);

let queue: CommitQueue | null = null;

waitForMe(async () => {
  await queue?.settled();
  await leftEditsSettled();
});

/** Changes what the views draw. @param changed what changed in the voxels; null: anything may have */
export function redraw(change: Partial<EditorState>, changed: IndexBox | null): void {
  const state = { ...useEditor.getState(), ...change };
  const revision = state.revision + 1;
  useEditor.setState({ ...change, revision, overlays: overlaysOf(state, revision, changed) });
}

/** Takes segments of the proposal in or leaves them out; nothing is written before it is accepted. */
export function chooseOfProposal(numbers: readonly number[], isChosen: boolean): void {
  const { proposal, leftOut } = useEditor.getState();
  if (!proposal) return;
  const rejected = new Set(leftOut.get(proposal.id));
  for (const number of numbers) {
    if (isChosen) rejected.delete(number);
    else rejected.add(number);
  }
  redraw({ leftOut: new Map(leftOut).set(proposal.id, rejected) }, null);
}

/**
 * Makes a segmentation the one that is edited.
 * @param givesUp what could not be saved of the one before is dropped
 * @param beside what else changes at the same moment
 */
export function edit(
  loaded: LoadedSegmentation | null,
  { givesUp = false, beside = {} }: { givesUp?: boolean; beside?: Partial<EditorState> } = {},
): void {
  if (queue && !givesUp) leaveEdits(queue, useEditor.getState().seriesId);
  queue = loaded ? queueOf(loaded) : null;
  const activeSegment = loaded?.content.segments[0]?.number ?? null;
  const saving: Saving = loaded?.undoLabel ? { state: 'saved', pending: 0, error: null } : NOTHING_TO_SAVE;
  const { revision, rejections: before } = useEditor.getState();
  const next = revision + 1;
  // Another window may have accepted meanwhile what was rejected here.
  const rejections = before.filter(({ id }) => id !== loaded?.id);
  const voxelRevisions = new Map(loaded?.content.segments.map(({ number }) => [number, next]));
  redraw({ ...beside, current: loaded, activeSegment, preview: null, saving, voxelRevisions, rejections }, null);
}

export function activeSegment(state: EditorState = useEditor.getState()): Segment | null {
  return state.current?.content.segments.find((s) => s.number === state.activeSegment) ?? null;
}

/**
 * Applies an edit here at once and sends it to the host. Told as an error, not thrown, when it is not allowed.
 * @param isWritten the voxels stand in the labelmap already (a stroke)
 * @returns whether the edit was taken
 */
export function commitEdit(change: Edit, { isWritten = false }: { isWritten?: boolean } = {}): boolean {
  const { current, isMoving } = useEditor.getState();
  if (!current || !queue || isMoving) return false;
  try {
    checkEdit(current.content, change);
    const content = isWritten ? adoptEdit(current.content, change) : applyEdit(current.content, change);
    const history = withStep(current.history, change);
    const changedAt = new Date().toISOString();
    showChanged({ ...current, content, history, undoLabel: change.label, redoLabel: null, changedAt }, change);
    queue.push(encodeEdit(change), countsOf(content));
    return true;
  } catch (error) {
    tellError(error);
    return false;
  }
}

/** Undo or redo of what is edited goes to the host behind all edits. @returns null where nothing moved, or it is not edited any more */
export async function moveEdited(way: 'undo' | 'redo'): Promise<Moved | null> {
  const { current } = useEditor.getState();
  const moved = (await queue?.move(way)) ?? null;
  return useEditor.getState().current?.id === current?.id ? moved : null;
}

export async function retrySaving(): Promise<void> {
  await queue?.retry();
}

/** Resolves when everything is on disk. @returns false when something could not be saved */
export async function savingSettled(): Promise<boolean> {
  return queue === null || (await queue.settled());
}

/** Whether closing the window now would lose something. */
export function hasUnsavedWork(): boolean {
  return hasUnsavedEdits() || (queue?.hasPending ?? false);
}

export function tellError(error: unknown): void {
  useEditor.setState({ error: errorOf(error).toJSON() });
}

/** What is edited as it stands after the change. */
export function showChanged(current: LoadedSegmentation, change: Edit): void {
  const { content } = current;
  const { activeSegment: active, revision, voxelRevisions: before } = useEditor.getState();
  const voxelRevisions = new Map([...before, ...[...touchedSegments(change)].map((n) => [n, revision + 1] as const)]);
  const isThere = content.segments.some((s) => s.number === active);
  const next = isThere ? active : (content.segments.at(-1)?.number ?? null);
  const shown = { current, activeSegment: next, preview: null, error: null, voxelRevisions };
  redraw(shown, change.segmentsAfter ? null : editBox(change));
}

function queueOf(loaded: LoadedSegmentation): CommitQueue {
  const own = new CommitQueue(loaded.id, loaded.revision, {
    onSaving: (saving) => {
      if (queue === own) useEditor.setState({ saving });
    },
    onReceipt: (receipt, isLast) => {
      if (queue === own && isLast) verify(receipt);
    },
  });
  return own;
}

/** What the host holds must be what the window shows; a difference is never passed over in silence. */
export function verify(receipt: { readonly voxels: Readonly<Record<string, number>> }): void {
  const { current } = useEditor.getState();
  if (!current || sameCounts(receipt.voxels, countsOf(current.content))) return;
  const { message, hint } = words.editor.errors.differs;
  tellError(new LanternError('segmentation/delta-mismatch', message, hint));
}

function countsOf(content: SegmentationContent): Record<string, number> {
  return Object.fromEntries(content.segments.map(({ number }) => [String(number), content.voxels.get(number) ?? 0]));
}
