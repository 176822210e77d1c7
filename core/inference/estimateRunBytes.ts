/** What a run will need, before anything is allocated for it. */
import type { Vector3 } from '../geometry/points.ts';
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';
import type { ModelManifest } from './modelManifest.ts';
import { orientedSize, orientRecord } from './orient.ts';
import { networkGrid } from './preprocess.ts';
import { estimateMemoryBytes, planTiling } from './tiling.ts';

/** @returns bytes: the engine's own arrays, and what the manifest says that the network takes for one window */
export function estimateRunBytes(manifest: ModelManifest, geometry: VolumeGeometry): number {
  const orient = orientRecord(geometry, manifest.input.orientation);
  const size = orientedSize(orient);
  const spacing = manifest.input.spacingMm;
  const along = (axis: 0 | 1 | 2): number => {
    const mm = geometry.spacingMm[orient.axes[axis]];
    return spacing ? Math.max(1, Math.round((size[axis] * mm) / spacing[axis])) : size[axis];
  };
  const resampled: Vector3 = [along(0), along(1), along(2)];
  const grid = networkGrid(resampled, manifest);
  const own = estimateMemoryBytes(geometry.size, grid, planTiling(grid, manifest.window), manifest.classes.length);
  return own + (manifest.peakMemoryMb ?? 0) * 1e6;
}
