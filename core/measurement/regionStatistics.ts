/**
 * Statistics of the image in an ellipse or a rectangle that was drawn in a slice of the volume's grid. The shape's sides follow the voxel
 * axes of that slice. Points: LPS, mm.
 *
 * Which voxels count: those of the one slice nearest to the shape whose centre lies in the shape or on its outline. No voxel counts in part.
 */
import { cross, dot, length, type Vector3, type WorldPoint } from '../geometry/points.ts';
import { type VolumeGeometry, voxelOffset, worldToIndex } from '../geometry/volumeGeometry.ts';
import type { Volume } from '../volume/volume.ts';

export interface RegionStatistics {
  /** Of the drawn shape, not of the voxels. */
  readonly areaMm2: number;
  /** How many voxels count. Where none does, there are no values. */
  readonly voxels: number;
  readonly values: null | {
    readonly mean: number;
    /** Of the population (divided by the number of voxels). */
    readonly standardDeviation: number;
    readonly minimum: number;
    readonly maximum: number;
  };
}

type Axis = 0 | 1 | 2;

/**
 * @param corners two opposite corners of the rectangle, or of the box around the ellipse, LPS mm
 * @param normalLps of the plane that it was drawn in; the slice's voxel plane closest to it is used
 */
export function regionStatistics(
  volume: Volume,
  shape: 'ellipse' | 'rectangle',
  corners: readonly [WorldPoint, WorldPoint],
  normalLps: Vector3,
): RegionStatistics {
  const { geometry, scalars } = volume;
  const through = throughAxis(geometry, normalLps);
  const [u, v] = planeAxesOf(through);
  const a = worldToIndex(geometry, corners[0]);
  const b = worldToIndex(geometry, corners[1]);
  const centre = [0, 1, 2].map((axis) => (a[axis]! + b[axis]!) / 2) as [number, number, number];
  const radius = [0, 1, 2].map((axis) => Math.abs(a[axis]! - b[axis]!) / 2) as [number, number, number];
  const slice = Math.round(centre[through]);

  let count = 0;
  // Welford's running mean: exact enough for any number of voxels and any offset.
  let mean = 0;
  let squares = 0;
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  if (slice >= 0 && slice < geometry.size[through]) {
    const at: [number, number, number] = [0, 0, 0];
    at[through] = slice;
    const [firstU, lastU] = voxelSpan(centre[u], radius[u], geometry.size[u]);
    const [firstV, lastV] = voxelSpan(centre[v], radius[v], geometry.size[v]);
    for (at[v] = firstV; at[v] <= lastV; at[v]++) {
      for (at[u] = firstU; at[u] <= lastU; at[u]++) {
        if (shape === 'ellipse' && !isInEllipse(at[u] - centre[u], at[v] - centre[v], radius[u], radius[v])) continue;
        const value = scalars[voxelOffset(geometry.size, ...at)]!;
        count++;
        const step = value - mean;
        mean += step / count;
        squares += step * (value - mean);
        if (value < minimum) minimum = value;
        if (value > maximum) maximum = value;
      }
    }
  }
  return {
    areaMm2: boxAreaMm2(geometry, u, v, radius) * (shape === 'ellipse' ? Math.PI / 4 : 1),
    voxels: count,
    values: count === 0 ? null : { mean, standardDeviation: Math.sqrt(squares / count), minimum, maximum },
  };
}

/** A thousandth of a millionth of a voxel: a corner that was put on a voxel's centre stays on it after the way through millimetres. */
const ON_OUTLINE = 1e-9;

function voxelSpan(centre: number, radius: number, size: number): [number, number] {
  const slack = ON_OUTLINE * Math.max(1, size);
  return [Math.max(0, Math.ceil(centre - radius - slack)), Math.min(size - 1, Math.floor(centre + radius + slack))];
}

function isInEllipse(du: number, dv: number, radiusU: number, radiusV: number): boolean {
  if (radiusU === 0 || radiusV === 0) return false;
  return (du / radiusU) ** 2 + (dv / radiusV) ** 2 <= 1 + ON_OUTLINE;
}

/** The axis that leaves the voxel plane whose normal is closest to the given one; right also for a sheared (tilted) grid. */
function throughAxis(geometry: VolumeGeometry, normalLps: Vector3): Axis {
  const alignment = ([0, 1, 2] as const).map((axis) => {
    const [u, v] = planeAxesOf(axis);
    const normal = cross(geometry.direction[u], geometry.direction[v]);
    return Math.abs(dot(normal, normalLps)) / length(normal);
  });
  return alignment.indexOf(Math.max(...alignment)) as Axis;
}

function planeAxesOf(through: Axis): readonly [Axis, Axis] {
  return through === 0 ? [1, 2] : through === 1 ? [0, 2] : [0, 1];
}

function boxAreaMm2(geometry: VolumeGeometry, u: Axis, v: Axis, radius: Vector3): number {
  const parallelogram = length(cross(geometry.direction[u], geometry.direction[v]));
  return parallelogram * 2 * radius[u] * geometry.spacingMm[u] * 2 * radius[v] * geometry.spacingMm[v];
}
