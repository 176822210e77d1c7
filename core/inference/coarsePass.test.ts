import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexPoint, type Vector3, worldPoint } from '../geometry/points.ts';
import { ORIENTATIONS } from '../geometry/testOrientations.ts';
import { indexToWorld, type VolumeGeometry } from '../geometry/volumeGeometry.ts';
import type { Volume } from '../volume/volume.ts';
import { coarseAgreement, spreadLabels } from './coarseLabels.ts';
import { coarsePass, coarsePlan, fittedPlans } from './coarsePass.ts';
import { runModel } from './runModel.ts';
import { runPlan } from './runPlan.ts';
import { testManifest } from './testManifest.ts';

/** A bright ball of `radiusMm` at a place in the patient. */
function ballVolume(geometry: VolumeGeometry, centreLps: Vector3, radiusMm: number): Volume {
  const [ni, nj, nk] = geometry.size;
  const scalars = new Int16Array(ni * nj * nk);
  let n = 0;
  for (let k = 0; k < nk; k++)
    for (let j = 0; j < nj; j++)
      for (let i = 0; i < ni; i++, n++) {
        const p = indexToWorld(geometry, indexPoint(i, j, k));
        if (Math.hypot(p[0] - centreLps[0], p[1] - centreLps[1], p[2] - centreLps[2]) < radiusMm) scalars[n] = 200;
      }
  return { geometry, scalars };
}

const hooks = {
  progress: async () => {},
  runWindow: async (input: Float32Array, size: Vector3) => {
    const scores = new Float32Array(2 * input.length);
    for (let n = 0; n < input.length; n++) {
      scores[n] = 100 - (input[n] ?? 0);
      scores[input.length + n] = (input[n] ?? 0) - 100;
    }
    return { dims: [1, 2, size[2], size[1], size[0]], scores };
  },
};

/** Turned about the patient's height. */
function turned(direction: VolumeGeometry['direction'], angle: number): VolumeGeometry['direction'] {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return direction.map(([x, y, z]) => [c * x - s * y, s * x + c * y, z]) as unknown as VolumeGeometry['direction'];
}

