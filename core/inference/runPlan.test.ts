import { expect, it } from 'vitest';
import { preprocess } from './preprocess.ts';
import { runPlan } from './runPlan.ts';
import { testManifest } from './testManifest.ts';
import { sagittalSeries } from './testSeries.ts';

const { geometry } = sagittalSeries;

it.each([
  {},
  { input: { orientation: 'RAS', spacingMm: [2, 2, 3] as const } },
  { input: { orientation: 'LIA', multipleOf: 16 } },
  { input: { orientation: 'SAR', spacingMm: [1, 1, 1] as const, grid: [48, 32, 64] as const } },
  { window: { size: [16, 16, 16] as const, overlap: 0.5 } },
])('says the grid that preprocessing arrives at: %j', (changes) => {
  const manifest = testManifest(changes);
  expect(runPlan(manifest, geometry).grid).toEqual(preprocess(sagittalSeries, manifest).geometry.size);
});

it('counts the windows and the voxels that go through the network', () => {
  const manifest = testManifest({ input: { orientation: 'PIL' }, window: { size: [20, 15, 12], overlap: 0.5 } });
  const { tiling, networkVoxels } = runPlan(manifest, geometry);
  expect(tiling.starts).toHaveLength(12);
  expect(networkVoxels).toBe(12 * 20 * 15 * 12);
});
