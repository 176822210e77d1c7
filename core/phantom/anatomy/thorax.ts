/** Lungs with vessels, diaphragm domes, heart and mediastinum. LPS mm. */
import type { Vector3 } from '../../geometry/points.ts';
import type { SeededRandom } from '../seededRandom.ts';
import {
  below,
  capsule,
  difference,
  ellipsoid,
  grown,
  intersection,
  type Solid,
  tube,
  uneven,
  union,
} from '../solid.ts';
import { HU, LABEL, painted, type Tissue } from './tissue.ts';
import { cavity, spineAt } from './torso.ts';

/** Under the diaphragm; the right dome stands higher. */
export function domes(): { readonly right: Solid; readonly left: Solid } {
  return {
    right: uneven(ellipsoid([-66, -10, -52], [83, 98, 133]), 2.2, 95, 0.4),
    left: uneven(ellipsoid([64, -8, -52], [81, 96, 122]), 2.2, 90, 1.9),
  };
}

function mediastinum(): Solid {
  const core = ellipsoid([6, -22, 190], [38, 92, 260]);
  const back = ellipsoid([2, 52, 190], [22, 50, 480]);
  return union([core, back], 16);
}

function lung(side: 1 | -1): Solid {
  const box: Solid = {
    min: side > 0 ? [0, -110, -38] : [-150, -110, -38],
    max: side > 0 ? [150, 110, 260] : [0, 110, 260],
    distanceMm: (x, y, z) => Math.max(-side * x, -38 + 0.45 * Math.max(0, 45 - y) - z),
  };
  const { left, right } = domes();
  const under = union([grown(side > 0 ? left : right, 3.2)]);
  return difference(difference(intersection(box, cavity(), 1.5), mediastinum()), under);
}

/** Bronchovascular tree: bent limbs from the hilum to random places in the lung, thinner towards their ends. */
function vessels(random: SeededRandom, side: 1 | -1): Tissue[] {
  const inside = lung(side);
  const pieces: Solid[] = [];
  for (let limb = 0, tries = 0; limb < 95 && tries < 900; tries++) {
    const end: Vector3 = [side * random.between(28, 130), random.between(-85, 82), random.between(0, 205)];
    if (inside.distanceMm(...end) > -5) continue;
    limb++;
    const hilum: Vector3 = [side * random.between(44, 56), random.between(-8, 14), random.between(112, 150)];
    const bend: Vector3 = [
      (hilum[0] + end[0]) / 2 + 9 * random.gauss(),
      (hilum[1] + end[1]) / 2 + 9 * random.gauss(),
      (hilum[2] + end[2]) / 2 + 9 * random.gauss(),
    ];
    const thick = random.between(1.5, 3.1);
    const at = (t: number): Vector3 =>
      [0, 1, 2].map(
        (a) => (1 - t) ** 2 * (hilum[a] ?? 0) + 2 * t * (1 - t) * (bend[a] ?? 0) + t * t * (end[a] ?? 0),
      ) as unknown as Vector3;
    for (let step = 0; step < 6; step++) {
      const [from, to] = [at(step / 6), at((step + 1) / 6)];
      if (Math.max(inside.distanceMm(...from), inside.distanceMm(...to)) > -3) continue;
      pieces.push(capsule(from, to, thick * (1 - 0.13 * step), thick * (1 - 0.13 * (step + 1))));
    }
  }
  return painted(pieces, HU.lungVessel, 'keep');
}

function heart(): Tissue[] {
  const whole = uneven(ellipsoid([22, -37, 126], [56, 40, 46], [18, 14, 32]), 1.5, 60, 0.8);
  return [
    ...painted([ellipsoid([20, -36, 124], [62, 45, 52], [18, 14, 32])], -78, 0),
    ...painted([whole], HU.myocardium, LABEL.heart),
    ...painted(
      [
        ellipsoid([40, -33, 122], [33, 19, 23], [18, 14, 32]), // left ventricle
        ellipsoid([8, -52, 126], [30, 15, 24], [14, 10, 30]), // right ventricle
        ellipsoid([-16, -28, 140], [20, 20, 26]), // right atrium
        ellipsoid([14, -2, 150], [26, 13, 18]), // left atrium
      ],
      178,
      LABEL.heart,
    ),
    ...painted([ellipsoid([46, -26, 118], [7, 5, 6]), ellipsoid([42, -41, 122], [6, 4, 7])], 120, LABEL.heart),
  ];
}

function oesophagus(): Tissue[] {
  const points: Vector3[] = [200, 150, 110, 80, 62].map((z, n) => [4 + n * 4.2, spineAt(z).y - 25 - n * 3.5, z]);
  return [...painted(tube(points, [7.5]), 62, 0), ...painted(tube(points.slice(0, 3), [1.6]), -620, 0)];
}

export function thorax(random: SeededRandom): Tissue[] {
  const { left, right } = domes();
  const inside = cavity();
  const low = (dome: Solid) => below(intersection(dome, inside, 0.5), [0, 0, 1], 90);
  return [
    ...painted([lung(-1)], HU.lung, LABEL.rightLung),
    ...painted([lung(1)], HU.lung + 4, LABEL.leftLung),
    ...vessels(random, -1),
    ...vessels(random, 1),
    // Diaphragm as a thin muscle, abdominal fat under it.
    ...painted([low(grown(right, 2.2)), low(grown(left, 2.2))], 55, 0),
    ...painted([low(right), low(left)], HU.visceralFat, 0),
    ...heart(),
    ...oesophagus(),
  ];
}
