/**
 * Why a network proposed a segment: what an explanation would take, the one that runs, and the last one's map over the slices. Kept while
 * the case is open and no longer: it tells of the network, and can be asked again. Next: ExplanationSection.tsx.
 */
import { create } from 'zustand';
import { blobRoutes } from '#contract/blobRoutes.ts';
import {
  type AttentionResult,
  attentionResult,
  type ExplanationEstimate,
  type SaliencyResult,
  saliencyResult,
} from '#contract/schemas/explanation.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import { indexPoint } from '#core/geometry/points.ts';
import { indexToWorld } from '#core/geometry/volumeGeometry.ts';
import { ATTENTION_STEPS } from '#core/inference/explain/runAttention.ts';
import { saliencyVoxels, strongestVoxel } from '#core/inference/explain/saliencyMap.ts';
import {
  AGAINST_COLOR,
  FOR_COLOR,
  rampTable,
  type ScalarOverlay,
  signedBytes,
  signedTable,
} from '#core/rendering/scalarOverlay.ts';
import { blobs, rpc } from '../app/client.ts';
import { errorOf } from '../app/errorOf.ts';
import { jobFinished, type ShownJob, useJobs } from '../app/jobsStore.ts';
import { goToPlace } from '../viewer/goToPlace.ts';
import type { MapOverlay } from '../viewer/overlay.ts';
import { useViewer } from '../viewer/viewerStore.ts';
import { doubtfulOf, showDoubt, useDoubt } from './doubtStore.ts';
import { type EditorState, tellError, useEditor } from './segmentationStore.ts';

/** An explanation that is there. */
export type Explained =
  | { readonly kind: 'saliency'; readonly result: SaliencyResult; readonly full: number }
  | { readonly kind: 'attention'; readonly result: AttentionResult };

/** Told where the estimate would stand: nobody asked for more than to see this section. */
export interface CannotExplain {
  readonly why: string;
}

interface ExplanationState {
  /** The segmentation it tells of; null: none that a network made. */
  readonly segmentationId: string | null;
  /** The segment that is asked about. */
  readonly chosen: number | null;
  readonly estimate: ExplanationEstimate | 'asking' | CannotExplain | null;
  /** The job that runs; "": on its way to the host. */
  readonly jobId: string | null;
  readonly explained: Explained | null;
  /** Drawn, as long as the section is open: no map without its legend and its switch. */
  readonly isShown: boolean;
  readonly isOpen: boolean;
  readonly overlay: MapOverlay | null;
}

const nothing = {
  ...{
    segmentationId: null,
    chosen: null,
    estimate: null,
    jobId: null,
    explained: null,
    isShown: false,
    overlay: null,
  },
} as const satisfies Partial<ExplanationState>;

export const useExplanation = create<ExplanationState>()(() => ({ ...nothing, isOpen: false }));

const OPACITY = 0.75;
let map: ScalarOverlay | null = null;
/** Grows when what was asked for is not wanted any more. */
let forgotten = 0;

/** Follows the editor, and gives way to the map of doubt. @returns the way to stop */
export function watchExplanation(): () => void {
  const stops = [
    useEditor.subscribe(follow),
    useDoubt.subscribe(({ isShown }, before) => {
      if (isShown && !before.isShown) showExplanation(false);
    }),
  ];
  follow(useEditor.getState());
  return () => {
    for (const stop of stops) stop();
    forget(null);
  };
}

/** @returns the segments that can be asked about: those that the network gave, with a mask and not as single things */
export function explainable(
  state: Pick<EditorState, 'proposal' | 'current'>,
): readonly { number: number; name: string }[] {
  const subject = doubtfulOf(state);
  if (!subject || subject.provenance?.instances) return [];
  return subject.content.segments.filter(({ origin }) => origin === 'model');
}

/** What it would take; asked when the section is opened and when another segment is chosen. */
export async function chooseToExplain(chosen: number): Promise<void> {
  const { segmentationId } = useExplanation.getState();
  if (segmentationId === null) return;
  useExplanation.setState({ chosen, estimate: 'asking' });
  const isStillAsked = (): boolean => {
    const now = useExplanation.getState();
    return now.segmentationId === segmentationId && now.chosen === chosen;
  };
  try {
    const estimate = await rpc.explanations.estimate({ segmentationId, segment: chosen });
    if (isStillAsked()) useExplanation.setState({ estimate });
  } catch (error) {
    if (!isStillAsked()) return;
    useExplanation.setState({ estimate: { why: errorOf(error).message } });
  }
}

