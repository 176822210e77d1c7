/**
 * `npm run bench`: every benchmark, as ratios in one run. `--only NAME` runs one, `--json` prints an array of results,
 * `--write` rewrites docs/performance.md with this machine's figures.
 */
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { brushStroke } from './brushStroke.bench.ts';
import { importCt } from './importCt.bench.ts';
import { inference } from './inference.bench.ts';
import { inferenceSpeed } from './inferenceSpeed.bench.ts';
import type { Bench, BenchResult } from './measurement.ts';
import { openStudy } from './openStudy.bench.ts';
import { vaultObjects } from './vaultObjects.bench.ts';

const benches: readonly Bench[] = [importCt, openStudy, brushStroke, vaultObjects, inference, inferenceSpeed];

const onlyAt = process.argv.indexOf('--only');
const only = onlyAt < 0 ? null : process.argv[onlyAt + 1];
const chosen = benches.filter((bench) => only === null || bench.name === only);
if (chosen.length === 0) {
  console.error(`There is no benchmark ${only}; there are ${benches.map((bench) => bench.name).join(', ')}.`);
  process.exit(2);
}

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
if (process.argv.includes('--write'))
  writeFileSync(fileURLToPath(new URL('../docs/performance.md', import.meta.url)), report());
process.exit(broken > 0 ? 1 : 0);

function line(result: BenchResult): string {
  const ratio = result.ratio === null ? '' : `, ${result.ratio.toFixed(2)} × ${result.peer}`;
  return `${result.name}: ${result.value.toFixed(result.value < 10 ? 2 : 0)} ${result.unit}${ratio} (goal ${result.goal})`;
}

function report(): string {
  const cpu = cpus();
  const rows = results.map(
    (r) =>
      `| ${r.name} | ${r.value.toFixed(r.value < 10 ? 2 : 0)} ${r.unit} | ${r.peer} | ${r.ratio?.toFixed(2) ?? '–'} | ${r.goal} | ${r.met ? 'yes' : '**no**'} |`,
  );
  return `# Performance

Written by \`npm run bench -- --write\` on ${new Date().toISOString().slice(0, 10)}: ${cpu.length} cores of ${cpu[0]?.model.trim() ?? 'an unknown processor'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}, ${process.platform}.
Each row was measured against its peer in the same run; what differs between machines is the first figure, what should not is the ratio.

| what | measured | peer | ratio | goal | met |
|---|---|---|---|---|---|
${rows.join('\n')}

What each row measures stands at the head of its file in \`bench/\`.

## The floor of a network

The rows *beside the floor* divide the operations of the network's convolutions, as its file states them, by the peak that a large matrix
product reaches here in the same run. Three things decide how near a run comes to it:

- Multiplications: a 3D network runs in kernels of our own (\`main/inference/winograd\`), in which a 3 × 3 × 3 convolution of stride 1 needs an
  eighth of them (Winograd's F(4, 3) in three directions). So a run may come *below* the floor, which counts them as the file states them.
- What they are traded for: sums that bring tiles to their points and back, about half of the time of a layer of 16 to 32 channels. They
  weigh less the more channels there are.
- Width of vectors: WebAssembly has vectors of four floats, the processor's own matrix product those of eight.
`;
}
