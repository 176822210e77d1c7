/** What a run will need, before anything is allocated for it. */
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';
import { voxelsIn } from './axes.ts';
import { seriesNames, tensorChannels } from './inputTensor.ts';
import type { ModelManifest } from './modelManifest.ts';
import { runPlan } from './runPlan.ts';
import { carriedVoxels } from './tiling.ts';

export interface RunSize {
  /** The engine's own arrays, bytes. */
  readonly ownBytes: number;
  /** What the manifest says that the network takes for one window, bytes; 0 where it does not. */
  readonly networkBytes: number;
  /** More windows than one: all networks of an ensemble are then needed again and again. */
  readonly isTiled: boolean;
}

export interface RunLooks {
  readonly ways: number;
  readonly hasDoubt: boolean;
}

const PLAIN: RunLooks = { ways: 1, hasDoubt: false };

/**
 * The engine's own: the series as received and where it was resampled, one window in and out, the scores that wait for later windows, a
 * few slices of interpolated scores, the mask on the series' grid.
 */
export function estimateRunSize(manifest: ModelManifest, geometry: VolumeGeometry, looks: RunLooks = PLAIN): RunSize {
  const { input, classes } = manifest;
  const { size: native } = geometry;
  const { grid, tiling, isResampled } = runPlan(manifest, geometry);
  const series = seriesNames(input).length;
  const isTiled = tiling.starts.length > 1;
  const window = voxelsIn(tiling.size);
  const carried = isTiled ? carriedVoxels(grid, tiling) : 0;
  const largestPlane = Math.max(native[0] * native[1], native[0] * native[2], native[1] * native[2]);
  const ownBytes =
    4 * voxelsIn(native) * (series > 1 ? 2 * series : 1) + // as received, at the widest type, and brought onto one grid
    (isResampled ? 4 * (voxelsIn(native) + voxelsIn(grid) * series) : 0) + // turned, and resampled
    4 * window * (tensorChannels(input) + classes.length) +
    4 * carried * (classes.length + 1) +
    (isResampled ? 12 : 4) * classes.length * largestPlane +
    2 * voxelsIn(native) +
    // the mean of several answers; a byte of doubt a voxel, and one while its places are found
    (looks.ways > 1 ? 4 * window * classes.length : 0) +
    (looks.hasDoubt ? 2 * voxelsIn(native) + 9 * largestPlane : 0);
  return { ownBytes, networkBytes: (manifest.peakMemoryMb ?? 0) * 1e6, isTiled };
}

/** @param ways in which each window is looked at @returns bytes for one network */
export function estimateRunBytes(manifest: ModelManifest, geometry: VolumeGeometry, ways = 1): number {
  const { ownBytes, networkBytes } = estimateRunSize(manifest, geometry, { ...PLAIN, ways });
  return ownBytes + networkBytes;
}
