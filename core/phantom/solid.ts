/**
 * Analytic solids as signed distances, LPS mm: negative inside, positive outside, near the surface within a few per cent of the
 * true distance (first order). Everything the phantom is made of. Next: anatomy/torso.ts, paintSolids.ts.
 */
import type { Vector3 } from '../geometry/points.ts';

export interface Solid {
  distanceMm(x: number, y: number, z: number): number;
  /** Box that holds all points with a negative distance. */
  readonly min: Vector3;
  readonly max: Vector3;
}

/** Turns about the x, y and z axis, applied in this order, degrees. */
export type Turn = readonly [aboutX: number, aboutY: number, aboutZ: number];

const NO_TURN: Turn = [0, 0, 0];

/** Beyond this the exact distance matters to nobody: a lower bound will do, and a second operand is not asked. */
const FAR_MM = 9;

/** Rows of the matrix that brings a world vector into the solid's own axes. */
function turned([rx, ry, rz]: Turn): readonly [Vector3, Vector3, Vector3] {
  const [a, b, c] = [rx, ry, rz].map((d) => (d * Math.PI) / 180) as [number, number, number];
  const [ca, sa, cb, sb, cc, sc] = [Math.cos(a), Math.sin(a), Math.cos(b), Math.sin(b), Math.cos(c), Math.sin(c)];
  return [
    [cc * cb, sc * cb, -sb],
    [cc * sb * sa - sc * ca, sc * sb * sa + cc * ca, cb * sa],
    [cc * sb * ca + sc * sa, sc * sb * ca - cc * sa, cb * ca],
  ];
}

function around(center: Vector3, radii: Vector3, rows: readonly [Vector3, Vector3, Vector3], round: boolean) {
  const reach = [0, 1, 2].map((axis) => {
    const parts = rows.map((row, own) => Math.abs(row[axis] ?? 0) * (radii[own] ?? 0));
    return round ? Math.hypot(...parts) : parts.reduce((sum, part) => sum + part, 0);
  }) as unknown as Vector3;
  return { min: minus(center, reach), max: plus(center, reach) };
}

function plus(a: Vector3, b: Vector3): Vector3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

function minus(a: Vector3, b: Vector3): Vector3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

export function ellipsoid(center: Vector3, radii: Vector3, turn: Turn = NO_TURN): Solid {
  const rows = turned(turn);
  const [[ux, uy, uz], [vx, vy, vz], [wx, wy, wz]] = rows;
  const [cx, cy, cz] = center;
  const [a, b, c] = radii;
  const least = Math.min(a, b, c);
  return {
    ...around(center, radii, rows, true),
    distanceMm(x, y, z) {
      const dx = x - cx;
      const dy = y - cy;
      const dz = z - cz;
      const u = (ux * dx + uy * dy + uz * dz) / a;
      const v = (vx * dx + vy * dy + vz * dz) / b;
      const w = (wx * dx + wy * dy + wz * dz) / c;
      const q = Math.sqrt(u * u + v * v + w * w);
      if (q < 1e-6) return -least;
      const gradient = Math.sqrt((u * u) / (a * a) + (v * v) / (b * b) + (w * w) / (c * c));
      return (q * (q - 1)) / gradient;
    },
  };
}

/** (|x/a|^n + |y/b|^n)^(m/n) + |z/c|^m = 1; n shapes the section, m the profile: 2 is round, 6 nearly a box. */
export function superellipsoid(center: Vector3, radii: Vector3, n: number, m: number, turn: Turn = NO_TURN): Solid {
  const rows = turned(turn);
  const [[ux, uy, uz], [vx, vy, vz], [wx, wy, wz]] = rows;
  const [cx, cy, cz] = center;
  const [a, b, c] = radii;
  const least = Math.min(a, b, c);
  const box = around(center, radii, rows, false);
  const [reachX, reachY, reachZ] = minus(box.max, center);
  return {
    ...box,
    distanceMm(x, y, z) {
      const outside = Math.max(Math.abs(x - cx) - reachX, Math.abs(y - cy) - reachY, Math.abs(z - cz) - reachZ);
      if (outside > 2 * FAR_MM) return outside;
      const dx = x - cx;
      const dy = y - cy;
      const dz = z - cz;
      const u = Math.abs(ux * dx + uy * dy + uz * dz) / a;
      const v = Math.abs(vx * dx + vy * dy + vz * dz) / b;
      const w = Math.abs(wx * dx + wy * dy + wz * dz) / c;
      const section = (u ** n + v ** n) ** (m / n);
      const q = (section + w ** m) ** (1 / m);
      if (q < 1e-6) return -least;
      // Along the ray from the centre: exact sign, and the distance that partial volume needs.
      return Math.sqrt(dx * dx + dy * dy + dz * dz) * (1 - 1 / q);
    },
  };
}

