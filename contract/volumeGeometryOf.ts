/** The grid as the wire carries it, with its origin marked as the point in LPS mm that it is. */
import type { z } from 'zod';
import { worldPoint } from '../core/geometry/points.ts';
import type { VolumeGeometry } from '../core/geometry/volumeGeometry.ts';
import type { geometry } from './schemas/geometry.ts';

export function volumeGeometryOf(wire: z.infer<typeof geometry>): VolumeGeometry {
  return { ...wire, originLps: worldPoint(...wire.originLps) };
}
