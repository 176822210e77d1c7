/** What a run will need, before anything is allocated for it. */
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';
import type { ModelManifest } from './modelManifest.ts';
import { runPlan } from './runPlan.ts';
import { estimateMemoryBytes } from './tiling.ts';

/** @returns bytes: the engine's own arrays, and what the manifest says that the network takes for one window */
export function estimateRunBytes(manifest: ModelManifest, geometry: VolumeGeometry): number {
  const { grid, tiling } = runPlan(manifest, geometry);
  const own = estimateMemoryBytes(geometry.size, grid, tiling, manifest.classes.length);
  return own + (manifest.peakMemoryMb ?? 0) * 1e6;
}
