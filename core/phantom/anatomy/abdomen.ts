/** Liver, gallbladder, spleen, stomach, pancreas, kidneys, the lesion. LPS mm. */
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
  type Turn,
  tube,
  uneven,
  union,
} from '../solid.ts';
import { domes } from './thorax.ts';
import { HU, LABEL, painted, type Tissue } from './tissue.ts';
import { cavity } from './torso.ts';

/** Moves and scales one organ about its own place; how anatomies differ from seed to seed. */
export interface Pose {
  at(x: number, y: number, z: number): Vector3;
  size(a: number, b: number, c: number): Vector3;
}

export function pose(random: SeededRandom, pivot: Vector3, jitter: number): Pose {
  const shift = [0, 1, 2].map(() => 5 * jitter * random.gauss());
  const scale = 1 + jitter * 0.07 * Math.max(-2, Math.min(2, random.gauss()));
  const along = (value: number, axis: 0 | 1 | 2) =>
    pivot[axis] + (value - pivot[axis]) * scale + Math.max(-9, Math.min(9, shift[axis] ?? 0));
  return {
    at: (x, y, z) => [along(x, 0), along(y, 1), along(z, 2)],
    size: (a, b, c) => [a * scale, b * scale, c * scale],
  };
}

function liver(p: Pose, lesion: Pose, random: SeededRandom, jitter: number): Tissue[] {
  const right = ellipsoid(p.at(-70, 3, 12), p.size(64, 76, 74), [4, -10, 8]);
  const rightTip = ellipsoid(p.at(-92, 6, -42), p.size(27, 46, 52), [0, -6, 10]);
  const left = ellipsoid(p.at(-2, -50, 32), p.size(64, 29, 38), [-8, 12, -8]);
  const caudate = ellipsoid(p.at(-12, -5, 30), p.size(15, 14, 24));
  const lobes = uneven(union([right, rightTip, left, caudate], 20), 2.4, 74, 1.2);
  const visceralSide = ellipsoid(p.at(-18, 6, -58), p.size(64, 80, 64), [0, 24, 0]);
  const fissure = ellipsoid(p.at(-17, -52, -2), p.size(3, 24, 26), [0, 0, 12]);
  const { right: rightDome, left: leftDome } = domes();
  const under = union([grown(rightDome, -1), grown(leftDome, -1)], 14);
  const whole = difference(difference(intersection(intersection(lobes, under), cavity(), 1), visceralSide), fissure);
  // Lesion: free in the right lobe; its place and size vary more than the organ's.
  const at = lesion.at(
    -88 + 14 * jitter * random.gauss(),
    4 + 12 * jitter * random.gauss(),
    26 + 9 * jitter * random.gauss(),
  );
  const size = 13.5 * (1 + 0.25 * jitter * random.gauss());
  const mass = uneven(ellipsoid(at, [size * 1.08, size, size * 0.94], [0, 20, 30]), 1.3, 21, 0.6);
  return [
    ...painted([whole], HU.liver, LABEL.liver),
    ...painted([intersection(mass, whole)], HU.lesionRim, LABEL.lesion),
    ...painted([intersection(grown(mass, -2.2), whole)], HU.lesion, LABEL.lesion),
    ...painted([ellipsoid([at[0] + 2, at[1] + 1, at[2] - 1], [size * 0.4, size * 0.35, size * 0.4])], 42, LABEL.lesion),
  ];
}

function gallbladder(p: Pose): Tissue[] {
  const bag = ellipsoid(p.at(-50, -48, -18), p.size(15, 19, 29), [24, 8, 0]);
  return [...painted([bag], 62, LABEL.gallbladder), ...painted([grown(bag, -1.8)], HU.fluid, LABEL.gallbladder)];
}

function spleen(p: Pose): Tissue[] {
  const outer = ellipsoid(p.at(91, 28, 30), p.size(29, 52, 54), [-20, 10, -12]);
  const hilum = ellipsoid(p.at(62, 4, 28), p.size(27, 34, 44), [-20, 10, -12]);
  const { left } = domes();
  const whole = intersection(intersection(difference(uneven(outer, 2, 48, 2.6), hilum), grown(left, -1)), cavity(), 1);
  return painted([whole], HU.spleen, LABEL.spleen);
}

