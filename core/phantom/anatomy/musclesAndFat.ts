/** Deep muscles of the trunk and the septa between them. LPS mm. The wall itself is painted with the skin (paintBody.ts). */
import type { Vector3 } from '../../geometry/points.ts';
import { ellipsoid, loft, superellipsoid, tube, uneven } from '../solid.ts';
import { HU, painted, type Tissue } from './tissue.ts';
import { spineAt } from './torso.ts';

function psoas(side: 1 | -1): Tissue[] {
  const points: Vector3[] = [];
  const radii: number[] = [];
  for (let z = 8; z >= -200; z -= 16) {
    const t = (8 - z) / 208;
    points.push([side * (26 + 30 * t), spineAt(z).y + 5 - 22 * Math.max(0, t - 0.45), z]);
    radii.push(Math.min(23, 6 + 34 * t) + (side > 0 ? 0.6 : 0));
  }
  return painted(tube(points, radii), HU.muscle + 2, 0);
}

function backMuscles(side: 1 | -1): Tissue[] {
  const section = (z: number, x: number, y: number, a: number, b: number) => ({
    z,
    center: [side * x, y] as const,
    radii: [a, b] as const,
  });
  const erector = loft(
    [
      section(-260, 28, 84, 24, 13),
      section(-120, 33, 71, 28, 18),
      section(-40, 36, 71, 32, 19.5),
      section(40, 34, 76, 29, 15),
      section(110, 30, 84, 25, 10),
      section(260, 28, 87, 22, 9),
    ],
    2.4,
  );
  const quadratus = ellipsoid([side * 66, 56, -62], [19, 9, 62], [0, 0, side * -22]);
  return [
    ...painted([quadratus], HU.muscle, 0),
    ...painted([uneven(erector, 1.6, 60, side)], HU.muscle - 2, 0),
    // The fatty cleft between multifidus and longissimus.
    ...painted([superellipsoid([side * 23, 76, -60], [0.9, 9, 60], 2.5, 3, [0, 0, side * 24])], 2, 0),
  ];
}

function rectus(side: 1 | -1): Tissue[] {
  return painted([superellipsoid([side * 31, -79.5, -70], [27, 5, 150], 2.6, 8, [0, 0, side * 9])], HU.muscle + 2, 0);
}

function crura(): Tissue[] {
  const leg = (side: 1 | -1, low: number): Vector3[] => [
    [side * 16, 14, low],
    [side * 13, 10, 10],
    [side * 15, 16, 40],
    [side * 13, 24, 66],
  ];
  return [
    ...painted(tube(leg(1, -35), [4, 5.5, 5.5, 4]), 62, 0),
    ...painted(tube(leg(-1, -45), [4, 6, 6.5, 4]), 62, 0),
  ];
}

export function musclesAndFat(): Tissue[] {
  return [...backMuscles(1), ...backMuscles(-1), ...psoas(1), ...psoas(-1), ...rectus(1), ...rectus(-1), ...crura()];
}
