/**
 * Measures prompts on the labelled volumes of ../shared/data: `node models/evaluation/prompt/evaluate.ts [DATA] [SLICES]`, DATA the folder
 * ../shared/data, SLICES of each structure (default 3, in the small volumes 2). Prints the table of models/prompt/card.md. Through the
 * program's own process, as the window does: the first prompt in a slice looks at it, the second one need not.
 */
import { join } from 'node:path';
import type { SlicePrompt } from '../../../core/prompt/promptSlice.ts';
import { overlap } from '../../../core/prompt/sliceMask.ts';
import { nodeRuntime } from '../../../main/processes/nodeRuntime.ts';
import { PromptProcess } from '../../../main/prompt/PromptProcess.ts';
import { promptModelFolder } from '../../../main/prompt/promptModel.ts';
import { labelledVolumes } from './labelledVolumes.ts';
import { type StructureSlice, structureSlices } from './structureSlices.ts';

interface Row {
  readonly box: number[];
  readonly click: number[];
}

const data = process.argv[2] ?? join(import.meta.dirname, '../../../../shared/data');
const most = Number(process.argv[3] ?? 3);
const sam = new PromptProcess({
  nodePath: nodeRuntime(),
  modelFolder: promptModelFolder(),
  idleMs: 60_000,
  ceilingBytes: 0,
});
const signal = new AbortController().signal;
const rows = new Map<string, Row>();
const embedding: number[] = [];
const answering: number[] = [];

/** @returns Dice in the slice; 0 where nothing was found */
async function score(c: StructureSlice, prompt: SlicePrompt): Promise<number> {
  const { width, height, pixelSpacingMm, values } = c.slice;
  const slice = { width, height, pixelSpacingMm, values: Float32Array.from(values) };
  const sliceKey = `${c.volume} ${c.index}`;
  try {
    const done = await sam.order({ kind: 'point', sliceKey, slice, prompt }, signal);
    if (done.embeddingMs > 0) embedding.push(done.embeddingMs);
    answering.push(done.promptMs);
    return done.answer ? overlap(done.answer.pixels, c.truth) : 0;
  } catch (error) {
    console.error(`${c.structure} in ${c.volume}, slice ${c.index}: ${String(error)}`);
    return 0;
  }
}

for (const volume of await labelledVolumes(data)) {
  for (const c of structureSlices(volume, volume.name.startsWith('multi') ? Math.min(2, most) : most)) {
    const name = `${c.volume}: ${c.structure}`;
    const row = rows.get(name) ?? { box: [], click: [] };
    rows.set(name, row);
    const [x0, y0, x1, y1] = c.box;
    row.click.push(await score(c, { points: [{ x: c.click[0], y: c.click[1], inside: true }], box: null }));
    row.box.push(await score(c, { points: [], box: { x0, y0, x1, y1 } }));
    console.error(`${name} ${c.index}: click ${row.click.at(-1)?.toFixed(2)}, box ${row.box.at(-1)?.toFixed(2)}`);
  }
}
await sam.close();

/** Of an even number of values the mean of the middle two: the larger of two slices would flatter. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[(sorted.length >> 1) - 1] ?? Number.NaN)) / 2;
}
const shown = (values: readonly number[]): string => `${median(values).toFixed(2)} | ${Math.min(...values).toFixed(2)}`;
console.log('| structure | slices | box, median | worst | click, median | worst |');
console.log('| --- | --- | --- | --- | --- | --- |');
for (const [name, { box, click }] of rows) console.log(`| ${name} | ${box.length} | ${shown(box)} | ${shown(click)} |`);
const all = [...rows.values()];
console.log(
  `| all | ${all.flatMap((r) => r.box).length} | ${shown(all.flatMap((r) => r.box))} | ${shown(all.flatMap((r) => r.click))} |`,
);
console.log(
  `\nLooking at a slice ${median(embedding).toFixed(0)} ms, answering ${median(answering).toFixed(0)} ms (medians, at most ${Math.max(...answering).toFixed(0)} ms).`,
);
process.exit(0);
