/**
 * Names for directions: which voxel axis runs along which anatomical axis, and the letters at a view's edges.
 * LPS: +x is the patient's Left, +y is Posterior, +z is Superior (head).
 */
import type { Vector3 } from './points.ts';
import type { VolumeGeometry } from './volumeGeometry.ts';

export type Plane = 'axial' | 'coronal' | 'sagittal';
export const PLANES: readonly Plane[] = ['axial', 'coronal', 'sagittal'];

/** How the voxel axis that is closest to an anatomical axis runs. */
export interface AxisMatch {
  /** 0 = i, 1 = j, 2 = k. */
  readonly axis: 0 | 1 | 2;
  /** +1 when the index grows towards +L, +P or +S. */
  readonly sign: 1 | -1;
}

const PERMUTATIONS = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const;

/**
 * @returns for L, P and S in turn the voxel axis that runs closest to it; each axis is used once
 */
export function closestAxes(geometry: VolumeGeometry): readonly [AxisMatch, AxisMatch, AxisMatch] {
  const d = geometry.direction;
  let best: readonly [0 | 1 | 2, 0 | 1 | 2, 0 | 1 | 2] = PERMUTATIONS[0];
  let score = -1;
  for (const p of PERMUTATIONS) {
    const s = Math.abs(d[p[0]][0]) + Math.abs(d[p[1]][1]) + Math.abs(d[p[2]][2]);
    if (s > score + 1e-12) {
      score = s;
      best = p;
    }
  }
  const match = (world: 0 | 1 | 2): AxisMatch => ({ axis: best[world], sign: d[best[world]][world] < 0 ? -1 : 1 });
  return [match(0), match(1), match(2)];
}

/** How a plane is laid out on screen, in voxel axes. Radiological convention: the patient's right is at the left. */
export interface PlaneAxes {
  /** Voxel axis along the screen's x (to the right) and whether the index grows that way. */
  readonly right: AxisMatch;
  /** Voxel axis along the screen's y (downwards). */
  readonly down: AxisMatch;
  /** Voxel axis that is scrolled through; sign +1: index grows towards +L / +P / +S. */
  readonly through: AxisMatch;
}

/**
 * Axial: right = Left, down = Posterior. Coronal: right = Left, down = Inferior. Sagittal: right = Posterior, down = Inferior.
 */
export function planeAxes(geometry: VolumeGeometry, plane: Plane): PlaneAxes {
  const [l, p, s] = closestAxes(geometry);
  const down: AxisMatch = { axis: s.axis, sign: s.sign === 1 ? -1 : 1 };
  switch (plane) {
    case 'axial':
      return { right: l, down: p, through: s };
    case 'coronal':
      return { right: l, down, through: p };
    case 'sagittal':
      return { right: p, down, through: l };
  }
}

const LETTERS = [
  ['L', 'R'],
  ['P', 'A'],
  ['S', 'I'],
] as const;

/**
 * @param direction LPS vector
 * @returns up to three letters, the strongest first, as on a film: "L", "AS"
 * @see DICOM PS3.3 C.7.6.1.1.1 (Patient Orientation)
 */
export function orientationLetters(direction: Vector3, threshold = 0.2): string {
  return [0, 1, 2]
    .map((a) => ({ a, v: direction[a] ?? 0 }))
    .filter(({ v }) => Math.abs(v) > threshold)
    .sort((x, y) => Math.abs(y.v) - Math.abs(x.v))
    .map(({ a, v }) => LETTERS[a]?.[v > 0 ? 0 : 1] ?? '')
    .join('');
}

/** @returns the greatest angle between a voxel axis and the anatomical axis closest to it, degrees */
export function obliquityDegrees(geometry: VolumeGeometry): number {
  const axes = closestAxes(geometry);
  const cosine = Math.min(...axes.map((m, world) => Math.abs(geometry.direction[m.axis][world] ?? 0)));
  return (Math.acos(Math.min(1, cosine)) * 180) / Math.PI;
}