/** A cone with round ends from `from` (radius ra) to `to` (radius rb). `tallness` > 1 makes the section taller along z. */
export function capsule(from: Vector3, to: Vector3, ra: number, rb = ra, tallness = 1): Solid {
  const [ax, ay] = from;
  const az = from[2] / tallness;
  const bx = to[0] - ax;
  const by = to[1] - ay;
  const bz = to[2] / tallness - az;
  const bb = Math.max(bx * bx + by * by + bz * bz, 1e-9);
  const r = Math.max(ra, rb);
  const reach: Vector3 = [r, r, r * tallness];
  return {
    min: minus([Math.min(ax, to[0]), Math.min(ay, to[1]), Math.min(from[2], to[2])], reach),
    max: plus([Math.max(ax, to[0]), Math.max(ay, to[1]), Math.max(from[2], to[2])], reach),
    distanceMm(x, y, z) {
      const px = x - ax;
      const py = y - ay;
      const pz = z / tallness - az;
      let t = (px * bx + py * by + pz * bz) / bb;
      t = t < 0 ? 0 : Math.min(t, 1);
      const dx = px - t * bx;
      const dy = py - t * by;
      const dz = pz - t * bz;
      return Math.sqrt(dx * dx + dy * dy + dz * dz) - (ra + (rb - ra) * t);
    },
  };
}

/** A tube through points, as one capsule a piece: each keeps its small box, which is what makes painting quick. */
export function tube(points: readonly Vector3[], radiiMm: readonly number[], tallness = 1): Solid[] {
  const last = radiiMm[radiiMm.length - 1] ?? 1;
  return points
    .slice(1)
    .map((to, n) => capsule(points[n] ?? to, to, radiiMm[n] ?? last, radiiMm[n + 1] ?? last, tallness));
}

export interface Section {
  readonly z: number;
  readonly center: readonly [x: number, y: number];
  readonly radii: readonly [a: number, b: number];
}

/** Superelliptic sections of exponent n stacked along z and joined smoothly; flat at both ends. */
export function loft(sections: readonly Section[], n: number): Solid & { at(z: number): Section } {
  const first = sections[0];
  const end = sections[sections.length - 1];
  if (!first || !end) throw new RangeError('A loft needs sections.');
  const at = (z: number): Section => {
    let above = sections.findIndex((s) => s.z >= z);
    if (above < 0) above = sections.length - 1;
    const hi = sections[above] ?? end;
    const lo = sections[Math.max(0, above - 1)] ?? first;
    const t = hi.z === lo.z ? 0 : Math.min(1, Math.max(0, (z - lo.z) / (hi.z - lo.z)));
    const s = t * t * (3 - 2 * t);
    const mix = (p: number, q: number) => p + (q - p) * s;
    return {
      z,
      center: [mix(lo.center[0], hi.center[0]), mix(lo.center[1], hi.center[1])],
      radii: [mix(lo.radii[0], hi.radii[0]), mix(lo.radii[1], hi.radii[1])],
    };
  };
  let cached = at(first.z);
  const spread = (axis: 0 | 1, sign: 1 | -1) =>
    sign * Math.max(...sections.map((s) => sign * s.center[axis] + s.radii[axis]));
  return {
    at,
    min: [spread(0, -1), spread(1, -1), first.z],
    max: [spread(0, 1), spread(1, 1), end.z],
    distanceMm(x, y, z) {
      if (cached.z !== z) cached = at(z);
      const dx = x - cached.center[0];
      const dy = y - cached.center[1];
      const outside = Math.max(Math.abs(dx) - cached.radii[0], Math.abs(dy) - cached.radii[1]);
      if (outside > 2 * FAR_MM) return outside;
      const q = ((Math.abs(dx) / cached.radii[0]) ** n + (Math.abs(dy) / cached.radii[1]) ** n) ** (1 / n);
      const side = q < 1e-6 ? -Math.min(cached.radii[0], cached.radii[1]) : Math.sqrt(dx * dx + dy * dy) * (1 - 1 / q);
      return Math.max(side, first.z - z, z - end.z);
    },
  };
}

