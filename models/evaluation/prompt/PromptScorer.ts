/** Prompts answered by the program's own process, as the window does: the first one in a slice looks at it, the next need not. */
import type { SlicePrompt } from '../../../core/prompt/promptSlice.ts';
import { overlap } from '../../../core/prompt/sliceMask.ts';
import { nodeRuntime } from '../../../main/processes/nodeRuntime.ts';
import { PromptProcess } from '../../../main/prompt/PromptProcess.ts';
import { promptModelFolder } from '../../../main/prompt/promptModel.ts';
import type { StructureSlice } from './structureSlices.ts';

export class PromptScorer {
  readonly #sam = new PromptProcess({
    nodePath: nodeRuntime(),
    modelFolder: promptModelFolder(),
    // Reading the next volume takes a minute.
    idleMs: 300_000,
    ceilingBytes: 0,
  });
  readonly #signal = new AbortController().signal;
  readonly #embeddingMs: number[] = [];
  readonly #answerMs: number[] = [];

  constructor() {
    // As the window does when the tool is chosen.
    this.#sam.warmUp(true);
  }

  click(c: StructureSlice, [x, y]: readonly [x: number, y: number] = c.click): Promise<number> {
    return this.#score(c, { points: [{ x, y, inside: true }], box: null });
  }

  box(c: StructureSlice): Promise<number> {
    const [x0, y0, x1, y1] = c.box;
    return this.#score(c, { points: [], box: { x0, y0, x1, y1 } });
  }

  /** @returns Dice in the slice; 0 where nothing was found */
  async #score(c: StructureSlice, prompt: SlicePrompt): Promise<number> {
    const { width, height, pixelSpacingMm, values } = c.slice;
    const slice = { width, height, pixelSpacingMm, values: Float32Array.from(values) };
    const sliceKey = `${c.volume} ${c.index}`;
    try {
      const done = await this.#sam.order({ kind: 'point', sliceKey, slice, prompt }, this.#signal);
      if (done.embeddingMs > 0) this.#embeddingMs.push(done.embeddingMs);
      this.#answerMs.push(done.promptMs);
      return done.answer ? overlap(done.answer.pixels, c.truth) : 0;
    } catch (error) {
      console.error(`${c.structure} in ${c.volume}, slice ${c.index}: ${String(error)}`);
      return 0;
    }
  }

  times(): string {
    const [looking, answering] = [this.#embeddingMs, this.#answerMs];
    const most = Math.max(...answering).toFixed(0);
    const nineInTen = answering.toSorted((a, b) => a - b)[Math.floor(0.9 * answering.length)] ?? Number.NaN;
    return `Looking at a slice ${median(looking).toFixed(0)} ms, answering ${median(answering).toFixed(0)} ms (medians; nine in ten answers within ${nineInTen.toFixed(0)} ms, at most ${most} ms).`;
  }

  close(): Promise<void> {
    return this.#sam.close();
  }
}

/** Of an even number of values the mean of the middle two: the larger of two slices would flatter. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[(sorted.length >> 1) - 1] ?? Number.NaN)) / 2;
}
