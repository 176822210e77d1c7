/** What a run will need, before anything is allocated for it. */
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';
import type { ModelManifest } from './modelManifest.ts';
import { runPlan } from './runPlan.ts';
import { estimateMemoryBytes } from './tiling.ts';

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
  /** Inputs besides the first: members that scale intensities in another way. */
  readonly furtherInputs: number;
}

const PLAIN: RunLooks = { ways: 1, hasDoubt: false, furtherInputs: 0 };

export function estimateRunSize(manifest: ModelManifest, geometry: VolumeGeometry, looks: RunLooks = PLAIN): RunSize {
  const { grid, tiling } = runPlan(manifest, geometry);
  const own = estimateMemoryBytes(geometry.size, grid, tiling, manifest.classes.length, manifest.input, looks);
  return {
    ownBytes: own + looks.furtherInputs * manifest.input.channels.length * 4 * grid[0] * grid[1] * grid[2],
    networkBytes: (manifest.peakMemoryMb ?? 0) * 1e6,
    isTiled: tiling.starts.length > 1,
  };
}

/** @param ways in which each window is looked at @returns bytes for one network */
export function estimateRunBytes(manifest: ModelManifest, geometry: VolumeGeometry, ways = 1): number {
  const { ownBytes, networkBytes } = estimateRunSize(manifest, geometry, { ...PLAIN, ways });
  return ownBytes + networkBytes;
}
