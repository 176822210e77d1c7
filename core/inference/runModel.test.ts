import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexPoint, type Vector3, worldPoint } from '../geometry/points.ts';
import { ORIENTATIONS } from '../geometry/testOrientations.ts';
import { indexToWorld, type VolumeGeometry, worldToIndex } from '../geometry/volumeGeometry.ts';
import type { Volume } from '../volume/volume.ts';
import { doubtScratch, measureDoubt } from './measureDoubt.ts';
import type { ModelManifest } from './modelManifest.ts';
import { preprocess } from './preprocess.ts';
import { type RunHooks, runModel } from './runModel.ts';
import { testManifest } from './testManifest.ts';
import type { DecidedWindow } from './WindowLooks.ts';

function emptyVolume(size: Vector3, spacingMm: Vector3, direction: VolumeGeometry['direction']): Volume {
  const scalars = new Float32Array(size[0] * size[1] * size[2]);
  return { geometry: { size, spacingMm, originLps: worldPoint(-31, 17.5, 240), direction }, scalars };
}

function voxels(size: Vector3): [number, number, number][] {
  const list: [number, number, number][] = [];
  for (let k = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++) for (let i = 0; i < size[0]; i++) list.push([i, j, k]);
  return list;
}

/** Runs "the network" that draws in model space: class 1 where `inside` says so of the place in the patient. */
async function draw(volume: Volume, manifest: ModelManifest, inside: (offset: number) => boolean) {
  return runModel(volume, manifest, {
    progress: async () => {},
    runWindow: async (input, size) => {
      const scores = new Float32Array(2 * input.length);
      for (let n = 0; n < input.length; n++) scores[(inside(n) ? 1 : 0) * input.length + n] = 1;
      return { dims: [1, 2, size[2], size[1], size[0]], scores };
    },
  });
}

