/** What is read off a measurement: lengths in mm, angles in degrees, statistics of the image in its own unit. Points: LPS mm. */
import type { Measurement } from '#contract/schemas.ts';
import { distance, dot, type Vector3, worldPoint } from '#core/geometry/points.ts';
import { containsIndex, voxelOffset, worldToIndex } from '#core/geometry/volumeGeometry.ts';
import type { Volume } from '#core/volume/volume.ts';

/** @returns figures by name, none for a measurement that is not finished */
export function measuredValues(
  kind: Measurement['kind'],
  pointsLps: readonly Vector3[],
  _normalLps: Vector3,
  volume: Volume,
): Record<string, number> {
  const [a, b, c] = pointsLps;
  if (a === undefined) return {};
  if (kind === 'point') {
    const ijk = worldToIndex(volume.geometry, worldPoint(...a));
    const [i, j, k] = [Math.round(ijk[0]), Math.round(ijk[1]), Math.round(ijk[2])];
    const { size } = volume.geometry;
    return containsIndex(size, i, j, k) ? { value: volume.scalars[voxelOffset(size, i, j, k)] ?? 0 } : {};
  }
  if (b === undefined) return {};
  if (kind === 'length') return { lengthMm: distance(a, b) };
  if (kind === 'angle') {
    if (c === undefined) return {};
    const u: Vector3 = [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
    const v: Vector3 = [c[0] - b[0], c[1] - b[1], c[2] - b[2]];
    return { angleDegrees: (Math.acos(dot(u, v) / Math.sqrt(dot(u, u) * dot(v, v))) * 180) / Math.PI };
  }
  return {};
}
