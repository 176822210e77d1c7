import { expect, it } from 'vitest';
import { worldPoint } from '../geometry/points.ts';
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';
import { preprocess } from './preprocess.ts';
import { runPlan } from './runPlan.ts';
import { testManifest } from './testManifest.ts';

/** A sagittal series: i to posterior, j to inferior, k to the left. */
const geometry: VolumeGeometry = {
  size: [40, 30, 12],
  spacingMm: [1, 1.5, 4],
  originLps: worldPoint(0, 0, 0),
  direction: [
    [0, 1, 0],
    [0, 0, -1],
    [1, 0, 0],
  ],
};
const volume = { geometry, scalars: Float32Array.from({ length: 40 * 30 * 12 }, (_, n) => n) };

it.each([
  {},
  { input: { orientation: 'RAS', spacingMm: [2, 2, 3] as const } },
  { input: { orientation: 'LIA', multipleOf: 16 } },
  { input: { orientation: 'SAR', spacingMm: [1, 1, 1] as const, grid: [48, 32, 64] as const } },
  { window: { size: [16, 16, 16] as const, overlap: 0.5 } },
])('says the grid that preprocessing arrives at: %j', (changes) => {
  const manifest = testManifest(changes);
  expect(runPlan(manifest, geometry).grid).toEqual(preprocess(volume, manifest).geometry.size);
});

it('counts the windows and the voxels that go through the network', () => {
  const manifest = testManifest({ input: { orientation: 'PIL' }, window: { size: [20, 15, 12], overlap: 0.5 } });
  const { tiling, networkVoxels } = runPlan(manifest, geometry);
  expect(tiling.starts).toHaveLength(12);
  expect(networkVoxels).toBe(12 * 20 * 15 * 12);
});