describe('a mask drawn in model space', () => {
  it('lands on the same point of the patient for all 48 × 48 pairs of axis orders', async () => {
    const size: Vector3 = [2, 3, 4];
    for (const own of ORIENTATIONS) {
      const volume = emptyVolume(size, [1, 1, 1], own.direction);
      for (const wanted of ORIENTATIONS) {
        const manifest = testManifest({ input: { orientation: wanted.codes } });
        const model = preprocess(volume, manifest);
        // One voxel that no symmetry maps onto itself.
        const { labelmap } = await draw(volume, manifest, (n) => n === 1);
        const [ni, nj] = model.geometry.size;
        const drawn = indexPoint(1 % ni, Math.floor(1 / ni) % nj, Math.floor(1 / (ni * nj)));
        const at = worldToIndex(volume.geometry, indexToWorld(model.geometry, drawn));
        const expected = Math.round(at[0]) + size[0] * (Math.round(at[1]) + size[1] * Math.round(at[2]));
        expect([...labelmap.voxels].flatMap((v, n) => (v ? [n] : []))).toEqual([Math.abs(expected)]);
      }
    }
  });

  it('lands on the right voxels for every orientation, spacing, size, crop and padding', async () => {
    const extent = fc.integer({ min: 4, max: 9 });
    const mm = fc.double({ min: 0.5, max: 3, noNaN: true });
    const triple = <T>(arbitrary: fc.Arbitrary<T>) => fc.tuple(arbitrary, arbitrary, arbitrary);
    const oblique = fc.double({ min: -0.5, max: 0.5, noNaN: true });
    await fc.assert(
      fc.asyncProperty(
        triple(extent),
        triple(mm),
        fc.option(triple(mm), { nil: null }),
        fc.option(triple(extent), { nil: null }),
        fc.constantFrom(...ORIENTATIONS),
        fc.constantFrom(...ORIENTATIONS),
        oblique,
        async (size, spacingMm, modelSpacing, grid, own, wanted, angle) => {
          const volume = emptyVolume(size, spacingMm, turned(own.direction, angle));
          const manifest = testManifest({ input: { orientation: wanted.codes, spacingMm: modelSpacing, grid } });
          const { geometry: g, trace } = preprocess(volume, manifest);

          // Half a voxel beyond what was resampled the network saw padding or nothing: what is drawn there is not promised.
          const pad = trace.find((step) => step.step === 'pad');
          const first = pad?.before ?? [0, 0, 0];
          const last = (pad?.fromSize ?? g.size).map((n, a) => n - 1 + (first[a] ?? 0));
          // A half space of the model's own grid, along each axis in turn: linear interpolation moves it nowhere.
          for (const axis of [0, 1, 2] as const) {
            const stride = [1, g.size[0], g.size[0] * g.size[1]][axis] ?? 1;
            const border = Math.floor(g.size[axis] / 2) - 0.5;
            const { labelmap } = await draw(volume, manifest, (n) => Math.floor(n / stride) % g.size[axis] > border);
            expect(labelmap.size).toEqual(size);
            for (const [n, at] of voxels(size).entries()) {
              const m = worldToIndex(g, indexToWorld(volume.geometry, indexPoint(...at)));
              const outside = m.some((x, a) => x < -1 || x > (g.size[a] ?? 0));
              const nearEdge = m.some((x, a) => x < (first[a] ?? 0) - 0.49 || x > (last[a] ?? 0) + 0.49);
              if (outside) expect(labelmap.voxels[n]).toBe(0);
              else if (!nearEdge && Math.abs(m[axis] - border) > 1e-3)
                expect(labelmap.voxels[n]).toBe(m[axis] > border ? 1 : 0);
            }
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('comes back voxel for voxel when nothing had to be resampled, through crop and padding', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(fc.integer({ min: 4, max: 7 }), fc.integer({ min: 4, max: 7 }), fc.integer({ min: 4, max: 7 })),
        fc.tuple(fc.integer({ min: 3, max: 9 }), fc.integer({ min: 3, max: 9 }), fc.integer({ min: 3, max: 9 })),
        fc.constantFrom(...ORIENTATIONS),
        fc.constantFrom(...ORIENTATIONS),
        fc.integer(),
        async (size, grid, own, wanted, seed) => {
          const volume = emptyVolume(size, [0.8, 1.3, 2.1], own.direction);
          const manifest = testManifest({ input: { orientation: wanted.codes, grid } });
          const model = preprocess(volume, manifest);
          const noise = (n: number): boolean => (Math.imul(n ^ seed, 0x9e3779b1) >>> 7) % 3 === 0;
          const { labelmap } = await draw(volume, manifest, noise);
          for (const [n, at] of voxels(size).entries()) {
            const m = worldToIndex(model.geometry, indexToWorld(volume.geometry, indexPoint(...at))).map(Math.round);
            const inside = m.every((x, a) => x >= 0 && x < (model.geometry.size[a] ?? 0));
            const offset = (m[0] ?? 0) + grid[0] * ((m[1] ?? 0) + grid[1] * (m[2] ?? 0));
            expect(labelmap.voxels[n]).toBe(inside && noise(offset) ? 1 : 0);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('a mask that is handed out in parts', () => {
  it('is the whole mask in the end, in the series’ order, for every orientation, in windows or not', async () => {
    const size: Vector3 = [4, 5, 6];
    for (const own of ORIENTATIONS) {
      const volume = emptyVolume(size, [1, 1, 1], own.direction);
      for (const window of [{ size: null }, { size: [3, 3, 3] as const, overlap: 0.5 }]) {
        const parts: number[] = [];
        let done = -1;
        const { labelmap } = await runModel(volume, testManifest({ window }), {
          runWindow: async (input, s) => ({
            dims: [1, 2, s[2], s[1], s[0]],
            scores: Float32Array.from({ length: 2 * input.length }, (_, n) => (n * 7919) % 13),
          }),
          progress: async (windows, total) => {
            expect(parts.length).toBe(0);
            done = total - windows;
          },
          maskPart: (voxels) => {
            expect(done).toBe(0);
            parts.push(...voxels);
          },
        });
        expect(parts).toEqual([...labelmap.voxels]);
      }
    }
  });
});

describe('a run in windows', () => {
  it('gives what one window over the whole volume gives, for both kinds of blending', async () => {
    const size: Vector3 = [11, 9, 13];
    const volume = emptyVolume(
      size,
      [1, 1, 1],
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    );
    for (let n = 0; n < volume.scalars.length; n++) volume.scalars[n] = Math.imul(n, 0x9e3779b1) >>> 24;
    const network = async (input: Float32Array, s: Vector3) => {
      const scores = new Float32Array(2 * input.length);
      for (let n = 0; n < input.length; n++) {
        scores[n] = 128 - (input[n] ?? 0);
        scores[input.length + n] = (input[n] ?? 0) - 128;
      }
      return { dims: [1, 2, s[2], s[1], s[0]], scores };
    };
    const hooks = { progress: async () => {}, runWindow: network };
    const whole = await runModel(volume, testManifest({}), hooks);
    for (const blending of ['constant', 'gaussian'] as const) {
      const seen: number[] = [];
      const tiled = await runModel(volume, testManifest({ window: { size: [4, 5, 6], overlap: 0.5, blending } }), {
        ...hooks,
        progress: async (done) => void seen.push(done),
      });
      expect(tiled.labelmap.voxels).toEqual(whole.labelmap.voxels);
      expect(seen).toEqual(Array.from({ length: seen.length }, (_, n) => n));
    }
  });

  it('is that of the whole volume too where the grid is another one, whatever way the series lies', async () => {
    const triple = <T>(arbitrary: fc.Arbitrary<T>) => fc.tuple(arbitrary, arbitrary, arbitrary);
    const mm = fc.double({ min: 0.6, max: 2.5, noNaN: true });
    // The score depends on the voxel alone, so it does not matter which window it was in; no voxel's own is 0, where rounding decides.
    const network = async (input: Float32Array, s: Vector3) => {
      const scores = new Float32Array(2 * input.length);
      for (let n = 0; n < input.length; n++) scores[input.length + n] = (input[n] ?? 0) - Math.E * 47;
      return { dims: [1, 2, s[2], s[1], s[0]], scores };
    };
    const hooks = { progress: async () => {}, runWindow: network };
    await fc.assert(
      fc.asyncProperty(
        triple(fc.integer({ min: 5, max: 14 })),
        triple(mm),
        fc.option(triple(mm), { nil: null }),
        triple(fc.integer({ min: 2, max: 6 })),
        fc.double({ min: 0, max: 0.7, noNaN: true }),
        fc.constantFrom(...ORIENTATIONS),
        fc.constantFrom(...ORIENTATIONS),
        async (size, spacingMm, modelSpacing, window, overlap, own, wanted) => {
          const volume = emptyVolume(size, spacingMm, own.direction);
          for (let n = 0; n < volume.scalars.length; n++) volume.scalars[n] = Math.imul(n, 0x9e3779b1) >>> 24;
          const input = { orientation: wanted.codes, spacingMm: modelSpacing };
          // Padded to the same grid: at least as large as the window.
          const whole = await runModel(volume, testManifest({ input: { ...input, multipleOf: 8 } }), hooks);
          const tiled = await runModel(
            volume,
            testManifest({ input: { ...input, multipleOf: 8 }, window: { size: window, overlap } }),
            hooks,
          );
          expect(tiled.labelmap.voxels).toEqual(whole.labelmap.voxels);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('measures the doubt of the whole volume, for any orientation and spacing', async () => {
    const network = async (input: Float32Array, s: Vector3) => {
      const scores = new Float32Array(2 * input.length);
      for (let n = 0; n < input.length; n++) scores[input.length + n] = 6 * (input[n] ?? 0) - 3;
      return { dims: [1, 2, s[2], s[1], s[0]], scores };
    };
    const hooks = { progress: async () => {}, runWindow: network };
    for (const [n, own] of ORIENTATIONS.entries()) {
      const size: Vector3 = [9, 7, 11];
      const volume = emptyVolume(size, [1, 1.2, 0.9], own.direction);
      for (let v = 0; v < volume.scalars.length; v++) volume.scalars[v] = (Math.imul(v, 0x9e3779b1) >>> 24) / 255;
      const input = {
        orientation: ORIENTATIONS[(5 * n + 3) % 48]?.codes ?? 'RAS',
        spacingMm: n % 2 === 0 ? ([0.8, 1, 1.3] as const) : null,
        normalisation: { kind: 'none' } as const,
        multipleOf: 4,
      };
      const wish = { doubt: 'required' as const };
      const whole = await runModel(volume, testManifest({ input }), hooks, wish);
      const window = { size: [4, 4, 4] as const, overlap: 0.4 };
      const tiled = await runModel(volume, testManifest({ input, window }), hooks, wish);
      const apart = tiled.doubt?.map((x, v) => Math.abs(x - (whole.doubt?.[v] ?? 0))) ?? [];
      expect(Math.max(...apart), own.codes).toBeLessThanOrEqual(1);
      expect(Math.max(...(whole.doubt ?? []))).toBeGreaterThan(200);
    }
  });

  it('takes classes and doubt from a network that measures both, for any orientation', async () => {
    const scoresOf = (input: Float32Array): [Float32Array, Float32Array] => [
      input.map((x) => 3 - 6 * x),
      input.map((x) => 6 * x - 3),
    ];
    const progress = async (): Promise<void> => {};
    const runWindow = async (input: Float32Array, s: Vector3) => {
      const [a, b] = scoresOf(input);
      return { dims: [1, 2, s[2], s[1], s[0]], scores: Float32Array.from([...a, ...b]) };
    };
    const decideWindow = async (input: Float32Array): Promise<DecidedWindow> => {
      const planes = scoresOf(input);
      const doubt = new Uint8Array(input.length);
      measureDoubt(planes, { planes: 'scores', areExclusive: true }, doubtScratch(input.length), doubt);
      return { classes: Uint8Array.from(input, (x) => (x > 0.5 ? 1 : 0)), doubt, sums: new Float32Array(1) };
    };
    const scored = { progress, runWindow };
    const decided = { progress, decideWindow, runWindow: () => Promise.reject(new Error('scores were asked for')) };
    for (const [n, own] of ORIENTATIONS.entries()) {
      const volume = emptyVolume([9, 7, 11], [1, 1.2, 0.9], own.direction);
      for (let v = 0; v < volume.scalars.length; v++) volume.scalars[v] = (Math.imul(v, 0x9e3779b1) >>> 24) / 255;
      const input = {
        orientation: ORIENTATIONS[(5 * n + 3) % 48]?.codes ?? 'RAS',
        normalisation: { kind: 'none' } as const,
        multipleOf: 4,
      };
      const run = (hooks: RunHooks) => runModel(volume, testManifest({ input }), hooks, { doubt: 'required' });
      const [expected, found] = [await run(scored), await run(decided)];
      expect(found.labelmap.voxels).toEqual(expected.labelmap.voxels);
      expect(found.doubt, own.codes).toEqual(expected.doubt);
    }
  });

  it('refuses a score that is not a number in any window, with interpolation or without, with doubt or without', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.nat(),
        fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY),
        fc.boolean(),
        fc.boolean(),
        async (window, voxel, broken, isResampled, hasDoubt) => {
          const volume = emptyVolume([9, 8, 10], [1, 1, 1], ORIENTATIONS[7]!.direction);
          const spacingMm = isResampled ? ([1.3, 0.8, 1.1] as const) : null;
          const manifest = testManifest({ input: { spacingMm }, window: { size: [4, 4, 4], overlap: 0.3 } });
          let asked = 0;
          const run = (at: number) => {
            asked = 0;
            return runModel(
              volume,
              manifest,
              {
                progress: async () => {},
                runWindow: async (input, s) => {
                  const scores = new Float32Array(2 * input.length);
                  if (asked++ === at) scores[voxel % scores.length] = broken;
                  return { dims: [1, 2, s[2], s[1], s[0]], scores };
                },
              },
              { doubt: hasDoubt ? 'required' : 'no' },
            );
          };
          await run(-1);
          await expect(run(window % asked)).rejects.toMatchObject({ code: 'model/non-finite-output' });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives the same labels where only what lies between classes is interpolated as where all scores are', async () => {
    const network = async (input: Float32Array, s: Vector3) => {
      const scores = Float32Array.from({ length: 3 * input.length }, (_, n) => {
        const x = input[n % input.length] ?? 0;
        return [x, 1 - x, 0.45][Math.floor(n / input.length)]!;
      });
      return { dims: [1, 3, s[2], s[1], s[0]], scores };
    };
    const hooks = { progress: async () => {}, runWindow: network };
    const classes = ['Background', 'One', 'Two'].map((name, value) => ({ value, name }));
    const triple = <T>(arbitrary: fc.Arbitrary<T>) => fc.tuple(arbitrary, arbitrary, arbitrary);
    await fc.assert(
      fc.asyncProperty(
        triple(fc.integer({ min: 8, max: 16 })),
        triple(fc.double({ min: 0.7, max: 2.5, noNaN: true })),
        fc.constantFrom(...ORIENTATIONS),
        fc.double({ min: 0.05, max: 1.5, noNaN: true }),
        async (size, modelSpacing, own, frequency) => {
          const volume = emptyVolume(size, [1, 1, 1], own.direction);
          for (const [n, [i, j, k]] of voxels(size).entries())
            volume.scalars[n] = 0.5 + 0.5 * Math.sin(frequency * (i + 0.7 * j + 0.4 * k));
          const input = { orientation: 'RAS', spacingMm: modelSpacing, normalisation: { kind: 'none' } as const };
          const manifest = { ...testManifest({ input, window: { size: [6, 6, 6], overlap: 0.3 } }), classes };
          const plain = await runModel(volume, manifest, hooks);
          // Doubt needs every score.
          const scored = await runModel(volume, manifest, hooks, { doubt: 'required' });
          expect(plain.labelmap.voxels).toEqual(scored.labelmap.voxels);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('refuses a network that answers with another number of classes', async () => {
    const volume = emptyVolume([4, 4, 4], [1, 1, 1], ORIENTATIONS[0]?.direction as VolumeGeometry['direction']);
    const hooks = {
      progress: async () => {},
      runWindow: async () => ({ dims: [1, 3, 4, 4, 4], scores: new Float32Array(192) }),
    };
    await expect(runModel(volume, testManifest({}), hooks)).rejects.toMatchObject({ code: 'model/shape-mismatch' });
  });

  it('refuses scores that are not numbers', async () => {
    const volume = emptyVolume([4, 4, 4], [1, 1, 1], ORIENTATIONS[0]?.direction as VolumeGeometry['direction']);
    const hooks = {
      progress: async () => {},
      runWindow: async () => ({ dims: [1, 2, 4, 4, 4], scores: new Float32Array(128).fill(Number.NaN, 100, 101) }),
    };
    await expect(runModel(volume, testManifest({}), hooks)).rejects.toMatchObject({
      code: 'model/non-finite-output',
    });
  });
});

/** Turned about the axis of the patient's height: still closest to the same anatomical axes. */
function turned(direction: VolumeGeometry['direction'], angle: number): VolumeGeometry['direction'] {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return direction.map(([x, y, z]) => [c * x - s * y, s * x + c * y, z]) as unknown as VolumeGeometry['direction'];
}