export async function explainByHiding(): Promise<void> {
  const { segmentationId, chosen } = useExplanation.getState();
  if (segmentationId === null || chosen === null) return;
  await finished(rpc.explanations.saliency({ segmentationId, segment: chosen }), async (job) => {
    const result = saliencyResult.parse(job.result);
    const voxels = saliencyVoxels(result.map);
    // Full colour at the strongest effect that was found: how strong that is, the legend says.
    const full = result.map.lost.reduce((most, lost) => Math.max(most, Math.abs(lost)), 0.01);
    const values = signedBytes(voxels, full);
    return {
      explained: { kind: 'saliency', result, full },
      map: { values, color: FOR_COLOR, below: AGAINST_COLOR, alphas: signedTable(OPACITY) },
    };
  });
}

export async function showAttention(name: string): Promise<void> {
  const { segmentationId } = useExplanation.getState();
  if (segmentationId === null) return;
  await finished(rpc.explanations.attention({ segmentationId, map: name }), async (job) => {
    const result = attentionResult.parse(job.result);
    const bytes = await blobs.getBytes(blobRoutes.attention(job.id));
    const values = Uint8Array.from(new Uint16Array(bytes.buffer), (n) => (255 * n) / ATTENTION_STEPS);
    return {
      explained: { kind: 'attention', result },
      map: { values, color: FOR_COLOR, alphas: rampTable({ from: 0, to: 1, opacity: OPACITY }) },
    };
  });
}

/** To the place whose hiding changes most. */
export function goToStrongest(): void {
  const { explained } = useExplanation.getState();
  const geometry = useViewer.getState().volume?.geometry;
  if (explained?.kind !== 'saliency' || !geometry) return;
  goToPlace(indexToWorld(geometry, indexPoint(...strongestVoxel(explained.result.map))));
}

export async function cancelExplanation(): Promise<void> {
  const { jobId } = useExplanation.getState();
  if (jobId) await useJobs.getState().cancel(jobId).catch(tellError);
}

export function showExplanation(isShown: boolean): void {
  useExplanation.setState({ isShown });
  draw();
}

/** The map goes from the slices with the section that says what it means, and comes back with it. */
export function openExplanation(isOpen: boolean): void {
  useExplanation.setState({ isOpen });
  draw();
}

function draw(): void {
  const { segmentationId, isShown, isOpen, overlay } = useExplanation.getState();
  if (!isShown || !isOpen || segmentationId === null || map === null) {
    if (overlay !== null) useExplanation.setState({ overlay: null });
    return;
  }
  // One map at a time.
  if (useDoubt.getState().isShown) showDoubt(false);
  useExplanation.setState({ overlay: { segmentationId, map } });
}

async function finished(
  started: Promise<{ jobId: string }>,
  read: (job: ShownJob) => Promise<{ explained: Explained; map: ScalarOverlay }>,
): Promise<void> {
  const asked = forgotten;
  useExplanation.setState({ jobId: '' });
  try {
    const { jobId } = await started;
    if (forgotten !== asked) return void (await rpc.jobs.cancel({ id: jobId }));
    useExplanation.setState({ jobId });
    const job = await jobFinished(jobId);
    if (forgotten !== asked) return;
    if (job.state === 'failed' && job.error) {
      // The code came through the contract, where it is a plain string.
      tellError(new LanternError(job.error.code as LanternError['code'], job.error.message, job.error.hint));
    }
    if (job.state !== 'done') return;
    const { explained, map: answer } = await read(job);
    if (forgotten !== asked) return;
    map = answer;
    useExplanation.setState({ explained });
    showExplanation(true);
  } catch (error) {
    if (forgotten === asked) tellError(error);
  } finally {
    if (forgotten === asked) useExplanation.setState({ jobId: null });
  }
}

function follow(state: EditorState): void {
  const subject = doubtfulOf(state)?.id ?? null;
  // Also for the moment in which a proposal is being accepted: the section closes then, and a map would stay without its legend.
  if (subject !== useExplanation.getState().segmentationId) forget(subject);
}

function forget(segmentationId: string | null): void {
  void cancelExplanation();
  map = null;
  forgotten++;
  useExplanation.setState({ ...nothing, segmentationId });
}
