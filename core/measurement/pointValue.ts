/** The image's value at a point: that of the voxel in which the point lies, never interpolated. */
import type { WorldPoint } from '../geometry/points.ts';
import { containsIndex, voxelOffset, worldToIndex } from '../geometry/volumeGeometry.ts';
import type { Volume } from '../volume/volume.ts';

/** @param point LPS mm @returns in the modality's unit, or null outside of the volume */
export function pointValue(volume: Volume, point: WorldPoint): number | null {
  const { size } = volume.geometry;
  const [i, j, k] = worldToIndex(volume.geometry, point).map(Math.round) as [number, number, number];
  return containsIndex(size, i, j, k) ? (volume.scalars[voxelOffset(size, i, j, k)] ?? null) : null;
}
