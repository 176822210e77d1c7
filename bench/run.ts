/**
 * `npm run bench`: every benchmark, as ratios in one run. `--only NAME` (or `NAME,NAME`) runs some, `--json` prints an array of results,
 * `--write` rewrites docs/performance.md with this machine's figures: with `--only`, the rows of those alone.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { brushStroke } from './brushStroke.bench.ts';
import { importCt } from './importCt.bench.ts';
import { inference } from './inference.bench.ts';
import { inferenceSpeed } from './inferenceSpeed.bench.ts';
import type { Bench, BenchResult } from './measurement.ts';
import { openStudy } from './openStudy.bench.ts';
import { promptQuestion } from './promptQuestion.bench.ts';
import { vaultObjects } from './vaultObjects.bench.ts';

const benches: readonly Bench[] = [
  importCt,
  openStudy,
  brushStroke,
  vaultObjects,
  inference,
  inferenceSpeed,
  promptQuestion,
];

const onlyAt = process.argv.indexOf('--only');
const only = onlyAt < 0 ? null : (process.argv[onlyAt + 1] ?? '').split(',');
const unknown = only?.find((name) => benches.every((bench) => bench.name !== name));
if (unknown !== undefined) {
  console.error(`There is no benchmark ${unknown}; there are ${benches.map((bench) => bench.name).join(', ')}.`);
  process.exit(2);
}
const chosen = benches.filter((bench) => only?.includes(bench.name) ?? true);
const DOCUMENT = fileURLToPath(new URL('../docs/performance.md', import.meta.url));

const results: BenchResult[] = [];
let broken = 0;
for (const bench of chosen) {
  try {
    for (const result of await bench.run()) {
      results.push(result);
      console.error(`${result.met ? 'met   ' : 'MISSED'} ${line(result)}`);
    }
  } catch (error) {
    broken++;
    console.error(`FAILED ${bench.name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
if (process.argv.includes('--json')) console.log(JSON.stringify(results, null, 2));
if (process.argv.includes('--write')) writeFileSync(DOCUMENT, report());
process.exit(broken > 0 ? 1 : 0);

function line(result: BenchResult): string {
  const ratio = result.ratio === null ? '' : `, ${result.ratio.toFixed(2)} × ${result.peer}`;
  return `${result.name}: ${result.value.toFixed(result.value < 10 ? 2 : 0)} ${result.unit}${ratio} (goal ${result.goal})`;
}

function report(): string {
  const cpu = cpus();
  const day = new Date().toISOString().slice(0, 10);
  const known = only ? rowsBefore() : [];
  const rows = benches.flatMap((bench) =>
    chosen.includes(bench)
      ? results.filter((r) => isOf(bench, r.name)).map((r) => row(r, day))
      : known.filter((text) => isOf(bench, text.slice(2).split(' |')[0] ?? '')),
  );
  return `# Performance

Written by \`npm run bench -- --write\`, of which \`--only NAME\` writes one benchmark's rows: ${cpu.length} cores of ${cpu[0]?.model.trim() ?? 'an unknown processor'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}, ${process.platform}.
Each row was measured against its peer in the same run, on the day that it gives; what differs between machines is the first figure, what should not is the ratio.

| what | measured | peer | ratio | goal | met | day |
|---|---|---|---|---|---|---|
${rows.join('\n')}

What each row measures stands at the head of its file in \`bench/\`.

## The floor of a network

The rows *beside the floor* divide the operations of the network's convolutions, as its file states them, by the peak that a large matrix
product reaches here in the same run. Three things decide how near a run comes to it:

- Multiplications: a 3D network runs in kernels of our own (\`main/inference/winograd\`), in which a 3 × 3 × 3 convolution of stride 1 needs an
  eighth of them (Winograd's F(4, 3) in three directions). So a run may come *below* the floor, which counts them as the file states them.
- What they are traded for: sums that bring tiles to their points and back, about half of the time of a layer of 16 to 32 channels. They
  weigh less the more channels there are.
- Width of vectors: WebAssembly has vectors of four floats. V8 joins them to vectors of eight where the processor has AVX2; elsewhere the
  same kernels take up to 1.6 times as long (\`node --no-enable-avx2\`).
`;
}

/** A benchmark's rows bear its name, alone or before a colon. */
function isOf({ name }: Bench, row: string): boolean {
  return row === name || row.startsWith(`${name}:`);
}

function row(r: BenchResult, day: string): string {
  const value = `${r.value.toFixed(r.value < 10 ? 2 : 0)} ${r.unit}`;
  return `| ${r.name} | ${value} | ${r.peer} | ${r.ratio?.toFixed(2) ?? '–'} | ${r.goal} | ${r.met ? 'yes' : '**no**'} | ${day} |`;
}

function rowsBefore(): string[] {
  return readFileSync(DOCUMENT, 'utf8')
    .split('\n')
    .filter((text) => text.startsWith('| ') && /\d{4}-\d{2}-\d{2} \|$/.test(text));
}
