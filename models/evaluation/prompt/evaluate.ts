/**
 * Measures prompts on the labelled volumes of ../shared/data: `node models/evaluation/prompt/evaluate.ts [DATA] [SLICES]`, DATA the folder
 * ../shared/data, SLICES of each structure (default 3, in the small volumes 2). Prints the table of models/prompt/card.md.
 */
import { join } from 'node:path';
import { labelledVolumes } from './labelledVolumes.ts';
import { median, PromptScorer } from './PromptScorer.ts';
import { structureSlices } from './structureSlices.ts';

interface Row {
  readonly box: number[];
  readonly click: number[];
}

const data = process.argv[2] ?? join(import.meta.dirname, '../../../../shared/data');
const most = Number(process.argv[3] ?? 3);
const scorer = new PromptScorer();
const rows = new Map<string, Row>();

for (const volume of await labelledVolumes(data)) {
  for (const c of structureSlices(volume, volume.name.startsWith('multi') ? Math.min(2, most) : most)) {
    const name = `${c.volume}: ${c.structure}`;
    const row = rows.get(name) ?? { box: [], click: [] };
    rows.set(name, row);
    row.click.push(await scorer.click(c));
    row.box.push(await scorer.box(c));
    console.error(`${name} ${c.index}: click ${row.click.at(-1)?.toFixed(2)}, box ${row.box.at(-1)?.toFixed(2)}`);
  }
}
await scorer.close();

const shown = (values: readonly number[]): string => `${median(values).toFixed(2)} | ${Math.min(...values).toFixed(2)}`;
console.log('| structure | slices | box, median | worst | click, median | worst |');
console.log('| --- | --- | --- | --- | --- | --- |');
for (const [name, { box, click }] of rows) console.log(`| ${name} | ${box.length} | ${shown(box)} | ${shown(click)} |`);
const all = { box: [...rows.values()].flatMap((r) => r.box), click: [...rows.values()].flatMap((r) => r.click) };
console.log(`| all | ${all.box.length} | ${shown(all.box)} | ${shown(all.click)} |\n`);
for (const [kind, values] of Object.entries(all)) {
  const count = (test: (dice: number) => boolean): number => values.filter(test).length;
  console.log(
    `${kind}: at least 0.9 in ${count((d) => d >= 0.9)}, at least 0.8 in ${count((d) => d >= 0.8)}, below 0.5 in ${count((d) => d < 0.5)} of ${values.length} slices`,
  );
}
console.log(scorer.times());
process.exit(0);