/** Union whose seam is filled over about `blendMm`; 0 is the plain union. */
export function union(solids: readonly Solid[], blendMm = 0): Solid {
  const extend: Vector3 = [blendMm / 4, blendMm / 4, blendMm / 4];
  const pick = (key: 'min' | 'max', axis: 0 | 1 | 2) => Math[key](...solids.map((s) => s[key][axis]));
  return {
    min: minus([pick('min', 0), pick('min', 1), pick('min', 2)], extend),
    max: plus([pick('max', 0), pick('max', 1), pick('max', 2)], extend),
    distanceMm(x, y, z) {
      let d = Number.POSITIVE_INFINITY;
      for (const solid of solids) {
        const e = solid.distanceMm(x, y, z);
        const h = blendMm - Math.abs(d - e);
        d = Math.min(d, e) - (h > 0 ? (h * h) / (4 * blendMm) : 0);
      }
      return d;
    },
  };
}

/** @param box the smaller of the two, whose box bounds the result */
export function intersection(box: Solid, other: Solid, insetMm = 0): Solid {
  return {
    min: box.min,
    max: box.max,
    distanceMm(x, y, z) {
      const d = box.distanceMm(x, y, z);
      return d > FAR_MM ? d : Math.max(d, other.distanceMm(x, y, z) + insetMm);
    },
  };
}

export function difference(whole: Solid, cut: Solid): Solid {
  return {
    min: whole.min,
    max: whole.max,
    distanceMm(x, y, z) {
      const d = whole.distanceMm(x, y, z);
      return d > FAR_MM ? d : Math.max(d, -cut.distanceMm(x, y, z));
    },
  };
}

/** Half space of the points with `normal · p < offsetMm`, cut out of a solid. */
export function below(solid: Solid, normal: Vector3, offsetMm: number): Solid {
  return {
    min: solid.min,
    max: solid.max,
    distanceMm: (x, y, z) =>
      Math.max(solid.distanceMm(x, y, z), normal[0] * x + normal[1] * y + normal[2] * z - offsetMm),
  };
}

/** The same solid, grown (or shrunk) by a margin: walls and shells. */
export function grown(solid: Solid, byMm: number): Solid {
  const reach: Vector3 = [byMm, byMm, byMm];
  return {
    min: minus(solid.min, reach),
    max: plus(solid.max, reach),
    distanceMm: (x, y, z) => solid.distanceMm(x, y, z) - byMm,
  };
}

/** A gently uneven surface: the distance is moved by smooth waves, so that organs do not look turned on a lathe. */
export function uneven(solid: Solid, amplitudeMm: number, wavelengthMm: number, phase: number): Solid {
  const k = (2 * Math.PI) / wavelengthMm;
  const reach: Vector3 = [amplitudeMm, amplitudeMm, amplitudeMm];
  return {
    min: minus(solid.min, reach),
    max: plus(solid.max, reach),
    distanceMm(x, y, z) {
      const d = solid.distanceMm(x, y, z);
      if (d > 4 * amplitudeMm || d < -4 * amplitudeMm) return d;
      const wave =
        Math.sin(k * x + 0.6 * k * y + phase) +
        Math.sin(0.9 * k * y - 0.5 * k * z + 2.1 * phase) +
        Math.sin(1.1 * k * z + 0.4 * k * x + 3.7 * phase);
      return d + (amplitudeMm / 3) * wave;
    },
  };
}
