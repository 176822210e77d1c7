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
  const [i0, i1, j0, j1] = [low(0), high(0), low(1), high(1)];
  const rows = new CapsuleRows(metric, start, end, shape.radiusMm);
  for (let k = low(2); k <= high(2); k++) {
    for (let j = j0; j <= j1; j++) {
      if (!rows.meet(j, k)) continue;
      const first = Math.max(i0, Math.ceil(rows.low - RADIUS_TOLERANCE));
      const last = Math.min(i1, Math.floor(rows.high + RADIUS_TOLERANCE));
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
 * them give, each the solution of a quadratic inequality in i. A stroke asks for tens of thousands of rows: none allocates.
 */
class CapsuleRows {
  /** Ends of the interval of the row that {@link meet} was last true for; continuous voxel indices. */
  low = 0;
  high = 0;
  readonly #metric: VoxelMetric;
  readonly #a: Vector3;
  readonly #b: Vector3;
  readonly #squared: number;
  /** Metric times the line from a to b. */
  readonly #line: Vector3;
  readonly #lengthSquared: number;

  constructor(metric: VoxelMetric, a: Vector3, b: Vector3, radiusMm: number) {
    const [ii, jj, kk, ij, ik, jk] = metric;
    const d: Vector3 = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
    this.#metric = metric;
    this.#a = a;
    this.#b = b;
    this.#squared = radiusMm * radiusMm * (1 + RADIUS_TOLERANCE);
    this.#line = [
      ii * d[0] + ij * d[1] + ik * d[2],
      ij * d[0] + jj * d[1] + jk * d[2],
      ik * d[0] + jk * d[1] + kk * d[2],
    ];
    this.#lengthSquared = d[0] * this.#line[0] + d[1] * this.#line[1] + d[2] * this.#line[2];
  }

  meet(j: number, k: number): boolean {
    this.low = Number.POSITIVE_INFINITY;
    this.high = Number.NEGATIVE_INFINITY;
    this.#ball(this.#a, j, k);
    if (this.#lengthSquared > SHORTEST_MM2) {
      this.#ball(this.#b, j, k);
      this.#cylinder(j, k);
    }
    return this.low <= this.high;
  }

  #ball(centre: Vector3, j: number, k: number): void {
    const [ii, jj, kk, ij, ik, jk] = this.#metric;
    const y = j - centre[1];
    const z = k - centre[2];
    // ii·t² + 2·q·t + r ≤ 0; ii is a squared spacing and never vanishes.
    const q = ij * y + ik * z;
    const discriminant = q * q - ii * (jj * y * y + 2 * jk * y * z + kk * z * z - this.#squared);
    if (discriminant < 0) return;
    const root = Math.sqrt(discriminant);
    this.#take(centre[0], (-q - root) / ii, (-q + root) / ii);
  }

  #cylinder(j: number, k: number): void {
    const [ii, jj, kk, ij, ik, jk] = this.#metric;
    const [e0, e1, e2] = this.#line;
    const y = j - this.#a[1];
    const z = k - this.#a[2];
    const along = e1 * y + e2 * z;
    const p = ii - (e0 * e0) / this.#lengthSquared;
    const q = ij * y + ik * z - (e0 * along) / this.#lengthSquared;
    const r = jj * y * y + 2 * jk * y * z + kk * z * z - (along * along) / this.#lengthSquared - this.#squared;
    let low = Number.NEGATIVE_INFINITY;
    let high = Number.POSITIVE_INFINITY;
    // Along i itself p and q vanish, and the whole row lies within the radius or none of it.
    if (p < 1e-12) {
      if (r > 0) return;
    } else {
      const discriminant = q * q - p * r;
      if (discriminant < 0) return;
      const root = Math.sqrt(discriminant);
      low = (-q - root) / p;
      high = (-q + root) / p;
    }
    // Between the two ends of the line: 0 ≤ e0·t + along ≤ length².
    if (Math.abs(e0) < 1e-12) {
      if (along < 0 || along > this.#lengthSquared) return;
    } else {
      const start = -along / e0;
      const end = (this.#lengthSquared - along) / e0;
      low = Math.max(low, Math.min(start, end));
      high = Math.min(high, Math.max(start, end));
    }
    this.#take(this.#a[0], low, high);
  }

  #take(centre: number, from: number, to: number): void {
    if (from > to) return;
    this.low = Math.min(this.low, centre + from);
    this.high = Math.max(this.high, centre + to);
  }
}
