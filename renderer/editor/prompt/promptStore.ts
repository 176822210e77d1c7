/**
 * What a person has pointed at, in slices of one plane, and the masks that the host answers. Every change asks anew for its slice;
 * of several answers the newest counts. Points are LPS mm. Next: promptResults.ts (kept, or followed through the slices).
 */
import { create } from 'zustand';
import type { Prompt, PromptPreview } from '#contract/schemas/prompt.ts';
import type { LanternErrorData } from '#core/errors/lanternError.ts';
import type { Plane } from '#core/geometry/anatomicalAxes.ts';
import { distance, type WorldPoint } from '#core/geometry/points.ts';
import { rpc } from '../../app/client.ts';
import { errorOf } from '../../app/errorOf.ts';
import { useEditor } from '../segmentationStore.ts';
import { contractPrompt, isAskable, sliceIndexOf } from './contractPrompt.ts';

export interface PromptPoint {
  readonly pointLps: WorldPoint;
  readonly inside: boolean;
  /** Voxel index along the plane's through axis. */
  readonly index: number;
}

export interface PromptBox {
  readonly cornersLps: readonly [WorldPoint, WorldPoint];
  readonly index: number;
}

export interface PromptState {
  /** The plane that was pointed in; null: nothing was. */
  readonly plane: Plane | null;
  readonly points: readonly PromptPoint[];
  readonly box: PromptBox | null;
  /** A box that is being drawn. */
  readonly drag: (PromptBox & { readonly plane: Plane }) | null;
  /** By slice. */
  readonly previews: ReadonlyMap<number, PromptPreview>;
  readonly isAsking: boolean;
  readonly error: LanternErrorData | null;
  /** The way through the slices, while it runs. */
  readonly jobId: string | null;
}

const empty: PromptState = {
  ...{ plane: null, points: [], box: null, drag: null, previews: new Map() },
  ...{ isAsking: false, error: null, jobId: null },
};

export const usePrompt = create<PromptState>()(() => empty);

/** How long an answer that another slice pushed aside waits before it is asked for again. */
const AGAIN_AFTER_MS = 150;
/** By slice: the number of the newest question. */
const questions = new Map<number, number>();
let asked = 0;

/** The tool is in hand: the host reads the volume and loads the network meanwhile. What is wrong will be told by the first answer. */
export function preparePrompt(): void {
  const { seriesId } = useEditor.getState();
  if (seriesId !== null) void rpc.prompts.prepare({ seriesId }).catch(() => undefined);
}

export function isPointing(): boolean {
  const { points, box } = usePrompt.getState();
  return points.length > 0 || box !== null;
}

export function addPoint(plane: Plane, pointLps: WorldPoint, inside: boolean): void {
  const index = sliceIndexOf(plane, pointLps);
  turnTo(plane);
  usePrompt.setState(({ points }) => ({ points: [...points, { pointLps, inside, index }] }));
  ask(index);
}

/** @returns whether there was one within `radiusMm` in the slice */
export function removePointNear(plane: Plane, pointLps: WorldPoint, radiusMm: number): boolean {
  const { points, plane: pointed } = usePrompt.getState();
  const index = sliceIndexOf(plane, pointLps);
  const at = points.findLastIndex((p) => p.index === index && distance(p.pointLps, pointLps) <= radiusMm);
  if (pointed !== plane || at < 0) return false;
  usePrompt.setState({ points: points.filter((_, n) => n !== at) });
  ask(index);
  return true;
}

/** Takes back the last point, and when there is none, the box. */
export function removeLast(): void {
  const { points, box } = usePrompt.getState();
  const last = points.at(-1) ?? box;
  if (last === null) return;
  usePrompt.setState(points.length > 0 ? { points: points.slice(0, -1) } : { box: null });
  ask(last.index);
}

/** Shows a box that is being drawn; without corners it goes. */
export function dragBox(plane: Plane | null, from?: WorldPoint, to?: WorldPoint): void {
  const drag =
    plane && from && to ? { plane, cornersLps: [from, to] as const, index: sliceIndexOf(plane, from) } : null;
  usePrompt.setState({ drag });
}

/** The box that was drawn is the prompt's; the one before goes, and its slice's mask with it. */
export function endBox(): void {
  const { drag, box: before } = usePrompt.getState();
  if (drag === null) return;
  const { plane, cornersLps, index } = drag;
  turnTo(plane);
  usePrompt.setState({ drag: null, box: { cornersLps, index } });
  if (before !== null && before.index !== index) ask(before.index);
  ask(index);
}

export function clearPrompt(): void {
  questions.clear();
  usePrompt.setState(({ jobId }) => ({ ...empty, jobId }));
}

/** Another plane is another prompt. */
function turnTo(plane: Plane): void {
  if (usePrompt.getState().plane !== plane) clearPrompt();
  usePrompt.setState({ plane });
}

function ask(index: number): void {
  const question = ++asked;
  questions.set(index, question);
  void answer(index, question);
}

async function answer(index: number, question: number): Promise<void> {
  const { seriesId } = useEditor.getState();
  const prompt = contractPrompt(usePrompt.getState(), index);
  if (seriesId === null || !isAskable(prompt)) return settle(index, question, null, null);
  usePrompt.setState({ isAsking: true, error: null });
  try {
    settle(index, question, await previewOf(seriesId, prompt), null);
  } catch (error) {
    const failure = errorOf(error);
    if (failure.code !== 'job/cancelled') return settle(index, question, null, failure.toJSON());
    // Pushed aside by a newer question: by one for this slice, and then that one answers; or by another slice's.
    await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
    if (questions.get(index) === question) await answer(index, question);
  }
}

function previewOf(seriesId: string, prompt: Prompt): Promise<PromptPreview> {
  return rpc.prompts.preview({ seriesId, prompt });
}

function settle(index: number, question: number, preview: PromptPreview | null, error: LanternErrorData | null): void {
  if (questions.get(index) !== question) return;
  questions.delete(index);
  const previews = new Map(usePrompt.getState().previews);
  if (preview) previews.set(index, preview);
  else previews.delete(index);
  usePrompt.setState({ previews, error, isAsking: questions.size > 0 });
}
