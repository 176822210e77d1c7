/** Vertebrae with arches, processes and discs, ribs with cartilage, sternum, iliac wings. LPS mm. */
import type { Vector3 } from '../../geometry/points.ts';
import { capsule, ellipsoid, grown, type Solid, superellipsoid, tube } from '../solid.ts';
import { HU, LABEL, painted, type Tissue } from './tissue.ts';
import { body, spineAt } from './torso.ts';

interface Vertebra {
  readonly name: string;
  readonly z: number;
  readonly halfHeight: number;
  readonly radii: readonly [number, number];
  readonly thoracic: boolean;
}

const VERTEBRAE: readonly Vertebra[] = [
  { name: 'T6', z: 178, halfHeight: 9.5, radii: [15.5, 14], thoracic: true },
  { name: 'T7', z: 155, halfHeight: 9.8, radii: [16, 14.5], thoracic: true },
  { name: 'T8', z: 131, halfHeight: 10, radii: [16.5, 15], thoracic: true },
  { name: 'T9', z: 106, halfHeight: 10.5, radii: [17.5, 15.5], thoracic: true },
  { name: 'T10', z: 80, halfHeight: 11, radii: [18.5, 16], thoracic: true },
  { name: 'T11', z: 53, halfHeight: 11.5, radii: [19.5, 16.5], thoracic: true },
  { name: 'T12', z: 24, halfHeight: 12.3, radii: [20.5, 17], thoracic: true },
  { name: 'L1', z: -7, halfHeight: 13, radii: [21.5, 17], thoracic: false },
  { name: 'L2', z: -40, halfHeight: 13.3, radii: [22.5, 17.5], thoracic: false },
  { name: 'L3', z: -74, halfHeight: 13.5, radii: [23.5, 18], thoracic: false },
  { name: 'L4', z: -108, halfHeight: 13.5, radii: [24.5, 18], thoracic: false },
  { name: 'L5', z: -142, halfHeight: 13.2, radii: [25.5, 18], thoracic: false },
  { name: 'S1', z: -178, halfHeight: 15, radii: [27, 17], thoracic: false },
];

/** How the line of the bodies leans from front to back, degrees about x. */
function leanDegrees(z: number): number {
  return (Math.atan2(spineAt(z + 12).y - spineAt(z - 12).y, 24) * -180) / Math.PI;
}

function shell(outer: Solid, inner: Solid, hu: number, marrowHu: number, label: number): Tissue[] {
  return [
    { solid: outer, hu, label },
    { solid: inner, hu: marrowHu, label },
  ];
}

/** A bone's process: cortical tube with a little marrow. */
function process(from: Vector3, to: Vector3, ra: number, rb: number, tallness: number, label: number): Tissue[] {
  const outer = capsule(from, to, ra, rb, tallness);
  const inner = capsule(from, to, Math.max(0.6, ra - 1.7), Math.max(0.5, rb - 1.7), tallness);
  return shell(outer, inner, 680, 300, label);
}

