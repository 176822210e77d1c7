/** The qform of NIfTI: a unit quaternion and a flip of k. RAS, millimetres. @see nifti1.h, METHOD 2 */
import { cross, dot, type Vector3 } from '../geometry/points.ts';
import type { Affine } from './affine.ts';

/** @param quaternion b, c, d; a follows from the length of 1 */
export function affineFromQuaternion(quaternion: Vector3, qfac: 1 | -1, spacing: Vector3, offset: Vector3): Affine {
  let [b, c, d] = quaternion;
  const rest = 1 - (b * b + c * c + d * d);
  let a = 0;
  if (rest < 1e-7) {
    const scale = 1 / Math.sqrt(b * b + c * c + d * d);
    [b, c, d] = [b * scale, c * scale, d * scale];
  } else a = Math.sqrt(rest);
  const [si, sj] = spacing;
  const sk = spacing[2] * qfac;
  return [
    [(a * a + b * b - c * c - d * d) * si, 2 * (b * c - a * d) * sj, 2 * (b * d + a * c) * sk, offset[0]],
    [2 * (b * c + a * d) * si, (a * a + c * c - b * b - d * d) * sj, 2 * (c * d - a * b) * sk, offset[1]],
    [2 * (b * d - a * c) * si, 2 * (c * d + a * b) * sj, (a * a + d * d - b * b - c * c) * sk, offset[2]],
  ];
}

/** @returns b, c, d with a ≥ 0; `orthogonal` false when a rotation cannot say the axes (shear) */
export function quaternionFromAxes(
  ras: Affine,
  spacing: Vector3,
): { qfac: 1 | -1; quaternion: Vector3; orthogonal: boolean } {
  const column = (c: 0 | 1 | 2): Vector3 => [ras[0][c] / spacing[c], ras[1][c] / spacing[c], ras[2][c] / spacing[c]];
  const [i, j, k] = [column(0), column(1), column(2)];
  const determinant = dot(cross(i, j), k);
  const orthogonal = Math.abs(Math.abs(determinant) - 1) < 1e-6;
  const qfac = determinant < 0 ? -1 : 1;
  const z: Vector3 = [k[0] * qfac, k[1] * qfac, k[2] * qfac];
  return { qfac, quaternion: orthogonal ? quaternionOf(i, j, z) : [0, 0, 0], orthogonal };
}

/** Columns x, y, z of a proper rotation; the largest component is computed first, so that nothing is divided by almost 0. */
function quaternionOf(x: Vector3, y: Vector3, z: Vector3): Vector3 {
  const [a2, b2, c2, d2] = [
    1 + x[0] + y[1] + z[2],
    1 + x[0] - y[1] - z[2],
    1 - x[0] + y[1] - z[2],
    1 - x[0] - y[1] + z[2],
  ];
  const largest = Math.max(a2, b2, c2, d2);
  const root = 0.5 * Math.sqrt(largest);
  const s = 0.25 / root;
  let q: readonly [number, number, number, number];
  if (largest === a2) q = [root, (y[2] - z[1]) * s, (z[0] - x[2]) * s, (x[1] - y[0]) * s];
  else if (largest === b2) q = [(y[2] - z[1]) * s, root, (y[0] + x[1]) * s, (z[0] + x[2]) * s];
  else if (largest === c2) q = [(z[0] - x[2]) * s, (y[0] + x[1]) * s, root, (z[1] + y[2]) * s];
  else q = [(x[1] - y[0]) * s, (z[0] + x[2]) * s, (z[1] + y[2]) * s, root];
  const sign = q[0] < 0 ? -1 : 1;
  return [q[1] * sign, q[2] * sign, q[3] * sign];
}
