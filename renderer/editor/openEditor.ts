/** Opens the segmentations of a series in the editor's store, and closes them with the case. Next: segmentationStore.ts. */
import { notifications } from '@mantine/notifications';
import { rpc } from '../app/client.ts';
import { errorOf, isAbort } from '../app/errorOf.ts';
import { words } from '../words/index.ts';
import { alone } from './alone.ts';
import { saveLeftEdits } from './leftEdits.ts';
import { leftOutOfProposal } from './leftOut.ts';
import { type LoadedSegmentation, loadSegmentation, newSegmentation } from './loadSegmentation.ts';
import { carryOutRejections, dropRejections, rejectionsArrived } from './rejections.ts';
import { edit, emptyEditor, redraw, savingSettled, tellError, useEditor } from './segmentationStore.ts';
import { told } from './told.ts';

/** It says what was accepted, and goes when that is undone. */
export const ACCEPTED_NOTICE = 'accepted-in-part';

let opening = new AbortController();
/** A second click while the first segmentation is being made waits for that one. */
let creating: Promise<boolean> | null = null;

/** Loads the newest accepted segmentation and the newest proposal. Opening the open series again does nothing. */
export async function openEditor(seriesId: string): Promise<void> {
  if (useEditor.getState().seriesId === seriesId && useEditor.getState().loading !== 'failed') return;
  opening.abort();
  opening = new AbortController();
  const { signal } = opening;
  useEditor.setState({ ...emptyEditor, leftOut: useEditor.getState().leftOut, seriesId, loading: 'loading' });
  try {
    const dropped = await saveLeftEdits(seriesId);
    await rejectionsArrived();
    const { series } = await rpc.series.get({ id: seriesId }, { signal });
    const newest = (state: 'accepted' | 'proposed') => series.segmentations.findLast((s) => s.state === state) ?? null;
    const [accepted, proposed] = [newest('accepted'), newest('proposed')];
    const current = accepted && (await loadSegmentation(accepted.id, signal));
    const proposal = proposed && (await loadSegmentation(proposed.id, signal));
    if (signal.aborted) return;
    useEditor.setState({ list: series.segmentations, loading: 'ready', proposal });
    edit(current);
    if (dropped) tellError(dropped);
  } catch (error) {
    if (signal.aborted || isAbort(error)) return;
    useEditor.setState({ loading: 'failed', error: errorOf(error).toJSON() });
  }
}

/** Nothing of a patient stays behind. Edits that are on their way are still sent, and rejections carried out. */
export function closeEditor(): void {
  opening.abort();
  carryOutRejections();
  edit(null);
  // Numbers alone: what a person chose of a proposal is chosen still when the case is opened again.
  useEditor.setState({ ...emptyEditor, leftOut: useEditor.getState().leftOut });
}

export async function refreshList(): Promise<void> {
  const { seriesId } = useEditor.getState();
  if (seriesId === null) return;
  const { series } = await rpc.series.get({ id: seriesId });
  if (useEditor.getState().seriesId !== seriesId) return;
  // Another window may have accepted meanwhile what was rejected here.
  dropRejections(series.segmentations.filter(({ state }) => state === 'accepted').map(({ id }) => id));
  const { rejections } = useEditor.getState();
  useEditor.setState({ list: series.segmentations.filter((s) => !rejections.some(({ id }) => id === s.id)) });
}

/** Goes over to another segmentation of the series, when everything of this one is saved. */
export async function chooseSegmentation(id: string): Promise<void> {
  await told(async () => {
    if (!(await savingSettled())) return;
    await show(await loadSegmentation(id, opening.signal));
    await refreshList();
  });
}

/** The first segment of a series needs a segmentation around it. @returns whether there is one now */
export async function ensureSegmentation(): Promise<boolean> {
  const { current, seriesId, loading } = useEditor.getState();
  if (current) return true;
  if (seriesId === null || loading !== 'ready') return false;
  creating ??= told(async () => {
    const { signal } = opening;
    const detail = await rpc.segmentations.create({ seriesId, name: words.editor.newSegmentation });
    // Left meanwhile: it is found, empty, when the case is opened again.
    if (signal.aborted) return;
    edit(newSegmentation(detail));
    // The hand may already be painting: the list of segmentations can come later.
    void refreshList().catch(tellError);
  }).finally(() => {
    creating = null;
  });
  return creating;
}

