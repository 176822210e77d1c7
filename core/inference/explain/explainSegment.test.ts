import { describe, expect, it } from 'vitest';
import { indexPoint, type Vector3, worldPoint } from '../../geometry/points.ts';
import { ORIENTATIONS } from '../../geometry/testOrientations.ts';
import { indexToWorld, type VolumeGeometry, worldToIndex } from '../../geometry/volumeGeometry.ts';
import type { Volume } from '../../volume/volume.ts';
import { geometryTrace } from '../geometryTrace.ts';
import type { ModelManifest } from '../modelManifest.ts';
import { preprocess } from '../preprocess.ts';
import { testManifest } from '../testManifest.ts';
import { explainSegment } from './explainSegment.ts';
import type { OcclusionHooks } from './occlude.ts';
import { type OcclusionWish, planOcclusion } from './planOcclusion.ts';
import { saliencyVoxels, strongestVoxel } from './saliencyMap.ts';
import { targetOnGrid } from './targetOnGrid.ts';

const voxels = ([i, j, k]: Vector3): number => i * j * k;

/** Probability of the class at a voxel = the input `away` from it on the network's grid: reads from a known place and nowhere else. */
function readsFrom(away: Vector3, seen: Vector3[] = []): OcclusionHooks['runWindow'] {
  return async (input, size) => {
    seen.push(size);
    const [ni, nj, nk] = size;
    const scores = new Float32Array(2 * voxels(size));
    for (let n = 0; n < voxels(size); n++) {
      const at = [
        (n % ni) + away[0],
        (Math.floor(n / ni) % nj) + away[1],
        Math.floor(n / (ni * nj)) + away[2],
      ] as const;
      const isInside = at.every((x, a) => x >= 0 && x < size[a as 0 | 1 | 2]);
      const p = isInside ? input[at[0] + ni * (at[1] + nj * at[2])]! : 0;
      scores[n] = 1 - p;
      scores[voxels(size) + n] = p;
    }
    return { dims: [1, 2, nk, nj, ni], scores };
  };
}

const hooks = (runWindow: OcclusionHooks['runWindow'], progress = async () => {}): OcclusionHooks => ({
  runWindow,
  progress,
});

const manifestFor = (orientation: string, changes: Parameters<typeof testManifest>[0] = {}): ModelManifest =>
  testManifest({ ...changes, input: { orientation, ...changes.input }, output: { activation: 'none' } });

/** A cube of 4 voxels of segment 1 around the middle of a volume of ones (a bright cube `away` of it, else 0). */
function subject(geometry: VolumeGeometry, segment: readonly Vector3[], bright: readonly Vector3[]) {
  const scalars = new Float32Array(voxels(geometry.size));
  const labels = new Uint8Array(scalars.length);
  const index = ([i, j, k]: Vector3): number => i + geometry.size[0] * (j + geometry.size[1] * k);
  for (const at of bright) scalars[index(at)] = 1;
  for (const at of segment) labels[index(at)] = 1;
  const volume: Volume = { geometry, scalars };
  return { volume, mask: { size: geometry.size, voxels: labels } };
}

async function explained(
  { volume, mask }: ReturnType<typeof subject>,
  manifest: ModelManifest,
  runWindow: OcclusionHooks['runWindow'],
  wish: OcclusionWish,
) {
  const geometry = geometryTrace(manifest, volume.geometry);
  const target = targetOnGrid(geometry, mask, 1);
  if (!target) throw new Error('no segment');
  const plan = planOcclusion(manifest, geometry, target, wish);
  const result = await explainSegment(volume, manifest, { value: 1, plan, target }, hooks(runWindow));
  return { ...result, plan, target };
}

const cube = ([i, j, k]: Vector3, side: number): Vector3[] =>
  Array.from({ length: side ** 3 }, (_, n) => [
    i + (n % side),
    j + (Math.floor(n / side) % side),
    k + Math.floor(n / side ** 2),
  ]);

