/**
 * The frame that all anatomy hangs on: skin, fat and muscle as depths below the skin, and the curve of the spine.
 * LPS mm with z = 0 at the disc T12/L1 … L1; x > 0 is the patient's left, y > 0 the back.
 */
import { loft, type Section, type Solid } from '../solid.ts';

export const BODY_SECTIONS: readonly Section[] = [
  { z: -260, center: [0, 2], radii: [170, 110] },
  { z: -150, center: [0, 1], radii: [166, 107] },
  { z: -105, center: [0, 0], radii: [156, 103] },
  { z: -45, center: [0, -1], radii: [147, 101] },
  { z: 20, center: [0, 0], radii: [150, 105] },
  { z: 90, center: [1, 1], radii: [156, 109] },
  { z: 260, center: [1, 2], radii: [160, 112] },
];

export const body = (): ReturnType<typeof loft> => loft(BODY_SECTIONS, 2.35);

/** Thickness of the fat under the skin, thicker in front and at the flanks than over the back. */
export function fatMm(x: number, y: number): number {
  return 13 - 0.035 * y + 0.012 * Math.abs(x) + (x > 0 ? 0.6 : 0);
}

/** Thickness of the muscle wall inside of the fat; the chest wall is thinner than the belly's. */
export function wallMm(z: number): number {
  return z > 40 ? 10 : z < -20 ? 13 : 13 - (3 * (z + 20)) / 60;
}

/** Inside of the muscle wall: what organs are kept within. */
export function cavity(): Solid {
  const outline = body();
  return {
    min: outline.min,
    max: outline.max,
    distanceMm: (x, y, z) => outline.distanceMm(x, y, z) + fatMm(x, y) + wallMm(z) + 2,
  };
}

/** Centre line of the vertebral bodies: lumbar lordosis, thoracic kyphosis, a slight lean to one side. */
export function spineAt(z: number): { readonly x: number; readonly y: number } {
  const knots: readonly (readonly [number, number])[] = [
    [-260, 60],
    [-175, 48],
    [-130, 34],
    [-80, 28],
    [-20, 30],
    [40, 38],
    [100, 48],
    [170, 57],
    [260, 62],
  ];
  let n = 1;
  while (n < knots.length - 1 && (knots[n]?.[0] ?? 0) < z) n++;
  const [z0, y0] = knots[n - 1] ?? [0, 0];
  const [z1, y1] = knots[n] ?? [1, 0];
  const t = Math.min(1, Math.max(0, (z - z0) / (z1 - z0)));
  return { x: 1.5 * Math.sin((z + 40) / 90), y: y0 + (y1 - y0) * t };
}
