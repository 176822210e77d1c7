/**
 * Measures prompts on the livers of ../shared/data in many slices: `node models/evaluation/prompt/evaluateLivers.ts [DATA]`. Every fourth slice
 * of a volume with thin ones, every second of the others, where there is at least 10 cm² of liver; a box, a click on the deepest point, and
 * three clicks drawn by chance, at least 8 mm inside. Prints the second table of models/prompt/card.md.
 */
import { join } from 'node:path';
import { squaredDistanceMm2 } from '../../../core/segmentation/distanceTransform.ts';
import { labelledVolumes } from './labelledVolumes.ts';
import { median, PromptScorer } from './PromptScorer.ts';
import { type StructureSlice, structureSlices } from './structureSlices.ts';

const LEAST_MM2 = 1000;
const INSIDE_MM = 8;
const CHANCES = 3;

const data = process.argv[2] ?? join(import.meta.dirname, '../../../../shared/data');
const scorer = new PromptScorer();

const head = (goal: string): string => `${goal} | mean | median | worst |`;
console.log(
  `| volume | slices | ${head('box ≥ 0.9')} ${head('click ≥ 0.8, deepest')} ${head('click ≥ 0.8, by chance')}`,
);
console.log(`|${' --- |'.repeat(14)}`);
for (const volume of await labelledVolumes(data)) {
  const structures = volume.structures.filter(({ name }) => name === 'liver');
  const step = volume.name.startsWith('multi') ? 2 : 4;
  const slices = structureSlices({ ...volume, structures }, Number.MAX_SAFE_INTEGER).filter(
    (c, n) => n % step === 0 && areaMm2(c) >= LEAST_MM2,
  );
  if (slices.length === 0) continue;
  const [box, deepest, chance]: [number[], number[], number[]] = [[], [], []];
  for (const c of slices) {
    box.push(await scorer.box(c));
    deepest.push(await scorer.click(c));
    for (const at of placesByChance(c)) chance.push(await scorer.click(c, at));
  }
  console.log(
    `| ${volume.name} | ${slices.length} | ${shown(box, 0.9)} | ${shown(deepest, 0.8)} | ${shown(chance, 0.8)} |`,
  );
}
await scorer.close();
console.log(`\n${scorer.times()}`);
process.exit(0);

function areaMm2({ truth, slice: { pixelSpacingMm } }: StructureSlice): number {
  return truth.reduce((sum, inside) => sum + inside, 0) * pixelSpacingMm[0] * pixelSpacingMm[1];
}

/** The same ones in every run. */
function placesByChance({ truth, slice, index }: StructureSlice): [number, number][] {
  const { width, height, pixelSpacingMm } = slice;
  const mask = {
    box: { min: [0, 0, 0], max: [width - 1, height - 1, 0] },
    size: [width, height, 1],
    voxels: truth,
  } as const;
  const depth = squaredDistanceMm2(mask, [pixelSpacingMm[0], pixelSpacingMm[1], 1], 0);
  const inside = [...truth.keys()].filter((o) => truth[o] === 1 && (depth[o] ?? 0) >= INSIDE_MM ** 2);
  if (inside.length === 0) return [];
  return Array.from({ length: CHANCES }, (_, n) => {
    // Weyl's sequence: evenly spread, and no generator to seed.
    const o = inside[Math.floor((((index + 1) * (n + 1) * 0.618034) % 1) * inside.length)] ?? 0;
    return [o % width, Math.floor(o / width)];
  });
}

function shown(values: readonly number[], goal: number): string {
  const share = (100 * values.filter((dice) => dice >= goal).length) / values.length;
  const mean = values.reduce((sum, dice) => sum + dice, 0) / values.length;
  return `${share.toFixed(0)} % | ${mean.toFixed(2)} | ${median(values).toFixed(2)} | ${Math.min(...values).toFixed(2)}`;
}