function vertebra(v: Vertebra): Tissue[] {
  const { x, y } = spineAt(v.z);
  const [a, b] = v.radii;
  const lean = leanDegrees(v.z);
  const at = (dx: number, dy: number, dz: number): Vector3 => [x + dx, y + dy, v.z + dz];
  const label = LABEL.spine;
  const arch = b + 9.5;
  const bodyOuter = superellipsoid(at(0, 0, 0), [a, b, v.halfHeight], 2.3, 7, [lean, 0, 0]);
  const bodyInner = superellipsoid(at(0, 0, 0), [a - 1.5, b - 1.5, v.halfHeight - 1.5], 2.3, 7, [lean, 0, 0]);
  const transverse = v.thoracic
    ? { from: at(13, arch + 1, 3), to: at(31, arch + 11, 5) }
    : { from: at(13, arch - 3, 0), to: at(41, arch + 1, 2) };
  const mirrored = (p: Vector3): Vector3 => [2 * x - p[0], p[1], p[2] + 0.8];
  const spinous = v.thoracic ? at(0, arch + 26, -17) : at(0, arch + 25, -6);
  return [
    ...process(transverse.from, transverse.to, 4.6, 3.8, 1.3, label),
    ...process(mirrored(transverse.from), mirrored(transverse.to), 4.6, 3.7, 1.3, label),
    ...process(at(0, arch + 9, -2), spinous, 3.6, 4.2, v.thoracic ? 1.4 : 2.1, label),
    // The arch: a ring around the canal, which is laid over it in the end.
    ...shell(
      superellipsoid(at(0, arch, 0), [15, 12.5, 8.8], 2.2, 3, [lean - 6, 0, 0]),
      superellipsoid(at(0, arch, 0), [13.4, 10.9, 7], 2.2, 3, [lean - 6, 0, 0]),
      640,
      330,
      label,
    ),
    // Joint facets, above and below the arch.
    ...painted(
      [
        ellipsoid(at(15.5, arch + 6.5, -11), [5.2, 6, 9.5], [10, 0, 25]),
        ellipsoid(at(-15.3, arch + 6.7, -11.5), [5.2, 6, 9.5], [10, 0, -25]),
      ],
      560,
      label,
    ),
    ...shell(bodyOuter, bodyInner, HU.thinCortical, HU.trabecular - (v.thoracic ? 60 : 75), label),
    // The basivertebral vein's notch and a denser band under the end plates.
    ...painted([ellipsoid(at(0, b - 5, 0), [4, 5, 2.2])], 130, label),
  ];
}

function discs(): Tissue[] {
  return VERTEBRAE.slice(1).map((lower, n) => {
    const upper = VERTEBRAE[n] ?? lower;
    const top = upper.z - upper.halfHeight;
    const bottom = lower.z + lower.halfHeight;
    const z = (top + bottom) / 2;
    const { x, y } = spineAt(z);
    return {
      solid: superellipsoid(
        [x, y - 0.5, z],
        [
          (upper.radii[0] + lower.radii[0]) / 2 + 0.5,
          (upper.radii[1] + lower.radii[1]) / 2 + 0.5,
          (top - bottom) / 2 + 2,
        ],
        2.3,
        5,
        [leanDegrees(z), 0, 0],
      ),
      hu: HU.disc,
      label: 0,
    };
  });
}

function canal(): Tissue[] {
  const at = (z: number): Vector3 => {
    const v = VERTEBRAE.reduce((best, each) => (Math.abs(each.z - z) < Math.abs(best.z - z) ? each : best));
    const { x, y } = spineAt(z);
    return [x, y + v.radii[1] + 8.5, z];
  };
  const points = Array.from({ length: 25 }, (_, n) => at(-200 + n * 17));
  return [
    ...painted(
      tube(
        points,
        points.map(() => 8.2),
      ),
      HU.canal,
      0,
    ),
    ...painted(
      tube(
        points.filter((p) => p[2] > -12),
        [4.6],
      ),
      46,
      0,
    ),
  ];
}

/** Rib `n` of a side from its vertebra around the chest wall; floating ribs end early. */
function rib(v: Vertebra, side: 1 | -1, sweepDegrees: number, dropMm: number, jointed: boolean): Tissue[] {
  const wall = body();
  const depthMm = 21;
  const { x, y } = spineAt(v.z);
  const steps = Math.round(sweepDegrees / 7);
  const points: Vector3[] = [[x + side * (v.radii[0] + 3), y + v.radii[1] - 1, v.z + 4]];
  for (let n = 0; n <= steps; n++) {
    const theta = ((17 + (sweepDegrees - 17) * (n / steps)) * Math.PI) / 180;
    const t = n / steps;
    const z = v.z + 2 + (side > 0 ? 2 : 0) - dropMm * (sweepDegrees / 150) * t ** 1.25;
    const s = wall.at(z);
    const [a, b] = [s.radii[0] - depthMm, s.radii[1] - depthMm];
    const power = 2 / 2.35;
    const inward = theta < 0.6 ? (0.6 - theta) * 9 : 0;
    points.push([
      s.center[0] + side * a * Math.abs(Math.sin(theta)) ** power,
      s.center[1] + Math.sign(Math.cos(theta)) * b * Math.abs(Math.cos(theta)) ** power - inward,
      z,
    ]);
  }
  const end = jointed ? Math.round(points.length * 0.84) : points.length;
  const bone = points.slice(0, end);
  const cartilage = points.slice(end - 1);
  return [
    ...painted(tube(cartilage, [3.6], 1.7), HU.cartilage, 0),
    ...painted(
      tube(
        bone,
        bone.map((_, n) => (n === 0 ? 4.6 : 3.9)),
        1.75,
      ),
      HU.cortical - 120,
      LABEL.ribs,
    ),
    ...painted(tube(bone, [2.1], 2.1), 300, LABEL.ribs),
  ];
}

