import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Vector3 } from '../geometry/points.ts';
import { decideLabels, decisionRule, labelType } from './decideLabels.ts';
import type { ModelClass, ModelOutput } from './modelManifest.ts';
import { layRegions, MOST_REGIONS, singleLabels } from './sharedVoxels.ts';

const output: ModelOutput = { kind: 'semantic', activation: 'sigmoid', threshold: 0.5, overlapping: true };
const size: Vector3 = [5, 4, 3];
const voxels = 60;

/** Scores of each class at each voxel, classes with values that are not their places. */
const cases = fc.integer({ min: 1, max: MOST_REGIONS }).chain((count) =>
  fc.tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: count, maxLength: count }),
    fc.array(fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: voxels, maxLength: voxels }), {
      minLength: count,
      maxLength: count,
    }),
  ),
);

function marked(values: readonly number[], scores: readonly number[][]) {
  const classes = values.map((value): ModelClass => ({ value, name: `Region ${value}` }));
  const planes = scores.map((plane) => Float32Array.from({ length: voxels }, (_, n) => plane[n] ?? -1));
  const marks = labelType(output, classes) === 'uint16' ? new Uint16Array(voxels) : new Uint8Array(voxels);
  decideLabels(planes, decisionRule(output, classes), new Float32Array(voxels), marks);
  return { classes, planes, mask: { size, voxels: marks } };
}

it('keeps every voxel of every class, whichever share it', () => {
  fc.assert(
    fc.property(cases, ([values, scores]) => {
      const { classes, planes, mask } = marked(values, scores);
      const { layers, layerOf, isFound } = layRegions(mask, classes);
      let wrong = 0;
      for (const [n, { value }] of classes.entries()) {
        const layer = layers[layerOf[n] ?? -1]?.voxels ?? [];
        for (let v = 0; v < voxels; v++) if ((layer[v] === value) !== (planes[n]?.[v] ?? 0) > 0) wrong++;
        if (isFound[n] !== planes[n]?.some((score) => score > 0)) wrong++;
      }
      return wrong === 0;
    }),
    { numRuns: 100 },
  );
});

it('shows the last of a voxel’s classes where only one can be shown', () => {
  const { classes, mask } = marked(
    [7, 300],
    [
      [1, 1, -1],
      [-1, 1, -1],
    ],
  );
  expect([...singleLabels({ output, classes }, mask).voxels.slice(0, 3)]).toEqual([7, 300, 0]);
});

it('needs one layer where no voxel is shared', () => {
  const { classes, mask } = marked(
    [1, 2],
    [
      [1, -1],
      [-1, 1],
    ],
  );
  const { layers } = layRegions(mask, classes);
  expect(layers).toHaveLength(1);
  expect([...(layers[0]?.voxels.slice(0, 3) ?? [])]).toEqual([1, 2, 0]);
});
