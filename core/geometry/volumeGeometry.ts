/**
 * Where a volume lies in the patient: DICOM patient space, LPS, millimetres.
 * Memory order is i fastest, then j, then k. A left-handed or oblique direction is legal.
 * Next: anatomicalAxes.ts, which names the directions.
 */
import { LanternError } from '../errors/lanternError.ts';
import {
  cross,
  dot,
  type IndexPoint,
  indexPoint,
  length,
  type Vector3,
  type WorldPoint,
  worldPoint,
} from './points.ts';

export interface VolumeGeometry {
  /** Voxels along i, j, k. */
  readonly size: Vector3;
  /** Distance of neighbouring voxel centres along i, j, k. */
  readonly spacingMm: Vector3;
  /** Centre of voxel (0, 0, 0). */
  readonly originLps: WorldPoint;
  /** Unit vectors of the i, j and k axis in LPS; row a is the direction of axis a. */
  readonly direction: readonly [Vector3, Vector3, Vector3];
}

/** @returns number of voxels */
export function voxelCount(geometry: VolumeGeometry): number {
  return geometry.size[0] * geometry.size[1] * geometry.size[2];
}

/** @returns volume of one voxel in mm³; exact also for a sheared (gantry-tilted) direction */
export function voxelVolumeMm3(geometry: VolumeGeometry): number {
  const [i, j, k] = geometry.direction;
  const [si, sj, sk] = geometry.spacingMm;
  return Math.abs(dot(cross(i, j), k)) * si * sj * sk;
}

/** @returns ml (cm³) that so many voxels fill */
export function volumeMl(geometry: VolumeGeometry, voxels: number): number {
  return (voxels * voxelVolumeMm3(geometry)) / 1000;
}

/**
 * @param ijk continuous voxel index, 0 = voxel centre
 * @returns LPS mm
 * @see DICOM PS3.3 C.7.6.2.1.1
 */
export function indexToWorld(geometry: VolumeGeometry, ijk: IndexPoint): WorldPoint {
  const { originLps: o, direction: d, spacingMm: s } = geometry;
  const a = ijk[0] * s[0];
  const b = ijk[1] * s[1];
  const c = ijk[2] * s[2];
  return worldPoint(
    o[0] + d[0][0] * a + d[1][0] * b + d[2][0] * c,
    o[1] + d[0][1] * a + d[1][1] * b + d[2][1] * c,
    o[2] + d[0][2] * a + d[1][2] * b + d[2][2] * c,
  );
}

/**
 * The inverse of {@link indexToWorld}.
 * @param point LPS mm
 * @returns continuous voxel index; may lie outside of the volume
 * @throws geometry/singular-direction
 */
export function worldToIndex(geometry: VolumeGeometry, point: WorldPoint): IndexPoint {
  const { originLps: o, direction: d, spacingMm: s } = geometry;
  const determinant = dot(cross(d[0], d[1]), d[2]);
  if (Math.abs(determinant) < 1e-9) throw singular();
  const p: Vector3 = [point[0] - o[0], point[1] - o[1], point[2] - o[2]];
  // Rows of the inverse of the matrix with columns d0, d1, d2.
  return indexPoint(
    dot(cross(d[1], d[2]), p) / determinant / s[0],
    dot(cross(d[2], d[0]), p) / determinant / s[1],
    dot(cross(d[0], d[1]), p) / determinant / s[2],
  );
}

/** @returns offset of a voxel in a volume's array (i fastest) */
export function voxelOffset(size: Vector3, i: number, j: number, k: number): number {
  return i + size[0] * (j + size[1] * k);
}

/** @returns whether a whole-number index lies in the volume */
export function containsIndex(size: Vector3, i: number, j: number, k: number): boolean {
  return i >= 0 && j >= 0 && k >= 0 && i < size[0] && j < size[1] && k < size[2];
}

/** @returns the centre of the volume, LPS mm */
export function centreOf(geometry: VolumeGeometry): WorldPoint {
  const [ni, nj, nk] = geometry.size;
  return indexToWorld(geometry, indexPoint((ni - 1) / 2, (nj - 1) / 2, (nk - 1) / 2));
}

/** @returns whether two geometries name the same grid, within `toleranceMm` at every corner */
export function sameGrid(a: VolumeGeometry, b: VolumeGeometry, toleranceMm = 1e-3): boolean {
  if (a.size.some((n, axis) => n !== b.size[axis])) return false;
  for (let corner = 0; corner < 8; corner++) {
    const at = indexPoint(
      corner & 1 ? a.size[0] - 1 : 0,
      corner & 2 ? a.size[1] - 1 : 0,
      corner & 4 ? a.size[2] - 1 : 0,
    );
    const p = indexToWorld(a, at);
    const q = indexToWorld(b, at);
    if (Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]) > toleranceMm) return false;
  }
  return true;
}

/**
 * @returns the same geometry, if it can be one
 * @throws geometry/invalid-size, geometry/invalid-spacing, geometry/singular-direction
 */
export function checkedGeometry(geometry: VolumeGeometry): VolumeGeometry {
  const { size, spacingMm, direction, originLps } = geometry;
  if (size.some((n) => !Number.isInteger(n) || n < 1 || n > 65_535)) {
    throw new LanternError(
      'geometry/invalid-size',
      `A volume of ${size.join(' × ')} voxels is not possible.`,
      'The file is damaged or not an image volume; export it again from its source.',
    );
  }
  if (spacingMm.some((s) => !(s > 0) || !Number.isFinite(s)) || originLps.some((x) => !Number.isFinite(x))) {
    throw new LanternError(
      'geometry/invalid-spacing',
      `The voxel spacing ${spacingMm.join(' × ')} mm is not possible.`,
      'The header of the file is damaged; export it again from its source.',
    );
  }
  const [i, j, k] = direction;
  if ([i, j, k].some((axis) => Math.abs(length(axis) - 1) > 1e-3) || Math.abs(dot(cross(i, j), k)) < 1e-3)
    throw singular();
  return geometry;
}

function singular(): LanternError {
  return new LanternError(
    'geometry/singular-direction',
    'The axes of the volume do not span space.',
    'The header of the file is damaged; export it again from its source.',
  );
}
