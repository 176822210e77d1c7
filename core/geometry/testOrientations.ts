/** For tests: all 48 ways in which three axes can run. */
import type { VolumeGeometry } from './volumeGeometry.ts';

const ORDERS = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const;
const PAIRS = ['LR', 'PA', 'SI'];

/** Codes as in a manifest, and the unit vectors of i, j, k in LPS. */
export const ORIENTATIONS = ORDERS.flatMap((order) =>
  Array.from({ length: 8 }, (_, bits) => {
    const signs = order.map((_, a) => ((bits >> a) & 1 ? -1 : 1));
    const direction = order.map((world, a) => [0, 1, 2].map((w) => (w === world ? (signs[a] ?? 1) : 0)));
    const codes = order.map((world, a) => PAIRS[world]?.[signs[a] === 1 ? 0 : 1]).join('');
    return { codes, direction: direction as unknown as VolumeGeometry['direction'] };
  }),
);
