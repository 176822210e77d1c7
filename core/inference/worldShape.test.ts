import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexPoint, type Vector3, type WorldPoint, worldPoint } from '../geometry/points.ts';
import { ORIENTATIONS } from '../geometry/testOrientations.ts';
import { indexToWorld, type VolumeGeometry } from '../geometry/volumeGeometry.ts';
import type { Volume } from '../volume/volume.ts';
import type { ModelManifest } from './modelManifest.ts';
import { normaliseRecord, normaliseScalars } from './normalise.ts';
import { preprocess } from './preprocess.ts';
import { type RunHooks, runModel } from './runModel.ts';
import { testManifest } from './testManifest.ts';

/** Millimetres to the surface of a shape, negative inside. */
type Shape = (point: WorldPoint) => number;

/** A sphere off the middle; with a second one, a shape that no turn maps onto itself. */
function shapeIn(geometry: VolumeGeometry, [u, v, w]: Vector3, hasSecond: boolean): Shape {
  const at = (a: number, b: number, c: number): WorldPoint =>
    indexToWorld(
      geometry,
      indexPoint(a * (geometry.size[0] - 1), b * (geometry.size[1] - 1), c * (geometry.size[2] - 1)),
    );
  const extent = Math.min(...geometry.size.map((n, axis) => n * (geometry.spacingMm[axis] ?? 1)));
  const large = { centre: at(0.4 + 0.2 * u, 0.5, 0.4 + 0.2 * w), radius: 0.3 * extent };
  const small = { centre: at(0.75, 0.3 + 0.3 * v, 0.7), radius: 0.18 * extent };
  const distance = (p: WorldPoint, { centre: c, radius }: typeof large): number =>
    Math.hypot(p[0] - c[0], p[1] - c[1], p[2] - c[2]) - radius;
  return (p) => (hasSecond ? Math.min(distance(p, large), distance(p, small)) : distance(p, large));
}

function eachVoxel(geometry: VolumeGeometry, visit: (point: WorldPoint, n: number) => void): void {
  const [ni, nj, nk] = geometry.size;
  let n = 0;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++) visit(indexToWorld(geometry, indexPoint(i, j, k)), n++);
    }
  }
}

/** A series that shows the shape: every voxel holds its distance to the surface. */
function imageOf(shape: Shape, geometry: VolumeGeometry): Volume {
  const scalars = new Float32Array(geometry.size[0] * geometry.size[1] * geometry.size[2]);
  eachVoxel(geometry, (point, n) => {
    scalars[n] = shape(point);
  });
  return { geometry, scalars };
}

const quiet = { progress: async () => {} };

/** "A network" that sees the shape in what it is shown: inside where the distance is negative. */
const seeing: RunHooks = {
  ...quiet,
  runWindow: async (input, size) => ({
    dims: [1, 2, size[2], size[1], size[0]],
    scores: Float32Array.from({ length: 2 * input.length }, (_, n) =>
      n < input.length ? (input[n] ?? 0) : -(input[n - input.length] ?? 0),
    ),
  }),
};

/** "A network" that draws the shape where its own grid lies in the patient, whatever it is shown. */
function drawing(shape: Shape, volume: Volume, manifest: ModelManifest): RunHooks {
  const { geometry } = preprocess(volume, manifest);
  const distances = imageOf(shape, geometry).scalars;
  let k = 0;
  return {
    ...quiet,
    runWindow: async (input, size) => {
      const isFlat = manifest.input.dimensions === 2;
      const from = isFlat ? k++ * input.length : 0;
      const scores = Float32Array.from({ length: 2 * input.length }, (_, n) =>
        n < input.length ? (distances[from + n] ?? 0) : -(distances[from + n - input.length] ?? 0),
      );
      return { dims: isFlat ? [1, 2, size[1], size[0]] : [1, 2, size[2], size[1], size[0]], scores };
    },
  };
}