function stomach(p: Pose): Tissue[] {
  const fundus = ellipsoid(p.at(54, -5, 50), p.size(37, 31, 24), [10, 0, -10]);
  const corpus = ellipsoid(p.at(52, -34, 12), p.size(30, 27, 42), [-28, -12, 0]);
  const antrum = capsule(p.at(40, -50, -14), p.at(-14, -50, -16), 17, 12);
  const { left } = domes();
  const bag = intersection(
    intersection(uneven(union([fundus, corpus, antrum], 16), 1.5, 44, 0.3), grown(left, -1)),
    cavity(),
    2,
  );
  const lumen = grown(bag, -4.2);
  const air = below(lumen, [0, 1, 0], p.at(0, -43, 0)[1]);
  return [
    ...painted([bag], HU.bowelWall + 6, LABEL.stomach),
    ...painted([lumen], 24, LABEL.stomach),
    ...painted([air], -980, LABEL.stomach),
  ];
}

function pancreas(p: Pose): Tissue[] {
  const line = [
    p.at(-30, -20, -32),
    p.at(-24, -26, -12),
    p.at(0, -32, 2),
    p.at(24, -20, 8),
    p.at(46, -1, 11),
    p.at(66, 8, 14),
  ];
  const gland = uneven(union(tube(line, [13, 13.5, 9, 10.5, 10, 7]), 6), 1.9, 17, 1.1);
  return painted([gland], HU.pancreas, LABEL.pancreas);
}

function kidney(p: Pose, side: 1 | -1, center: Vector3, label: number): Tissue[] {
  const [x, y, z] = center;
  const turn: Turn = [12, side * -11, side * 24];
  const outline = uneven(ellipsoid(p.at(x, y, z), p.size(27, 24, 53), turn), 1.2, 40, side + 2);
  const sinus = ellipsoid(p.at(x - side * 21, y - 7, z), p.size(17, 11, 21), turn);
  const medulla: Solid[] = [];
  for (let ring = -1; ring <= 1; ring++) {
    for (let n = 0; n < 5; n++) {
      const angle = ((n - 2) / 5) * 1.35 * Math.PI;
      const reach = 14.5 - Math.abs(ring) * 2;
      medulla.push(
        ellipsoid(
          p.at(x + side * (reach * Math.cos(angle) - 4), y + 0.9 * reach * Math.sin(angle) - 2, z + ring * 22),
          p.size(6.2, 5.4, 8),
          [0, 0, (side * angle * 180) / Math.PI],
        ),
      );
    }
  }
  const parenchyma = difference(outline, sinus);
  return [
    ...painted([parenchyma], HU.renalCortex, label),
    ...painted(
      medulla.map((m) => intersection(m, parenchyma, 4)),
      HU.renalMedulla,
      label,
    ),
    ...painted(
      [intersection(ellipsoid(p.at(x - side * 20, y - 6, z - 2), p.size(9, 6, 11), turn), sinus)],
      HU.renalPelvis,
      0,
    ),
    ...painted(
      tube(
        [p.at(x - side * 22, y - 7, z - 4), p.at(x - side * 26, y - 8, z - 40), p.at(x - side * 22, y - 14, z - 140)],
        [4.2, 2.6, 2.4],
      ),
      HU.renalPelvis + 6,
      0,
    ),
  ];
}

export function abdomen(random: SeededRandom, jitter: number): Tissue[] {
  const own = (x: number, y: number, z: number) => pose(random, [x, y, z], jitter);
  return [
    ...kidney(own(-60, 37, -38), -1, [-60, 37, -38], LABEL.rightKidney),
    ...kidney(own(61, 34, -20), 1, [61, 34, -20], LABEL.leftKidney),
    ...spleen(own(91, 28, 30)),
    ...stomach(own(52, -28, 16)),
    ...pancreas(own(10, -22, 0)),
    ...liver(own(-60, 0, 10), own(-88, 4, 26), random, jitter),
    ...gallbladder(own(-50, -48, -18)),
  ];
}
