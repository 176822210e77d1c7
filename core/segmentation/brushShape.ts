/**
 * The voxels of a brush between two samples of the pointer: a capsule (all points within the radius of a line) in millimetres,
 * cut into rows of voxels along i. Works on anisotropic and on sheared grids through the metric of the voxel axes.
 */
import { dot, type Vector3 } from '../geometry/points.ts';
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';

export interface BrushShape {
  readonly kind: 'disc' | 'ball';
  readonly radiusMm: number;
  /** Disc: the voxel axis that is perpendicular to the view; only the slice of the pointer is painted. */
  readonly through: 0 | 1 | 2;
}

/** Squared length in mm² of a vector given in voxels: v·M·v. Six numbers: ii, jj, kk, ij, ik, jk. */
export type VoxelMetric = readonly [number, number, number, number, number, number];

export function voxelMetric(geometry: VolumeGeometry): VoxelMetric {
  const { direction: d, spacingMm: s } = geometry;
  return [
    s[0] * s[0] * dot(d[0], d[0]),
    s[1] * s[1] * dot(d[1], d[1]),
    s[2] * s[2] * dot(d[2], d[2]),
    s[0] * s[1] * dot(d[0], d[1]),
    s[0] * s[2] * dot(d[0], d[2]),
    s[1] * s[2] * dot(d[1], d[2]),
  ];
}

/** Points at exactly the radius belong to the brush; this covers rounding. */
const RADIUS_TOLERANCE = 1e-9;
/** A line shorter than a millionth of a millimetre is a point; dividing by its length would lose all digits. */
const SHORTEST_MM2 = 1e-12;

/**
 * Calls `visit` once for every row of the capsule with the first and last voxel of it, clipped to the grid.
 * @param a, b continuous voxel indices (i, j, k); a disc takes the slice that is nearest to `b`
 */
export function visitCapsuleRows(
  size: Vector3,
  metric: VoxelMetric,
  shape: BrushShape,
  a: Vector3,
  b: Vector3,
  visit: (firstI: number, lastI: number, j: number, k: number) => void,
): void {
  const flat = shape.kind === 'disc' ? shape.through : null;
  const start: [number, number, number] = [...a];
  const end: [number, number, number] = [...b];
  if (flat !== null) {
    end[flat] = Math.round(b[flat]);
    start[flat] = end[flat];
  }
  const reach = halfWidths(metric, shape.radiusMm, flat);
  const low = (axis: 0 | 1 | 2) => Math.max(0, Math.ceil(Math.min(start[axis], end[axis]) - reach[axis]));
  const high = (axis: 0 | 1 | 2) =>
    Math.min(size[axis] - 1, Math.floor(Math.max(start[axis], end[axis]) + reach[axis]));
  const row = capsuleRow(metric, start, end, shape.radiusMm);
  for (let k = low(2); k <= high(2); k++) {
    for (let j = low(1); j <= high(1); j++) {
      const interval = row(j, k);
      if (!interval) continue;
      const first = Math.max(low(0), Math.ceil(interval[0] - RADIUS_TOLERANCE));
      const last = Math.min(high(0), Math.floor(interval[1] + RADIUS_TOLERANCE));
      if (first <= last) visit(first, last, j, k);
    }
  }
}

/** How far an ellipsoid (or, in a plane, an ellipse) of the radius reaches along each voxel axis, in voxels. */
function halfWidths(m: VoxelMetric, radiusMm: number, flat: 0 | 1 | 2 | null): Vector3 {
  const [ii, jj, kk, ij, ik, jk] = m;
  const tolerant = radiusMm * (1 + RADIUS_TOLERANCE);
  const plane = (p: number, q: number, pq: number): [number, number] => {
    const determinant = p * q - pq * pq;
    return [tolerant * Math.sqrt(q / determinant), tolerant * Math.sqrt(p / determinant)];
  };
  if (flat === 0) return [0, ...plane(jj, kk, jk)];
  if (flat === 1) {
    const [i, k] = plane(ii, kk, ik);
    return [i, 0, k];
  }
  if (flat === 2) return [...plane(ii, jj, ij), 0];
  const determinant = ii * (jj * kk - jk * jk) - ij * (ij * kk - jk * ik) + ik * (ij * jk - jj * ik);
  return [
    tolerant * Math.sqrt((jj * kk - jk * jk) / determinant),
    tolerant * Math.sqrt((ii * kk - ik * ik) / determinant),
    tolerant * Math.sqrt((ii * jj - ij * ij) / determinant),
  ];
}

/**
 * A capsule is convex, so each row meets it in one interval: the hull of what the two end balls and the cylinder between
 * them give, each the solution of a quadratic inequality in i.
 */
function capsuleRow(
  m: VoxelMetric,
  a: Vector3,
  b: Vector3,
  radiusMm: number,
): (j: number, k: number) => [number, number] | null {
  const [ii, jj, kk, ij, ik, jk] = m;
  const squared = radiusMm * radiusMm * (1 + RADIUS_TOLERANCE);
  const d: Vector3 = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
  const e: Vector3 = [
    ii * d[0] + ij * d[1] + ik * d[2],
    ij * d[0] + jj * d[1] + jk * d[2],
    ik * d[0] + jk * d[1] + kk * d[2],
  ];
  const lengthSquared = d[0] * e[0] + d[1] * e[1] + d[2] * e[2];
  return (j, k) => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    const take = (centre: number, from: number, to: number) => {
      if (from > to) return;
      low = Math.min(low, centre + from);
      high = Math.max(high, centre + to);
    };
    for (const p of [a, b]) {
      const y = j - p[1];
      const z = k - p[2];
      const root = quadraticInterval(ii, ij * y + ik * z, jj * y * y + 2 * jk * y * z + kk * z * z - squared);
      if (root) take(p[0], root[0], root[1]);
    }
    if (lengthSquared > SHORTEST_MM2) {
      const y = j - a[1];
      const z = k - a[2];
      const along = e[1] * y + e[2] * z;
      const root = quadraticInterval(
        ii - (e[0] * e[0]) / lengthSquared,
        ij * y + ik * z - (e[0] * along) / lengthSquared,
        jj * y * y + 2 * jk * y * z + kk * z * z - (along * along) / lengthSquared - squared,
      );
      const slab = root && linearInterval(e[0], along, lengthSquared);
      if (slab) take(a[0], Math.max(root[0], slab[0]), Math.min(root[1], slab[1]));
    }
    return low <= high ? [low, high] : null;
  };
}

/** @returns where p·t² + 2·q·t + r ≤ 0; all of the line when p and q vanish and r ≤ 0 */
function quadraticInterval(p: number, q: number, r: number): [number, number] | null {
  if (p < 1e-12) return r <= 0 ? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] : null;
  const discriminant = q * q - p * r;
  if (discriminant < 0) return null;
  const root = Math.sqrt(discriminant);
  return [(-q - root) / p, (-q + root) / p];
}

/** @returns where 0 ≤ slope·t + constant ≤ most */
function linearInterval(slope: number, constant: number, most: number): [number, number] | null {
  if (Math.abs(slope) < 1e-12) {
    return constant >= 0 && constant <= most ? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] : null;
  }
  const p = -constant / slope;
  const q = (most - constant) / slope;
  return p < q ? [p, q] : [q, p];
}
