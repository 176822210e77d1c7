/** Aorta with branches, vena cava, portal and hepatic veins. LPS mm. */
import type { Vector3 } from '../../geometry/points.ts';
import { ellipsoid, tube } from '../solid.ts';
import { HU, LABEL, painted, type Tissue } from './tissue.ts';
import { spineAt } from './torso.ts';

function aortaLine(): Vector3[] {
  const points: Vector3[] = [];
  for (let z = 230; z >= -104; z -= 20) {
    const s = spineAt(z);
    const t = Math.max(0, Math.min(1, (z - 30) / 90));
    points.push([s.x + 9 + 14 * t, s.y - 29 + 8 * t, z]);
  }
  return points;
}

function cavaLine(): Vector3[] {
  const points: Vector3[] = [];
  for (let z = 96; z >= -110; z -= 16) {
    const s = spineAt(z);
    const t = Math.max(0, Math.min(1, z / 70));
    points.push([s.x - 19 - 3 * t, s.y - 25 - 9 * t, z]);
  }
  return points;
}

export function intrahepaticVessels(): Tissue[] {
  const trees: readonly (readonly [readonly Vector3[], readonly number[]])[] = [
    [
      [
        [-22, -2, 58],
        [-52, 12, 52],
        [-84, 22, 38],
        [-104, 22, 22],
      ],
      [4.6, 4, 2.6, 1.4],
    ],
    [
      [
        [-22, -4, 58],
        [-46, -22, 50],
        [-62, -44, 34],
      ],
      [4.4, 3.4, 1.6],
    ],
    [
      [
        [-20, -6, 58],
        [-4, -30, 52],
        [14, -46, 42],
      ],
      [4, 2.8, 1.4],
    ],
    [
      [
        [-34, -14, 12],
        [-56, -4, 16],
        [-82, 4, 4],
        [-98, 8, -18],
      ],
      [5.6, 5, 3, 1.5],
    ],
    [
      [
        [-56, -4, 16],
        [-74, -24, 26],
        [-88, -34, 34],
      ],
      [4, 2.8, 1.4],
    ],
    [
      [
        [-56, -4, 16],
        [-72, 26, 28],
        [-80, 44, 34],
      ],
      [3.8, 2.6, 1.4],
    ],
    [
      [
        [-34, -14, 12],
        [-22, -34, 26],
        [2, -48, 34],
        [22, -50, 38],
      ],
      [5, 4, 2.6, 1.3],
    ],
  ];
  return trees.flatMap(([points, radii]) => painted(tube(points, radii), HU.vein, 'keep'));
}

export function vessels(): Tissue[] {
  const aorta = aortaLine();
  const cava = cavaLine();
  const last = aorta[aorta.length - 1] ?? [10, 0, -104];
  const origin = (z: number): Vector3 => {
    const s = spineAt(z);
    return [s.x + 10, s.y - 33, z];
  };
  const iliac = (side: 1 | -1, from: Vector3): Vector3[] => [
    from,
    [from[0] + side * 20, from[1] + 5, from[2] - 30],
    [from[0] + side * 38, from[1] + 14, from[2] - 62],
    [from[0] + side * 50, from[1] + 10, from[2] - 110],
  ];
  const cavaEnd = cava[cava.length - 1] ?? [-18, 0, -110];
  const vein = (points: readonly Vector3[], radii: readonly number[]) => painted(tube(points, radii), HU.vein, 0);
  const artery = (points: readonly Vector3[], radii: readonly number[]) =>
    painted(tube(points, radii), HU.aorta - 6, 0);
  return [
    ...vein(
      [
        [-37, 20, -36],
        [-28, 12, -34],
        [-20, 6, -33],
      ],
      [4.2, 4.6, 5],
    ),
    ...vein(
      [
        [40, 18, -20],
        [22, -6, -21],
        [2, -12, -22],
        [-16, 4, -23],
      ],
      [4.4, 4.4, 4, 4.6],
    ),
    ...vein(
      [
        [-34, -14, 12],
        [-18, -20, 2],
        [-6, -24, -8],
      ],
      [6.4, 6.8, 7],
    ),
    ...vein(
      [
        [-6, -24, -8],
        [18, -15, 3],
        [44, 3, 6],
        [68, 16, 12],
      ],
      [5.4, 5, 4.6, 3.4],
    ),
    ...vein(
      [
        [-6, -24, -8],
        [-8, -30, -40],
        [-4, -36, -80],
      ],
      [6, 5, 3],
    ),
    ...vein(iliac(1, [cavaEnd[0] + 4, cavaEnd[1], cavaEnd[2]]), [8, 7, 6.4, 6]),
    ...vein(iliac(-1, cavaEnd), [8, 7, 6.4, 6]),
    ...artery([origin(18), [12, -27, 17], [17, -27, 18]], [4, 3.4, 2.6]),
    ...artery(
      [
        [17, -27, 18],
        [36, 3, 15],
        [68, 17, 19],
      ],
      [2.6, 2.4, 1.8],
    ),
    ...artery(
      [
        [12, -28, 16],
        [-8, -28, 14],
        [-28, -24, 12],
      ],
      [2.8, 2.4, 2],
    ),
    ...artery([origin(2), [10, -24, -14], [6, -30, -50], [-4, -36, -84]], [4, 3.6, 3, 2]),
    ...artery(
      [
        [14, 6, -14],
        [34, 18, -17],
        [46, 26, -18],
      ],
      [3.4, 2.8, 2.4],
    ),
    ...artery(
      [
        [4, 4, -16],
        [-22, 18, -28],
        [-42, 28, -34],
      ],
      [3.4, 2.8, 2.4],
    ),
    ...artery(iliac(1, last), [7, 6, 5.4, 4.6]),
    ...artery(iliac(-1, last), [7, 6, 5.4, 4.6]),
    ...painted(
      cava.slice(1).map((to, n) => ellipsoidal(cava[n] ?? to, to)),
      HU.vein - 12,
      LABEL.venaCava,
    ),
    ...painted(
      tube(
        aorta,
        aorta.map((p) => (p[2] > 40 ? 12.2 : 10.4 - Math.max(0, -p[2]) * 0.016)),
      ),
      HU.aorta,
      LABEL.aorta,
    ),
    // Calcified plaques in the wall of the infrarenal aorta.
    ...painted(
      [
        ellipsoid([15.5, 3, -66], [2.4, 3.6, 5], [0, 0, -30]),
        ellipsoid([4, -6, -86], [2, 3, 4], [0, 0, 40]),
        ellipsoid([18, 1, -94], [1.8, 2.6, 3.5]),
      ],
      720,
      LABEL.aorta,
    ),
  ];
}

/** A piece of the cava: wider than deep. */
function ellipsoidal(from: Vector3, to: Vector3) {
  const mid: Vector3 = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2, (from[2] + to[2]) / 2];
  return ellipsoid(mid, [12.6, 9.6, 17], [(Math.atan2(to[1] - from[1], from[2] - to[2]) * 180) / Math.PI, 0, 14]);
}