describe('a shape in the patient', () => {
  it('is found voxel for voxel where axes are only turned: all 48 × 48 orders and signs', {
    timeout: 90_000,
  }, async () => {
    const size: Vector3 = [7, 8, 9];
    for (const [n, own] of ORIENTATIONS.entries()) {
      const geometry = {
        size,
        spacingMm: [1, 1.3, 2] as const,
        originLps: worldPoint(-31, 17.5, 240),
        direction: own.direction,
      };
      const shape = shapeIn(geometry, [(n % 5) / 5, (n % 7) / 7, (n % 3) / 3], true);
      const volume = imageOf(shape, geometry);
      const wanted = Uint8Array.from(volume.scalars, (mm) => (mm < 0 ? 1 : 0));
      expect(wanted.includes(1)).toBe(true);
      for (const { codes } of ORIENTATIONS) {
        const manifest = testManifest({ input: { orientation: codes } });
        const seen = await runModel(volume, manifest, seeing);
        expect(differences(seen.labelmap.voxels, wanted)).toBe(0);
      }
      const manifest = testManifest({ input: { orientation: ORIENTATIONS[(n * 7) % 48]?.codes ?? 'LPS' } });
      const drawn = await runModel(volume, manifest, drawing(shape, volume, manifest));
      expect(differences(drawn.labelmap.voxels, wanted)).toBe(0);
    }
  });

  it('is found within half a voxel for random directions, left-handed too, and spacings, in two and in three dimensions', {
    timeout: 90_000,
  }, async () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    const quarter = fc.double({ min: -1, max: 1, noNaN: true });
    // The sphere's radius is three voxels at least: what is smaller than a voxel cannot be found.
    const mm = fc.double({ min: 0.8, max: 1.6, noNaN: true });
    const count = fc.integer({ min: 18, max: 22 });
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(quarter, quarter, quarter, quarter).filter((q) => Math.hypot(...q) > 0.1),
        fc.boolean(),
        fc.tuple(count, count, count),
        fc.tuple(mm, mm, mm),
        fc.tuple(unit, unit, unit),
        fc.constantFrom(...ORIENTATIONS),
        fc.option(fc.tuple(mm, mm, mm), { nil: null }),
        fc.constantFrom(2 as const, 3 as const),
        async (quaternion, isLeftHanded, size, spacingMm, place, { codes }, modelSpacing, dimensions) => {
          const direction = rotation(quaternion, isLeftHanded);
          const geometry = { size, spacingMm, originLps: worldPoint(12, -80, 33), direction };
          const shape = shapeIn(geometry, place, false);
          const volume = imageOf(shape, geometry);
          const isFlat = dimensions === 2;
          const spacing =
            modelSpacing && ([modelSpacing[0], modelSpacing[1], isFlat ? null : modelSpacing[2]] as const);
          const manifest = testManifest({ input: { orientation: codes, spacingMm: spacing, dimensions } });
          const hooks = isFlat ? [drawing(shape, volume, manifest)] : [seeing, drawing(shape, volume, manifest)];
          // Half of the largest voxel of both grids.
          const border = spacing ? 0.5 * Math.max(...spacingMm, ...spacing.map((x) => x ?? 0)) : 1e-3;
          for (const hook of hooks) {
            const { labelmap } = await runModel(volume, manifest, hook);
            expect(labelmap.size).toEqual(size);
            const wrong = Array.from(volume.scalars).reduce((sum, distance, n) => {
              const isRight = labelmap.voxels[n] === (distance < 0 ? 1 : 0);
              return sum + (isRight || Math.abs(distance) <= border ? 0 : 1);
            }, 0);
            expect(wrong).toBe(0);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('the trace of a normalisation', () => {
  it('leads back to the values of the series, but for those that were clipped', () => {
    fc.assert(
      fc.property(
        fc
          .array(fc.integer({ min: -2000, max: 3000 }), { minLength: 8, maxLength: 60 })
          .filter((v) => new Set(v).size > 4),
        fc.constantFrom(
          { kind: 'none' } as const,
          { kind: 'min-max' } as const,
          { kind: 'z-score', over: 'volume' } as const,
          { kind: 'z-score', over: 'nonzero' } as const,
          { kind: 'percentile', lowerPercent: 5, upperPercent: 95 } as const,
          { kind: 'window', lower: -150, upper: 250 } as const,
          { kind: 'fixed-z-score', lower: -900, upper: 1200, mean: 80, deviation: 140 } as const,
        ),
        (values, how) => {
          const scalars = Int16Array.from(values);
          const record = normaliseRecord(scalars, how);
          for (const [n, x] of normaliseScalars(scalars, record).entries()) {
            const value = scalars[n] ?? 0;
            const clipped = Math.min(Math.max(value, record.lower ?? value), record.upper ?? value);
            if (record.zeroStays && value === 0) expect(x).toBe(0);
            else expect(Math.abs(x * record.divide + record.subtract - clipped)).toBeLessThan(1e-3);
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});

function differences(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let count = a.length === b.length ? 0 : 1;
  for (let n = 0; n < a.length; n++) if (a[n] !== b[n]) count++;
  return count;
}

/** @returns orthonormal rows, of determinant −1 where left-handed */
function rotation(q: readonly number[], isLeftHanded: boolean): VolumeGeometry['direction'] {
  const norm = Math.hypot(...q);
  const [w = 1, x = 0, y = 0, z = 0] = q.map((c) => c / norm);
  const sign = isLeftHanded ? -1 : 1;
  return [
    [1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)],
    [2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x)],
    [sign * 2 * (x * z + w * y), sign * 2 * (y * z - w * x), sign * (1 - 2 * (x * x + y * y))],
  ];
}
