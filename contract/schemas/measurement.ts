/** What was measured on a series. */
import { z } from 'zod';
import { vector3 } from './geometry.ts';

export const measurement = z.object({
  id: z.string(),
  seriesId: z.string(),
  kind: z.enum(['length', 'angle', 'ellipse', 'rectangle', 'point']),
  /** length: 2 ends; angle: end, vertex, end; ellipse and rectangle: 2 opposite corners; point: 1. */
  pointsLps: z.array(vector3),
  /** Unit normal of the plane it was drawn in. */
  normalLps: vector3,
  label: z.string(),
  color: z.string(),
  /** What was read off when it was drawn: lengthMm, angleDegrees, meanHu, … */
  values: z.record(z.string(), z.number()),
  createdAt: z.string(),
});
export type Measurement = z.infer<typeof measurement>;
