/** Colon with stool and gas, loops of small bowel. LPS mm. Laid out at random from the seed; without a truth of its own. */
import type { Vector3 } from '../../geometry/points.ts';
import type { SeededRandom } from '../seededRandom.ts';
import { capsule, ellipsoid, grown, type Solid, tube, uneven } from '../solid.ts';
import { HU, painted, type Tissue } from './tissue.ts';

/** One piece at a time, wall and then lumen, so that neighbouring loops keep their walls. */
function gut(pieces: readonly Solid[], wallMm: number, contentHu: number): Tissue[] {
  return pieces.flatMap((piece) => [
    ...painted([piece], HU.bowelWall, 0),
    ...painted([grown(piece, -wallMm)], contentHu, 0),
  ]);
}

/** A tube that is one organ: the wall all along, then the lumen all along. */
function hollow(points: readonly Vector3[], radii: readonly number[], wallMm: number, contentHu: number): Tissue[] {
  const inner = radii.map((r) => Math.max(1, r - wallMm));
  return [...painted(tube(points, radii), HU.bowelWall, 0), ...painted(tube(points, inner), contentHu, 0)];
}

/** Haustra: bulges along the colon, with gas in front where it lies. */
function colon(points: readonly Vector3[], radius: number, random: SeededRandom): Tissue[] {
  const dense: Vector3[] = [];
  points.slice(1).forEach((to, n) => {
    const from = points[n] ?? to;
    const steps = Math.max(1, Math.round(Math.hypot(to[0] - from[0], to[1] - from[1], to[2] - from[2]) / 11));
    for (let s = 0; s < steps; s++) {
      const t = s / steps;
      dense.push([from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t, from[2] + (to[2] - from[2]) * t]);
    }
  });
  const radii = dense.map((_, n) => radius * (n % 2 ? 0.82 : 1.04) * random.between(0.92, 1.06));
  const gas = dense.flatMap((p, n): Solid[] => {
    const r = radii[n] ?? radius;
    const out: Solid[] = [];
    if (random.next() < 0.5)
      out.push(ellipsoid([p[0] + random.between(-3, 3), p[1] - r * 0.36, p[2]], [r * 0.5, r * 0.38, r * 0.55]));
    for (let bubble = 0; bubble < 3; bubble++) {
      out.push(
        ellipsoid(
          [p[0] + random.gauss() * r * 0.32, p[1] + random.gauss() * r * 0.28, p[2] + random.gauss() * 4],
          [2.2, 1.9, 2.4],
        ),
      );
    }
    return out;
  });
  return [
    ...hollow(dense, radii, 2.6, 38),
    ...painted(
      gas.filter((_, n) => n % 3 !== 2),
      -860,
      0,
    ),
  ];
}

function smallBowel(random: SeededRandom): Tissue[] {
  const loops: Solid[] = [];
  for (let z = -205; z <= -52; z += 21) {
    for (let x = -58; x <= 66; x += 25) {
      for (let y = -58; y <= -8; y += 25) {
        if (random.next() < 0.14 || (z > -70 && Math.abs(x) < 22 && y > -20)) continue;
        const at: Vector3 = [x + random.between(-6, 6), y + random.between(-5, 5), z + random.between(-6, 6)];
        const angle = random.between(0, 2 * Math.PI);
        const half = random.between(8, 19);
        const d: Vector3 = [half * Math.cos(angle), half * Math.sin(angle) * 0.7, random.between(-5, 5)];
        loops.push(
          capsule(
            [at[0] - d[0], at[1] - d[1], at[2] - d[2]],
            [at[0] + d[0], at[1] + d[1], at[2] + d[2]],
            random.between(9, 12.5),
            random.between(8.5, 12),
          ),
        );
      }
    }
  }
  return loops.flatMap((straight, n) => {
    const loop = uneven(straight, 1.7, 17, n);
    const content = random.next() < 0.12 ? -700 : random.between(8, 48);
    return gut([loop], random.between(2, 3.2), content);
  });
}

export function bowel(random: SeededRandom): Tissue[] {
  const s = () => random.between(-4, 4);
  return [
    ...smallBowel(random),
    ...colon(
      [
        [-78 + s(), -8, -215],
        [-84, -4 + s(), -150],
        [-97 + s(), 6, -88],
        [-84, -8, -72],
      ],
      21,
      random,
    ),
    ...colon(
      [
        [82 + s(), 4, -215],
        [88, 12 + s(), -140],
        [104 + s(), 22, -70],
        [100, 16, -30],
        [88, -8, -8],
      ],
      13,
      random,
    ),
    ...colon(
      [
        [-84, -10, -72],
        [-62, -50, -66],
        [-20, -62 + s(), -64],
        [30, -63, -56 + s()],
        [72, -50, -36],
        [88, -8, -8],
      ],
      15.5,
      random,
    ),
    // Duodenum around the head of the pancreas.
    ...hollow(
      [
        [-18, -46, -16],
        [-46, -24, -14],
        [-50, -6, -40],
        [-34, -4, -60],
        [0, -16, -58],
        [26, -18, -40],
      ],
      [12, 12, 11.5, 11, 10, 9.5],
      2.6,
      26,
    ),
  ];
}