describe('the geometry that is known beforehand', () => {
  it('is that of preprocessing, for every orientation, with resampling, cropping and padding', () => {
    for (const { direction, codes } of ORIENTATIONS) {
      const geometry = {
        size: [9, 7, 12],
        spacingMm: [1, 2, 0.75],
        originLps: worldPoint(3, 4, 5),
        direction,
      } as const;
      const manifest = manifestFor('SAR', { input: { spacingMm: [1, 1, 1], grid: [8, 16, 16] } });
      const { trace, grid, spacingMm } = geometryTrace(manifest, geometry);
      const scalars = Float32Array.from({ length: 9 * 7 * 12 }, (_, n) => n);
      const prepared = preprocess({ geometry, scalars }, manifest);
      expect(trace, codes).toEqual(prepared.trace.filter(({ step }) => step !== 'normalise'));
      expect(grid).toEqual(prepared.geometry.size);
      expect(spacingMm).toEqual(prepared.geometry.spacingMm);
    }
  });
});

describe('saliency of a network that reads from one known place', () => {
  // Segment and what the network reads lie apart by whole cells of 3 voxels; each is one cell large.
  const away: Vector3 = [3, 0, -3];

  it('lies exactly where it reads, for all 48 axis orders and signs and an oblique series', async () => {
    for (const [n, { codes }] of ORIENTATIONS.entries()) {
      const turned =
        n % 2 === 0 ? ORIENTATIONS[(7 * n) % 48]!.direction : oblique(ORIENTATIONS[(7 * n) % 48]!.direction);
      const spacingMm: Vector3 = [1, 1, 1];
      const geometry = { size: [15, 15, 15] as Vector3, spacingMm, originLps: worldPoint(5, -9, 2), direction: turned };
      const manifest = manifestFor(codes);
      // Where the network's axes run in the patient, read off preprocessing and not off the code under test.
      const seen = preprocess({ geometry, scalars: Float32Array.from({ length: 15 ** 3 }, (_, v) => v) }, manifest);
      const toSeries = (at: Vector3): Vector3 =>
        [...worldToIndex(geometry, indexToWorld(seen.geometry, indexPoint(...at)))].map(
          Math.round,
        ) as unknown as Vector3;
      const segment = cube([6, 6, 6], 3).map(toSeries);
      const read = cube([9, 6, 3], 3).map(toSeries);
      const { map, meanProbability } = await explained(subject(geometry, segment, read), manifest, readsFrom(away), {
        patchMm: 3,
        mostRuns: 60,
      });
      expect(meanProbability).toBe(1);
      const result = saliencyVoxels(map);
      const index = ([i, j, k]: Vector3): number => i + 15 * (j + 15 * k);
      // All of it is replaced by the mean around it, which is 0.
      for (const at of read) expect(result[index(at)], codes).toBe(1);
      const isRead = new Set(read.map(index));
      // A neighbour's fading edge of one voxel touches a face, an edge or a corner of the cell: half, a quarter, an eighth as strongly.
      const others = result.filter((_, v) => !isRead.has(v));
      expect(Math.max(...others)).toBeLessThanOrEqual(1 / 6 + 1e-6);
      expect(strongestVoxel(map), codes).toEqual(toSeries([10, 7, 4]));
      expect(result[index(segment[0]!)]).toBeLessThan(1 / 6 + 1e-6);
    }
  });

  it('is 0 for what is hidden far away', async () => {
    const geometry = plain([30, 30, 30]);
    const { map, plan } = await explained(
      subject(geometry, cube([14, 14, 14], 3), cube([14, 14, 14], 3)),
      manifestFor('LPS'),
      readsFrom([0, 0, 0]),
      { patchMm: 3, mostRuns: 400 },
    );
    const result = saliencyVoxels(map);
    for (let n = 0; n < result.length; n++) {
      const at = [n % 30, Math.floor(n / 30) % 30, Math.floor(n / 900)] as const;
      const distance = Math.max(...at.map((x) => Math.max(14 - x, x - 16)));
      if (distance > plan.fade[0] + plan.cell[0]) expect(result[n]).toBe(0);
    }
    expect(result[15 + 30 * (15 + 30 * 15)]).toBe(1);
  });

  it('is negative where hiding makes the segment larger', async () => {
    const geometry = plain([15, 15, 15]);
    const about = subject(geometry, cube([6, 6, 6], 3), cube([9, 6, 3], 3));
    // Half sure of it everywhere, and less where the place that it reads from is bright.
    const reads = readsFrom(away);
    const suppressed: OcclusionHooks['runWindow'] = async (input, size) => {
      const { dims, scores } = await reads(input, size);
      const half = scores.length / 2;
      for (let n = 0; n < half; n++) {
        scores[half + n] = 0.5 - 0.25 * scores[half + n]!;
        scores[n] = 1 - scores[half + n]!;
      }
      return { dims, scores };
    };
    const { map, meanProbability } = await explained(about, manifestFor('LPS'), suppressed, {
      patchMm: 3,
      mostRuns: 60,
    });
    expect(meanProbability).toBeCloseTo(0.25, 6);
    expect(saliencyVoxels(map)[10 + 15 * (7 + 15 * 4)]).toBeCloseTo(-1, 6);
  });

  it('is the same through windows that overlap as through one', async () => {
    const geometry = plain([40, 12, 12]);
    const bar = [0, 4, 8, 12, 16, 20].flatMap((i) => cube([6 + i, 4, 4], 4));
    const about = subject(geometry, bar, bar);
    const wish = { patchMm: 4, mostRuns: 4000 };
    const whole = await explained(about, manifestFor('LPS'), readsFrom([0, 0, 0]), wish);
    const tiled = await explained(
      about,
      manifestFor('LPS', { window: { size: [16, 12, 12] } }),
      readsFrom([0, 0, 0]),
      wish,
    );
    expect(tiled.plan.starts.length).toBe(2);
    expect(tiled.map.lost.length).toBe(whole.map.lost.length);
    for (const [n, lost] of tiled.map.lost.entries()) expect(lost).toBeCloseTo(whole.map.lost[n]!, 5);
  });

  it('of a network of two dimensions asks only for the slices that a patch touches', async () => {
    const geometry = plain([16, 16, 12]);
    const about = subject(geometry, cube([6, 6, 4], 4), cube([6, 6, 4], 4));
    const flat = manifestFor('LPS', { input: { dimensions: 2 } });
    const reads = readsFrom([0, 0, 0]);
    const drop: OcclusionHooks['runWindow'] = async (input, size) => {
      const { scores } = await reads(input, size);
      return { dims: [1, 2, size[1], size[0]], scores };
    };
    const { map, plan, runs } = await explained(about, flat, drop, { patchMm: 4, mostRuns: 400 });
    expect(plan.starts.length).toBe(4);
    expect(plan.windowSize).toEqual([16, 16, 1]);
    expect(runs).toBeLessThanOrEqual(400);
    expect(saliencyVoxels(map)[7 + 16 * (7 + 16 * 4)]).toBeGreaterThan(0.9);
  });

  it('on a grid with another spacing lies where the network read, within a voxel of its grid', async () => {
    const geometry = { ...plain([20, 20, 10]), spacingMm: [1, 1, 2] as Vector3 };
    const read = cube([8, 8, 3], 4).filter(([, , k]) => k < 6);
    const about = subject(geometry, read, read);
    const manifest = manifestFor('PSL', { input: { spacingMm: [1.5, 1.5, 1.5] } });
    const { map } = await explained(about, manifest, readsFrom([0, 0, 0]), { patchMm: 6, mostRuns: 60 });
    const result = saliencyVoxels(map);
    const most = result.indexOf(Math.max(...result));
    const [i, j, k] = [most % 20, Math.floor(most / 20) % 20, Math.floor(most / 400)];
    expect(i).toBeGreaterThanOrEqual(4);
    expect(i).toBeLessThan(14);
    expect(j).toBeGreaterThanOrEqual(4);
    expect(k).toBeLessThan(8);
  });
});

