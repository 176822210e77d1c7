/**
 * How unsure a network was of the proposal, or of what was accepted of it: the places to check, which of them a person has seen, and
 * the map that the views lay over the slices. Places come with the segmentation, the map when it is asked for. Next: DoubtSection.tsx.
 */
import { create } from 'zustand';
import { blobRoutes } from '#contract/blobRoutes.ts';
import type { PlaceOfDoubt } from '#contract/schemas/inference.ts';
import { worldPoint } from '#core/geometry/points.ts';
import { DOUBT_COLOR, doubtRamp, rampTable } from '#core/rendering/scalarOverlay.ts';
import { blobs, rpc } from '../app/client.ts';
import { isAbort } from '../app/errorOf.ts';
import { goToPlace } from '../viewer/goToPlace.ts';
import type { MapOverlay } from '../viewer/overlay.ts';
import { leftOutOfProposal } from './leftOut.ts';
import type { LoadedSegmentation } from './loadSegmentation.ts';
import { type ListedPlace, placesConcerning } from './placesConcerning.ts';
import { type EditorState, tellError, useEditor } from './segmentationStore.ts';

export interface DoubtState {
  /** The segmentation it tells of; null: none that a network made. */
  readonly segmentationId: string | null;
  readonly reading: 'reading' | 'measured' | 'not-measured' | 'failed';
  /** The most doubt first; which of them are listed: listedPlaces. */
  readonly places: readonly PlaceOfDoubt[];
  /** Indices of the places that a person went to. */
  readonly visited: ReadonlySet<number>;
  readonly current: number | null;
  /** The doubt that is drawn in full colour, 0 … 1: two classes are equally likely there. */
  readonly full: number;
  readonly isShown: boolean;
  /** 0 … 1 */
  readonly opacity: number;
  readonly overlay: MapOverlay | null;
}

const nothing = {
  ...{ segmentationId: null, reading: 'reading', places: [], visited: new Set<number>(), current: null, full: 1 },
  overlay: null,
} as const satisfies Partial<DoubtState>;

export const useDoubt = create<DoubtState>()(() => ({ ...nothing, isShown: false, opacity: 0.75 }));

let reading = new AbortController();
let classes = 2;
/** The map of `segmentationId`; one segmentation's at a time. */
let map: Promise<Uint8Array> | null = null;

/** Follows the editor. @returns the way to stop */
export function watchDoubt(): () => void {
  const stop = useEditor.subscribe(follow);
  follow(useEditor.getState());
  return () => {
    stop();
    forget();
    useDoubt.setState({ isShown: false });
  };
}

/** @returns the proposal, else what is edited where a network made it: its unsure places want the brush */
export function doubtfulOf({
  proposal,
  current,
}: Pick<EditorState, 'proposal' | 'current'>): LoadedSegmentation | null {
  if (proposal) return proposal;
  return current?.provenance ? current : null;
}

/** @returns the places that concern segments which are there, and ticked where it is a proposal */
export function listedPlaces(
  places: readonly PlaceOfDoubt[],
  state: Pick<EditorState, 'proposal' | 'current' | 'leftOut'>,
): readonly ListedPlace[] {
  const subject = doubtfulOf(state);
  if (!subject) return [];
  const { segments } = subject.content;
  const leftOut = leftOutOfProposal(state);
  const taken = segments.filter(({ number }) => !leftOut.has(number));
  return placesConcerning(places, taken);
}

export function showDoubt(isShown: boolean): void {
  useDoubt.setState({ isShown });
  void draw();
}

export function setDoubtOpacity(opacity: number): void {
  useDoubt.setState({ opacity });
  void draw();
}

export function goToDoubt(index: number): void {
  const { places, visited } = useDoubt.getState();
  const place = places[index];
  if (!place) return;
  useDoubt.setState({ current: index, visited: new Set(visited).add(index) });
  goToPlace(worldPoint(...place.centreLps));
}

/** The next place of the list or the one before; round at the ends. @returns whether there is one */
export function stepDoubt(step: 1 | -1): boolean {
  const { places, current, segmentationId } = useDoubt.getState();
  const state = useEditor.getState();
  const listed = doubtfulOf(state)?.id === segmentationId ? listedPlaces(places, state) : [];
  const at = listed.findIndex(({ index }) => index === current);
  const from = at >= 0 ? at : step === 1 ? -1 : 0;
  const next = listed[(from + step + listed.length) % listed.length];
  if (!next) return false;
  goToDoubt(next.index);
  return true;
}

function follow(state: EditorState): void {
  const subject = doubtfulOf(state);
  const { segmentationId, overlay } = useDoubt.getState();
  if (state.seriesId === null) {
    if (segmentationId !== null) forget();
    return;
  }
  // While a proposal is being accepted there is none for a moment: what was seen stays seen.
  if (subject?.id === segmentationId) {
    if (overlay === null) void draw();
    return;
  }
  if (subject !== null) void read(subject);
  else if (overlay !== null) useDoubt.setState({ overlay: null });
}

function forget(): void {
  reading.abort();
  map = null;
  useDoubt.setState(nothing);
}

async function read({ id, provenance }: LoadedSegmentation): Promise<void> {
  forget();
  reading = new AbortController();
  const { signal } = reading;
  useDoubt.setState({ segmentationId: id });
  try {
    const { places } = await rpc.segmentations.doubt({ id }, { signal });
    if (signal.aborted) return;
    // Entropy was divided by its largest value, which the network's classes decide: also those that it did not find here.
    classes = provenance?.doubt?.kind === 'entropy' ? provenance.doubt.classes : 2;
    const { to: full } = doubtRamp(classes, 1);
    useDoubt.setState({ reading: places ? 'measured' : 'not-measured', places: places ?? [], full });
    await draw();
  } catch (error) {
    if (signal.aborted || isAbort(error)) return;
    useDoubt.setState({ reading: 'failed' });
    tellError(error);
  }
}

/** Lays the map over the slices, or takes it away. */
async function draw(): Promise<void> {
  const { isShown, reading: state, segmentationId } = useDoubt.getState();
  if (!isShown || state !== 'measured' || segmentationId === null) {
    if (useDoubt.getState().overlay !== null) useDoubt.setState({ overlay: null });
    return;
  }
  const { signal } = reading;
  try {
    map ??= blobs.getBytes(blobRoutes.doubt(segmentationId), { signal });
    const values = await map;
    const { isShown: stillShown, opacity } = useDoubt.getState();
    const subject = doubtfulOf(useEditor.getState());
    if (signal.aborted || !stillShown || subject?.id !== segmentationId) return;
    const alphas = rampTable(doubtRamp(classes, opacity));
    useDoubt.setState({ overlay: { segmentationId, map: { values, color: DOUBT_COLOR, alphas } } });
  } catch (error) {
    if (signal.aborted || isAbort(error)) return;
    map = null;
    useDoubt.setState({ isShown: false });
    tellError(error);
  }
}
