/** The three axes of a grid, and what goes by them. */
import type { Vector3 } from '../geometry/points.ts';

export type Axis = 0 | 1 | 2;

export function byAxis(of: (axis: Axis) => number): Vector3 {
  return [of(0), of(1), of(2)];
}

/** @param size voxels along each axis */
export function voxelsIn([ni, nj, nk]: Vector3): number {
  return ni * nj * nk;
}