/** Loads a proposal that a model has just made. */
export async function showProposal(id: string): Promise<void> {
  await told(async () => {
    redraw({ proposal: await loadSegmentation(id, opening.signal) }, null);
    await refreshList();
  });
}

/** What is chosen of the proposal becomes the clinician's, and the one that is edited. */
export async function acceptProposal(): Promise<void> {
  if (!useEditor.getState().proposal) return;
  await alone(acceptShown);
  // Not within: the hand may already go on with what was accepted, or undo it.
  if (!useEditor.getState().proposal) await told(showNextProposal);
}

async function acceptShown(): Promise<void> {
  const { proposal, leftOut, current: before } = useEditor.getState();
  if (!proposal) return;
  const rejected = leftOutOfProposal({ proposal, leftOut });
  const { segments } = proposal.content;
  const kept = segments.filter(({ number }) => !rejected.has(number));
  if (!(await savingSettled())) return;
  const chosen = rejected.size > 0 ? { segments: kept.map(({ number }) => number) } : {};
  await rpc.segmentations.accept({ id: proposal.id, ...chosen });
  useEditor.setState({ proposal: null });
  edit(await loadSegmentation(proposal.id, opening.signal));
  const names = segments.filter(({ number }) => rejected.has(number)).map(({ name }) => name);
  const said = [
    ...(names.length > 0 ? [words.editor.proposal.acceptedSome(kept.length, names)] : []),
    // One that was saved: an empty one that the panel began with is nothing to miss.
    ...(before && before.content.segments.length > 0 ? [words.editor.proposal.acceptedBeside(before.name)] : []),
  ];
  if (said.length === 0) return;
  notifications.show({ id: ACCEPTED_NOTICE, role: 'status', color: 'accept', message: said.join(' ') });
}

/**
 * A rejected proposal waits for a person again, ticked as it was; one that another window accepted meanwhile is edited.
 * @throws segmentation/unknown where another window deleted it: then Undo goes on to what was done before
 */
export async function takeBackRejection(id: string): Promise<void> {
  if (!useEditor.getState().rejections.some((rejection) => rejection.id === id)) return;
  const loaded = await loadSegmentation(id, opening.signal).catch((error) => {
    if (errorOf(error).code === 'segmentation/unknown') dropRejections([id]);
    throw error;
  });
  dropRejections([id]);
  if (loaded.state === 'proposed') redraw({ proposal: loaded }, null);
  await refreshList();
  if (loaded.state === 'proposed') return;
  const message = words.editor.proposal.acceptedElsewhere(loaded.name);
  notifications.show({ role: 'status', color: 'accept', message });
  await chooseSegmentation(id);
}

/** Networks that ran one after the other have each left one. One that came into sight meanwhile stays. */
export async function showNextProposal(): Promise<void> {
  await refreshList();
  const next = useEditor.getState().list.findLast(({ state }) => state === 'proposed');
  if (!next) return;
  const proposal = await loadSegmentation(next.id, opening.signal);
  if (!useEditor.getState().proposal) redraw({ proposal }, null);
}

/** @param id of what is edited now @returns what was changed last of the other accepted ones; null where there is none */
export async function loadEditedBefore(id: string): Promise<LoadedSegmentation | null> {
  await refreshList();
  const others = useEditor.getState().list.filter((s) => s.state === 'accepted' && s.id !== id);
  const [latest] = others.sort((a, b) => b.modifiedAt.localeCompare(a.modifiedAt));
  return latest ? loadSegmentation(latest.id, opening.signal) : null;
}

/** Gives up what could not be saved and shows what is on disk. */
export async function reloadSegmentation(): Promise<void> {
  const { current } = useEditor.getState();
  if (!current) return;
  await told(async () => show(await loadSegmentation(current.id, opening.signal), { givesUp: true }));
}

/** Another window may have undone the acceptance meanwhile: what is a proposal is never edited. */
async function show(loaded: LoadedSegmentation, options: { givesUp?: boolean } = {}): Promise<void> {
  if (loaded.state === 'accepted') return edit(loaded, options);
  edit(await loadEditedBefore(loaded.id), { ...options, beside: { proposal: loaded } });
}
