/**
 * The figures of a drawn measurement, by name, as they are stored with it and shown: lengthMm, angleDegrees, value, mean,
 * standardDeviation, minimum, maximum, areaMm2, voxels. Points: LPS, mm. Next: lengthAndAngle.ts, regionStatistics.ts, pointValue.ts.
 */
import { type Vector3, worldPoint } from '../geometry/points.ts';
import type { Volume } from '../volume/volume.ts';
import { angleDegrees, lengthMm } from './lengthAndAngle.ts';
import { pointValue } from './pointValue.ts';
import { regionStatistics } from './regionStatistics.ts';

export type MeasurementKind = 'length' | 'angle' | 'ellipse' | 'rectangle' | 'point';

/**
 * @param pointsLps length: 2 ends; angle: end, vertex, end; ellipse and rectangle: 2 opposite corners; point: 1
 * @param normalLps of the plane it was drawn in
 * @returns no figures while the measurement is unfinished; none of the image's values where no voxel counts
 */
export function measure(
  kind: MeasurementKind,
  pointsLps: readonly Vector3[],
  normalLps: Vector3,
  volume: Volume,
): Record<string, number> {
  const [a, b, c] = pointsLps.map((point) => worldPoint(...point));
  if (!a) return {};
  if (kind === 'point') {
    const value = pointValue(volume, a);
    return value === null ? {} : { value };
  }
  if (!b) return {};
  switch (kind) {
    case 'length':
      return { lengthMm: lengthMm(a, b) };
    case 'angle': {
      const isAngle = c && lengthMm(a, b) > 0 && lengthMm(c, b) > 0;
      return isAngle ? { angleDegrees: angleDegrees(a, b, c) } : {};
    }
    case 'ellipse':
    case 'rectangle': {
      const { areaMm2, voxels, values } = regionStatistics(volume, kind, [a, b], normalLps);
      return { areaMm2, voxels, ...values };
    }
  }
}
