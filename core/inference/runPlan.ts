/** What a run will go through, known from the grid alone: the network's grid and its windows. Next: estimateRunBytes.ts. */
import type { Vector3 } from '../geometry/points.ts';
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';
import { geometryTrace } from './geometryTrace.ts';
import type { ModelManifest } from './modelManifest.ts';
import { planTiling, type Tiling } from './tiling.ts';

export interface RunPlan {
  /** Of the volume as the network reads it, voxels. */
  readonly grid: Vector3;
  readonly tiling: Tiling;
  /** The network's voxels are of another spacing than the series'. */
  readonly isResampled: boolean;
  /** Voxels that go through the network, those that windows share counted again. */
  readonly networkVoxels: number;
}

export function runPlan(manifest: Pick<ModelManifest, 'input' | 'window'>, geometry: VolumeGeometry): RunPlan {
  const { trace, grid } = geometryTrace(manifest, geometry);
  const tiling = planTiling(grid, manifest.window, manifest.input.dimensions);
  const isResampled = trace.some(({ step }) => step === 'resample');
  const [i, j, k] = tiling.size;
  return { grid, tiling, isResampled, networkVoxels: tiling.starts.length * i * j * k };
}
