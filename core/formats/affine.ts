/** 3×4 affines of voxel index to patient millimetres, and the volume geometry they mean. RAS ↔ LPS is the sign of x and y. */
import { length, type Vector3, worldPoint } from '../geometry/points.ts';
import { checkedGeometry, type VolumeGeometry } from '../geometry/volumeGeometry.ts';

/** Rows x, y, z; columns i, j, k, offset. */
export type Affine = readonly [Row, Row, Row];
export type Row = readonly [number, number, number, number];

/**
 * @param ras millimetres
 * @throws geometry/…
 */
export function geometryFromRasAffine(ras: Affine, size: Vector3): VolumeGeometry {
  const column = (c: 0 | 1 | 2 | 3): Vector3 => [0 - ras[0][c], 0 - ras[1][c], ras[2][c]];
  return geometryFromAxes([column(0), column(1), column(2)], column(3), size);
}

/** @param axesLps vectors from one voxel to the next along i, j, k */
export function geometryFromAxes(
  axesLps: readonly [Vector3, Vector3, Vector3],
  originLps: Vector3,
  size: Vector3,
): VolumeGeometry {
  const spacing = axesLps.map(length);
  const unit = (axis: 0 | 1 | 2): Vector3 => {
    const s = spacing[axis] ?? 0;
    const v = axesLps[axis];
    return [v[0] / s, v[1] / s, v[2] / s];
  };
  return checkedGeometry({
    size,
    spacingMm: [spacing[0] ?? 0, spacing[1] ?? 0, spacing[2] ?? 0],
    originLps: worldPoint(...originLps),
    direction: [unit(0), unit(1), unit(2)],
  });
}

export function rasAffine({ direction: d, spacingMm: s, originLps: o }: VolumeGeometry): Affine {
  const row = (axis: 0 | 1 | 2, sign: 1 | -1): Row => [
    sign * d[0][axis] * s[0],
    sign * d[1][axis] * s[1],
    sign * d[2][axis] * s[2],
    sign * o[axis],
  ];
  return [row(0, -1), row(1, -1), row(2, 1)];
}
