import { describe, expect, it } from 'vitest';
import { closestAxes, obliquityDegrees, orientationLetters, PLANES, planeAxes } from './anatomicalAxes.ts';
import { indexPoint, type Vector3, worldPoint } from './points.ts';
import { indexToWorld, type VolumeGeometry } from './volumeGeometry.ts';

const UNIT: readonly Vector3[] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/** All 48 axis orders and signs. */
function signedPermutations(): VolumeGeometry[] {
  const all: VolumeGeometry[] = [];
  for (const order of [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ]) {
    for (let signs = 0; signs < 8; signs++) {
      const axis = (a: number): Vector3 => {
        const s = signs & (1 << a) ? -1 : 1;
        const u = UNIT[order[a] ?? 0] ?? [0, 0, 0];
        return [u[0] * s, u[1] * s, u[2] * s];
      };
      all.push({
        size: [5, 6, 7],
        spacingMm: [1, 1, 1],
        originLps: worldPoint(0, 0, 0),
        direction: [axis(0), axis(1), axis(2)],
      });
    }
  }
  return all;
}

describe('anatomicalAxes', () => {
  it('lays out every plane the radiological way for all 48 axis orders and signs', () => {
    const wanted = {
      axial: { right: [1, 0, 0], down: [0, 1, 0] },
      coronal: { right: [1, 0, 0], down: [0, 0, -1] },
      sagittal: { right: [0, 1, 0], down: [0, 0, -1] },
    } as const;
    for (const geometry of signedPermutations()) {
      for (const plane of PLANES) {
        const axes = planeAxes(geometry, plane);
        for (const side of ['right', 'down'] as const) {
          const { axis, sign } = axes[side];
          const step: [number, number, number] = [0, 0, 0];
          step[axis] = sign;
          const world = indexToWorld(geometry, indexPoint(...step));
          expect(world.map((x) => x + 0)).toEqual([...wanted[plane][side]]);
        }
        expect(new Set([axes.right.axis, axes.down.axis, axes.through.axis]).size).toBe(3);
      }
    }
  });

  it('names directions by letters, the strongest first', () => {
    expect(orientationLetters([1, 0, 0])).toBe('L');
    expect(orientationLetters([-1, 0, 0])).toBe('R');
    expect(orientationLetters([0, -1, 0])).toBe('A');
    expect(orientationLetters([0, 0, -1])).toBe('I');
    expect(orientationLetters([0, -0.8, 0.6])).toBe('AS');
  });

  it('uses each voxel axis once, also where two lie at 45 degrees', () => {
    const h = Math.SQRT1_2;
    const tilted: VolumeGeometry = {
      size: [4, 4, 4],
      spacingMm: [1, 1, 1],
      originLps: worldPoint(0, 0, 0),
      direction: [
        [h, h, 0],
        [-h, h, 0],
        [0, 0, 1],
      ],
    };
    expect(new Set(closestAxes(tilted).map((m) => m.axis)).size).toBe(3);
    expect(obliquityDegrees(tilted)).toBeCloseTo(45, 6);
  });

  it('says that a straight grid is not oblique', () => {
    for (const geometry of signedPermutations()) expect(obliquityDegrees(geometry)).toBe(0);
  });
});
