/** Lengths and angles between points in patient space. LPS, mm. */
import { LanternError } from '../errors/lanternError.ts';
import { cross, distance, dot, length, type WorldPoint } from '../geometry/points.ts';

/** @returns mm */
export function lengthMm(a: WorldPoint, b: WorldPoint): number {
  return distance(a, b);
}

/**
 * The angle at `vertex`, from 0 to 180 degrees. By atan2, because acos loses half of the digits near 0 and 180.
 * @throws argument/no-angle where an end lies on the vertex
 */
export function angleDegrees(end: WorldPoint, vertex: WorldPoint, otherEnd: WorldPoint): number {
  const u = [end[0] - vertex[0], end[1] - vertex[1], end[2] - vertex[2]] as const;
  const v = [otherEnd[0] - vertex[0], otherEnd[1] - vertex[1], otherEnd[2] - vertex[2]] as const;
  if (length(u) === 0 || length(v) === 0) {
    throw new LanternError(
      'argument/no-angle',
      'An angle needs three different points.',
      'Draw its ends away from its vertex.',
    );
  }
  return (Math.atan2(length(cross(u, v)), dot(u, v)) * 180) / Math.PI;
}
