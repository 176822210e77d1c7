/** What a run will go through, known from the grid alone: the network's grid and its windows. Next: estimateRunBytes.ts. */
import type { Vector3 } from '../geometry/points.ts';
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';
import type { ModelManifest } from './modelManifest.ts';
import { orientedSize, orientRecord } from './orient.ts';
import { networkGrid } from './preprocess.ts';
import { planTiling, type Tiling } from './tiling.ts';

export interface RunPlan {
  /** Of the volume as the network reads it, voxels. */
  readonly grid: Vector3;
  readonly tiling: Tiling;
  /** Voxels that go through the network, those that windows share counted again. */
  readonly networkVoxels: number;
}

export function runPlan(manifest: Pick<ModelManifest, 'input' | 'window'>, geometry: VolumeGeometry): RunPlan {
  const orient = orientRecord(geometry, manifest.input.orientation);
  const size = orientedSize(orient);
  const spacing = manifest.input.spacingMm;
  const along = (axis: 0 | 1 | 2): number => {
    const mm = geometry.spacingMm[orient.axes[axis]];
    return Math.max(1, Math.round((size[axis] * mm) / (spacing?.[axis] ?? mm)));
  };
  const grid = networkGrid([along(0), along(1), along(2)], manifest);
  const tiling = planTiling(grid, manifest.window, manifest.input.dimensions);
  const [i, j, k] = tiling.size;
  return { grid, tiling, networkVoxels: tiling.starts.length * i * j * k };
}