describe('the runs of the network', () => {
  const about = subject(plain([30, 30, 30]), cube([12, 12, 12], 6), cube([12, 12, 12], 6));

  it.each([20, 60, 200])('are at most as many as allowed (%d), and told one by one', async (mostRuns) => {
    const manifest = manifestFor('LPS');
    const geometry = geometryTrace(manifest, about.volume.geometry);
    const target = targetOnGrid(geometry, about.mask, 1)!;
    const plan = planOcclusion(manifest, geometry, target, { mostRuns });
    const told: [number, number][] = [];
    const { runs, patches } = await explainSegment(
      about.volume,
      manifest,
      { value: 1, plan, target },
      {
        runWindow: readsFrom([0, 0, 0]),
        progress: async (done, total) => void told.push([done, total]),
      },
    );
    expect(runs).toBeLessThanOrEqual(mostRuns);
    expect(runs).toBeGreaterThan(mostRuns / 4);
    expect(told.map(([done]) => done)).toEqual([...Array.from({ length: runs + 1 }, (_, n) => n), runs]);
    expect(told.at(-1)).toEqual([runs, runs]);
    expect(patches.reduce((sum, { count }) => sum + count, 0)).toBeLessThan(runs);
  });

  it('stop when the hooks say so, with the input as it was', async () => {
    const manifest = manifestFor('LPS');
    const geometry = geometryTrace(manifest, about.volume.geometry);
    const target = targetOnGrid(geometry, about.mask, 1)!;
    const plan = planOcclusion(manifest, geometry, target);
    const before = about.volume.scalars.slice();
    const stopped = explainSegment(
      about.volume,
      manifest,
      { value: 1, plan, target },
      {
        runWindow: readsFrom([0, 0, 0]),
        progress: async (done) => {
          if (done === 5) throw new Error('a person cancelled');
        },
      },
    );
    await expect(stopped).rejects.toThrow('a person cancelled');
    expect(about.volume.scalars).toEqual(before);
  });

  it('too few, or a patch below a voxel, are refused', () => {
    const manifest = manifestFor('LPS');
    const geometry = geometryTrace(manifest, about.volume.geometry);
    const target = targetOnGrid(geometry, about.mask, 1)!;
    const plan = (wish: OcclusionWish) => () => planOcclusion(manifest, geometry, target, wish);
    for (const mostRuns of [0, 1, Number.NaN, 2.5])
      expect(plan({ mostRuns })).toThrow(expect.objectContaining({ code: 'argument/runs' }));
    for (const patchMm of [0, -3, Number.NaN, 0.5, 1e6])
      expect(plan({ patchMm })).toThrow(expect.objectContaining({ code: 'argument/patch' }));
  });

  it('that do not see the segment, or answer with no numbers, end it', async () => {
    const blind: OcclusionHooks['runWindow'] = async (_, size) => ({
      dims: [1, 2, size[2], size[1], size[0]],
      scores: new Float32Array(2 * voxels(size)).fill(1, 0, voxels(size)),
    });
    await expect(explained(about, manifestFor('LPS'), blind, {})).rejects.toMatchObject({
      code: 'model/segment-not-found-again',
    });
    const broken: OcclusionHooks['runWindow'] = async (_, size) => ({
      dims: [1, 2, size[2], size[1], size[0]],
      scores: new Float32Array(2 * voxels(size)).fill(Number.NaN),
    });
    const softmax = testManifest({});
    await expect(explained(about, softmax, broken, {})).rejects.toMatchObject({ code: 'model/non-finite-output' });
    const other: OcclusionHooks['runWindow'] = async () => ({ dims: [1, 2, 3], scores: new Float32Array(6) });
    await expect(explained(about, softmax, other, {})).rejects.toMatchObject({ code: 'model/shape-mismatch' });
  });
});

it('finds no segment where there is none, or where all of it was cropped away', () => {
  const about = subject(plain([20, 8, 8]), cube([0, 0, 0], 2), []);
  const manifest = manifestFor('LPS', { input: { grid: [8, 8, 8] } });
  const geometry = geometryTrace(manifest, about.volume.geometry);
  expect(targetOnGrid(geometry, about.mask, 2)).toBeNull();
  expect(targetOnGrid(geometry, about.mask, 1)).toBeNull();
});

function plain(size: Vector3): VolumeGeometry {
  return {
    size,
    spacingMm: [1, 1, 1],
    originLps: worldPoint(0, 0, 0),
    direction: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
  };
}

/** Turned by 20° about the third axis of the patient: still closest to the same anatomical axes. */
function oblique(direction: VolumeGeometry['direction']): VolumeGeometry['direction'] {
  const [c, s] = [Math.cos(0.35), Math.sin(0.35)];
  return direction.map(([x, y, z]) => [c * x - s * y, s * x + c * y, z]) as unknown as VolumeGeometry['direction'];
}
