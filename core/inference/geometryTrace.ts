/**
 * The geometric part of what preprocess.ts does to a series, known from the grid alone: no voxel is looked at, so the normalisation is
 * left out. Says where each voxel of the network's grid lies in the series before anything is run. Next: gridNeighbours.ts.
 */
import type { Vector3 } from '../geometry/points.ts';
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';
import { cropRecord, padRecord } from './cropAndPad.ts';
import type { ModelManifest } from './modelManifest.ts';
import { orientedSize, orientRecord } from './orient.ts';
import { networkGrid } from './preprocess.ts';
import { resampleRecord } from './resample.ts';
import type { Trace } from './trace.ts';

export interface GeometryTrace {
  readonly trace: Trace;
  /** The network's, voxels along its own axes. */
  readonly grid: Vector3;
  /** Of the network's grid. */
  readonly spacingMm: Vector3;
}

export function geometryTrace(
  manifest: Pick<ModelManifest, 'input' | 'window'>,
  geometry: VolumeGeometry,
): GeometryTrace {
  const { input } = manifest;
  const orient = orientRecord(geometry, input.orientation);
  const size = orientedSize(orient);
  const own = orient.axes.map((axis) => geometry.spacingMm[axis]) as unknown as Vector3;
  const wanted = input.spacingMm;
  const resample = wanted && resampleRecord({ size, spacingMm: own }, [wanted[0], wanted[1], wanted[2] ?? own[2]]);
  const resampled = resample?.toSize ?? size;
  const grid = networkGrid(resampled, manifest);
  const crop = cropRecord(resampled, grid);
  const pad = padRecord(crop?.size ?? resampled, grid, input.padValue);
  const steps = [resample, crop, pad].filter((step) => step !== null);
  return { trace: [orient, ...steps], grid, spacingMm: resample?.toSpacingMm ?? own };
}
