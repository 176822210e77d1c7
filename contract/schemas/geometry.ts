/** Points and grids as they cross the contract: lengths in millimetres, points in LPS. */
import { z } from 'zod';

export const vector3 = z.tuple([z.number(), z.number(), z.number()]);

export const geometry = z.object({
  size: vector3,
  spacingMm: vector3,
  originLps: vector3,
  /** Unit vectors of the i, j and k axis. */
  direction: z.tuple([vector3, vector3, vector3]),
});