const RIBS: readonly (readonly [vertebra: string, sweep: number, drop: number, jointed: boolean])[] = [
  ['T6', 158, 105, true],
  ['T7', 156, 112, true],
  ['T8', 150, 118, true],
  ['T9', 142, 118, true],
  ['T10', 132, 112, true],
  ['T11', 92, 78, false],
  ['T12', 58, 48, false],
];

function ribs(): Tissue[] {
  return RIBS.flatMap(([name, sweep, drop, jointed]) => {
    const v = VERTEBRAE.find((each) => each.name === name);
    if (!v) return [];
    return [...rib(v, 1, sweep, drop, jointed), ...rib(v, -1, sweep - 1, drop + 3, jointed)];
  });
}

function sternum(): Tissue[] {
  const outer = superellipsoid([1, -83, 168], [17, 5.5, 62], 2.6, 3, [-4, 0, 0]);
  const inner = superellipsoid([1, -83, 168], [15.4, 3.9, 60], 2.6, 3, [-4, 0, 0]);
  return shell(outer, inner, 560, 190, 0);
}

/** An iliac wing: a bent plate from the sacrum out and forward, with a thicker crest along its upper edge. */
function iliacWing(side: 1 | -1): Tissue[] {
  const at = (x: number, y: number, z: number): Vector3 => [side * x + (side > 0 ? 1 : 0), y, z + (side > 0 ? 1.5 : 0)];
  // The rim in a quarter circle of steps: back (near the sacrum) to front (the anterior superior spine).
  const rim = Array.from({ length: 15 }, (_, n) => {
    const angle = ((12 + n * 10.6) * Math.PI) / 180;
    const along = Math.cos(angle);
    const bow = 9 * Math.sin(angle);
    return at(
      99 - (along > 0 ? 44 : 12) * along + 0.7 * bow,
      24 + 46 * along + 0.35 * bow,
      -176 + 76 * Math.sin(angle),
    );
  });
  const foot = rim.map((p): Vector3 => [side * 76 + (p[0] - side * 99) * 0.72, 24 + (p[1] - 24) * 0.8, -245]);
  const plates = rim.slice(1).flatMap((p, n) => {
    const before = rim[n] ?? p;
    return Array.from({ length: 20 }, (_, row) => row / 20).map((t) => {
      const mix = (a: Vector3, b: Vector3 | undefined, s: number): Vector3 =>
        [0, 1, 2].map((c) => (a[c] ?? 0) + ((b?.[c] ?? a[c] ?? 0) - (a[c] ?? 0)) * s) as unknown as Vector3;
      const thick = (n < 4 ? 6.4 - 0.5 * n : 4.1) - 1.4 * t;
      return capsule(mix(before, foot[n], t), mix(p, foot[n + 1], t), thick, thick, 1.9);
    });
  });
  const inner = (solid: Solid) => grown(solid, -1.7);
  const crest = tube(
    rim,
    rim.map((_, n) => (n < 3 ? 8 : 6.2 + (n === 9 ? 1.2 : 0))),
  );
  return [
    ...painted([...plates, ...crest], HU.cortical - 250, LABEL.hips),
    ...painted([...plates, ...crest].map(inner), HU.trabecular + 20, LABEL.hips),
  ];
}

export function skeleton(): Tissue[] {
  return [
    ...discs(),
    ...VERTEBRAE.flatMap(vertebra),
    ...canal(),
    ...ribs(),
    ...sternum(),
    ...iliacWing(1),
    ...iliacWing(-1),
  ];
}