describe('a coarse look', () => {
  it('finds the structure where the full run finds it, for flipped and oblique series, in windows or whole', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...ORIENTATIONS),
        fc.constantFrom(...ORIENTATIONS),
        fc.double({ min: -0.5, max: 0.5, noNaN: true }),
        fc.constantFrom<Vector3>([1, 1, 1], [0.8, 1.1, 2.2], [2, 0.9, 1]),
        fc.constantFrom<Vector3 | null>(null, [1.5, 1.5, 1.5]),
        fc.constantFrom<Vector3 | null>(null, [16, 16, 16]),
        async (own, wanted, angle, spacingMm, modelSpacing, windowSize) => {
          const geometry: VolumeGeometry = {
            size: [44, 40, 36],
            spacingMm,
            originLps: worldPoint(-31, 17.5, 240),
            direction: turned(own.direction, angle),
          };
          const centre = indexToWorld(geometry, indexPoint(14, 24, 15));
          const volume = ballVolume(geometry, [centre[0], centre[1], centre[2]], 9);
          const manifest = testManifest({
            input: { orientation: wanted.codes, spacingMm: modelSpacing },
            window: { size: windowSize, overlap: 0.5 },
          });
          const plan = coarsePlan(manifest, geometry);
          if (!plan) return;
          const maskPart = (): void => expect.unreachable('it is no mask');
          const coarse = await coarsePass(volume, plan, { ...hooks, maskPart } as typeof hooks);
          expect(coarse.size).toEqual(plan.geometry.size);
          const { labelmap } = await runModel(volume, manifest, hooks);
          const agreed = coarseAgreement(coarse, labelmap, geometry, plan.geometry.spacingMm) ?? 0;
          expect(agreed).toBeGreaterThan(0.7);
          expect(
            centroidApartMm(spreadLabels(coarse, geometry, plan.geometry.spacingMm).voxels, labelmap.voxels, geometry),
            // Where the coarse grid does not divide the series', voxels lie halfway between two coarse ones and go to one side: half a voxel.
          ).toBeLessThan(0.3 * Math.max(...plan.geometry.spacingMm) + 0.5 * Math.max(...spacingMm));
        },
      ),
      { numRuns: 25 },
    );
  });

  it('costs a twentieth of the voxels at most, with the finest grid that does', () => {
    const geometry = { ...ballGeometry(), size: [512, 512, 129] as const, spacingMm: [0.7, 0.7, 1.6] as const };
    const manifest = testManifest({ window: { size: [96, 96, 96], overlap: 0.5 } });
    const plan = coarsePlan(manifest, geometry);
    const full = runPlan(manifest, geometry);
    expect(full.tiling.starts).toHaveLength(200);
    expect(plan?.factor).toBe(2);
    expect(runPlan(plan?.manifest ?? manifest, plan?.geometry ?? geometry).tiling.starts).toHaveLength(9);
  });

  it('of a thin series has windows no thicker than it, where the network takes them, and the same labels', async () => {
    const geometry = { ...ballGeometry(), size: [240, 240, 50] as const };
    const volume = ballVolume(geometry, [120, 100, 24], 20);
    const manifest = testManifest({ window: { size: [64, 64, 64], overlap: 0.5 } });
    const plan = coarsePlan(manifest, geometry);
    if (!plan) throw new Error('no plan');
    const fitted = fittedPlans(plan);
    expect(fitted.map((one) => one.manifest.window.size)).toEqual([
      [64, 64, 16],
      [64, 64, 32],
    ]);
    const labels = await coarsePass(volume, plan, hooks);
    expect(labels.voxels.includes(1)).toBe(true);
    for (const one of fitted) expect(await coarsePass(volume, one, hooks)).toEqual(labels);
    const thick = coarsePlan(manifest, { ...geometry, size: [240, 240, 240] });
    expect(thick && fittedPlans(thick)).toEqual([]);
    const even = testManifest({ input: { multipleOf: 32 }, window: { size: [64, 64, 64], overlap: 0.5 } });
    const evenPlan = coarsePlan(even, geometry);
    expect(evenPlan && fittedPlans(evenPlan)).toHaveLength(1);
  });

  it('of a network with one grid has a smaller grid, and of one window has none', () => {
    const geometry = { ...ballGeometry(), size: [256, 256, 256] as const };
    const whole = testManifest({ input: { grid: [256, 256, 256], spacingMm: [1, 1, 1], multipleOf: 8 } });
    expect(coarsePlan(whole, geometry)).toMatchObject({ factor: 3, manifest: { input: { grid: [88, 88, 88] } } });
    const small = testManifest({ window: { size: [96, 96, 96], overlap: 0.5 } });
    expect(coarsePlan(small, { ...geometry, size: [96, 96, 40] })).toBeNull();
  });
});

function ballGeometry(): VolumeGeometry {
  return {
    size: [40, 40, 40],
    spacingMm: [1, 1, 1],
    originLps: worldPoint(0, 0, 0),
    direction: ORIENTATIONS[0]?.direction as VolumeGeometry['direction'],
  };
}

function centroidApartMm(a: ArrayLike<number>, b: ArrayLike<number>, { size, spacingMm }: VolumeGeometry): number {
  const centroid = (labels: ArrayLike<number>): Vector3 => {
    const sum = [0, 0, 0];
    let count = 0;
    for (let n = 0; n < labels.length; n++) {
      if (labels[n] !== 1) continue;
      const at = [n % size[0], Math.floor(n / size[0]) % size[1], Math.floor(n / (size[0] * size[1]))];
      for (const axis of [0, 1, 2] as const) sum[axis]! += (at[axis] ?? 0) * spacingMm[axis];
      count++;
    }
    return sum.map((x) => x / count) as unknown as Vector3;
  };
  const [from, to] = [centroid(a), centroid(b)];
  return Math.hypot(from[0] - to[0], from[1] - to[1], from[2] - to[2]);
}
