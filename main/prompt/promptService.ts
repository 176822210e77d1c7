/**
 * Prompts on a volume: finds the slice, cuts it, asks the process, follows a structure through its slices. The host's thread only cuts
 * slices and collects masks. Next: core/prompt/promptPlace.ts (where), PromptProcess.ts (who answers).
 */
import { cutPromptSlice } from '#core/prompt/cutPromptSlice.ts';
import { type PromptPlace, promptPlace, type WorldPrompt } from '#core/prompt/promptPlace.ts';
import type { SliceAnswer } from '#core/prompt/segmentSlice.ts';
import type { AnswerOrigin } from '#core/segmentation/answerOrigin.ts';
import type { Volume } from '#core/volume/volume.ts';
import type { JobContext } from '../jobs/jobs.ts';
import { memoryCeilingBytes } from '../processes/memoryCeilingBytes.ts';
import { nodeRuntime } from '../processes/nodeRuntime.ts';
import { PromptProcess } from './PromptProcess.ts';
import { PROMPT_MODEL, PROMPT_MODEL_SHA256, promptModelFolder } from './promptModel.ts';

/** A volume that is kept under an id which is never given to another one. */
export type IdentifiedVolume = Volume & { readonly volumeId: string };

export interface SliceMask {
  readonly index: number;
  readonly answer: SliceAnswer;
}

export interface FoundSlice {
  readonly place: PromptPlace;
  readonly answer: SliceAnswer;
  readonly embeddingMs: number;
  readonly promptMs: number;
}

export interface FoundStructure extends FoundSlice {
  /** Also the first one; by slice. */
  readonly slices: readonly SliceMask[];
}

/** A person thinks between two clicks, and the networks take a second to load. */
const IDLE_MS = 5 * 60_000;

export class PromptService {
  readonly #nodePath: string;
  #process: PromptProcess | null = null;

  constructor({ nodePath = nodeRuntime() }: { nodePath?: string } = {}) {
    this.#nodePath = nodePath;
  }

  /** @param rehearse whether no prompt follows at once @throws model/weights-missing */
  warmUp({ rehearse }: { readonly rehearse: boolean }): void {
    this.#running().warmUp(rehearse);
  }

  get processId(): number | null {
    return this.#process?.pid ?? null;
  }

  /**
   * The mask in the slice of the prompt.
   * @throws prompt/…, model/weights-missing, model/hash-mismatch, model/process-crashed, model/out-of-memory, the signal's reason
   */
  async point(volume: IdentifiedVolume, prompt: WorldPrompt, signal: AbortSignal): Promise<FoundSlice> {
    return this.#pointAt(volume, promptPlace(volume.geometry, prompt, 'one'), signal);
  }

  /** The same, followed through the neighbouring slices in both directions until the structure ends. */
  async follow(volume: IdentifiedVolume, prompt: WorldPrompt, context: JobContext): Promise<FoundStructure> {
    const place = promptPlace(volume.geometry, prompt, 'all');
    const { signal } = context;
    context.progress(0, 0, 'slices', 'Looking at the slice of the prompt');
    const first = await this.#pointAt(volume, place, signal);
    const slices: SliceMask[] = [{ index: place.index, answer: first.answer }];
    for (const step of [1, -1]) {
      let from = first.answer;
      for (let index = place.index + step; index >= 0 && index < place.layout.count; index += step) {
        context.progress(
          slices.length,
          0,
          'slices',
          `Following the structure ${step === 1 ? 'one way' : 'the other way'}, slice ${index + 1} of ${place.layout.count}; ${slices.length} found`,
        );
        const answer = await this.#followTo(volume, place, index, from, signal);
        if (!answer) break;
        slices.push({ index, answer });
        from = answer;
      }
    }
    return { ...first, slices: slices.sort((a, b) => a.index - b.index) };
  }

  async close(): Promise<void> {
    await this.#process?.close();
  }

  async #pointAt(volume: IdentifiedVolume, place: PromptPlace, signal: AbortSignal): Promise<FoundSlice> {
    const { layout, index, prompt } = place;
    const slice = cutPromptSlice(volume, layout.plane, index);
    const sliceKey = keyOf(volume, place, index);
    const { answer, embeddingMs, promptMs } = await this.#running().order(
      { kind: 'point', sliceKey, slice, prompt },
      signal,
    );
    if (!answer) throw new Error('a click without an answer');
    return { place, answer, embeddingMs, promptMs };
  }

  async #followTo(
    volume: IdentifiedVolume,
    place: PromptPlace,
    index: number,
    from: SliceAnswer,
    signal: AbortSignal,
  ): Promise<SliceAnswer | null> {
    const { layout, elsewhere } = place;
    const done = await this.#running().order(
      {
        kind: 'follow',
        sliceKey: keyOf(volume, place, index),
        slice: cutPromptSlice(volume, layout.plane, index),
        from,
        sliceDistanceMm: layout.sliceSpacingMm,
        points: elsewhere.get(index) ?? [],
      },
      signal,
    );
    return done.answer;
  }

  #running(): PromptProcess {
    this.#process ??= new PromptProcess({
      nodePath: this.#nodePath,
      modelFolder: promptModelFolder(),
      idleMs: IDLE_MS,
      ceilingBytes: memoryCeilingBytes(),
    });
    return this.#process;
  }
}

function keyOf({ volumeId }: IdentifiedVolume, { layout }: PromptPlace, index: number): string {
  return `${volumeId} ${layout.plane} ${index}`;
}

/** What a proposal, or a mask that is kept, says of where it comes from. */
export function promptOrigin(
  { place, answer }: FoundSlice,
  prompt: WorldPrompt,
  slices: readonly number[],
  seconds: number,
) {
  const { plane } = place.layout;
  return {
    modelId: PROMPT_MODEL.id,
    modelName: PROMPT_MODEL.name,
    modelVersion: PROMPT_MODEL.version,
    sha256: PROMPT_MODEL_SHA256,
    provider: 'cpu',
    seconds,
    trace: [
      { step: 'prompt', points: prompt.points, boxLps: prompt.boxLps },
      { step: 'slices', plane, first: Math.min(...slices), last: Math.max(...slices), prompted: place.index },
      { step: 'window', ...answer.window },
    ],
  } satisfies AnswerOrigin;
}
