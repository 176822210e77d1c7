/** Flips and ensembles with networks of plain arithmetic, compared with the averages written out. */
import { describe, expect, it } from 'vitest';
import { type Vector3, worldPoint } from '../geometry/points.ts';
import type { Volume } from '../volume/volume.ts';
import type { ModelManifest } from './modelManifest.ts';
import { planWays } from './planWays.ts';
import { type DoubtWish, runModel } from './runModel.ts';
import { testManifest } from './testManifest.ts';

const SIZE: Vector3 = [5, 4, 6];

function volumeOf(value: (n: number) => number, size = SIZE): Volume {
  const scalars = Float32Array.from({ length: size[0] * size[1] * size[2] }, (_, n) => value(n));
  const direction = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ] as const;
  return { geometry: { size, spacingMm: [1, 1, 1], originLps: worldPoint(0, 0, 0), direction }, scalars };
}

const noise = (n: number): number => (Math.imul(n + 7, 0x9e3779b1) >>> 8) / 2 ** 24;

/** Scores of each voxel from its value, its place in the window and the member. */
type Network = (value: number, at: Vector3, member: number) => readonly number[];

function run(
  volume: Volume,
  members: [ModelManifest, ...ModelManifest[]],
  network: Network,
  flips: boolean,
  doubt: DoubtWish = 'required',
) {
  const progress: string[] = [];
  const { ways } = planWays(members, { flips });
  const answer = runModel(
    volume,
    members[0],
    {
      progress: async (done, total) => void progress.push(`${done}/${total}`),
      runWindow: async (input, size, member) => {
        const classes = members[member]?.classes.length ?? 0;
        const scores = new Float32Array(classes * input.length);
        for (const [n, value] of input.entries()) {
          const at: Vector3 = [n % size[0], Math.floor(n / size[0]) % size[1], Math.floor(n / (size[0] * size[1]))];
          for (const [c, score] of network(value, at, member).entries()) scores[c * input.length + n] = score;
        }
        return { dims: [1, classes, size[2], size[1], size[0]], scores };
      },
    },
    { members, ways, doubt },
  );
  return answer.then((result) => ({ ...result, progress }));
}

const softmax = (scores: readonly number[]): number[] => {
  const exps = scores.map((s) => Math.exp(s));
  const sum = exps.reduce((a, b) => a + b);
  return exps.map((e) => e / sum);
};
const entropyStep = (p: readonly number[]): number =>
  (-255 * p.reduce((h, x) => h + (x > 0 ? x * Math.log(x) : 0), 0)) / Math.log(p.length);

/** Looks at a voxel's place as well as at its value, so that a flip changes its answer. */
const byPlace: Network = (value, [i, j, k]) => [0, 4 * value - 0.9 * i + 0.3 * j - 0.1 * k];

describe('flips', () => {
  it('average exactly the mirrored answers, in every combination of axes', async () => {
    const volume = volumeOf(noise);
    const manifest = testManifest({ output: { mirrorAxes: ['i', 'j', 'k'] } });
    const { labelmap, doubt, progress } = await run(volume, [manifest], byPlace, true);
    const [ni, nj, nk] = SIZE;
    for (let n = 0; n < volume.scalars.length; n++) {
      const [i, j, k] = [n % ni, Math.floor(n / ni) % nj, Math.floor(n / (ni * nj))];
      let p = 0;
      for (const x of [i, ni - 1 - i])
        for (const y of [j, nj - 1 - j])
          for (const z of [k, nk - 1 - k]) p += (softmax(byPlace(volume.scalars[n] ?? 0, [x, y, z], 0))[1] ?? 0) / 8;
      expect(labelmap.voxels[n]).toBe(p > 0.5 ? 1 : 0);
      expect(Math.abs((doubt?.[n] ?? -9) - entropyStep([1 - p, p]))).toBeLessThan(1.01);
    }
    expect(progress.at(-1)).toBe('8/8');
  });

  it('make the answer for a mirrored series the mirrored answer', async () => {
    const [ni] = SIZE;
    const mirror = (n: number): number => n - (n % ni) + (ni - 1 - (n % ni));
    for (const window of [{ size: null }, { size: [4, 4, 4] as const }]) {
      const manifest = testManifest({ window });
      const straight = await run(volumeOf(noise), [manifest], byPlace, true);
      const mirrored = await run(
        volumeOf((n) => noise(mirror(n))),
        [manifest],
        byPlace,
        true,
      );
      expect(straight.labelmap.voxels.map((_, n) => mirrored.labelmap.voxels[mirror(n)] ?? 9)).toEqual(
        straight.labelmap.voxels,
      );
      const apart = straight.doubt?.map((v, n) => Math.abs(v - (mirrored.doubt?.[mirror(n)] ?? 99))) ?? [9];
      expect(Math.max(...apart)).toBeLessThanOrEqual(1);
    }
  });

  it('exchange left and right classes', async () => {
    const base = testManifest({}).classes;
    const of = (value: number, name: string) => ({ ...base[1], value, name });
    const classes = [base[0], of(1, 'Left lamp'), of(2, 'Right lamp')] as ModelManifest['classes'];
    // Bright is a lamp, by the side of the picture that it stands on.
    const lamps: Network = (value, [i]) => [value > 0.5 ? -20 : 20, i > 2 ? 10 : -10, i > 2 ? -10 : 10];
    const volume = volumeOf((n) => (n % 5 === 0 || n % 5 === 4 ? 1 : 0));
    const { labelmap, doubt } = await run(volume, [testManifest({ classes })], lamps, true);
    expect([...labelmap.voxels.subarray(0, 5)]).toEqual([2, 0, 0, 0, 1]);
    expect(Math.max(...(doubt ?? [9]))).toBe(0);
  });
});

describe('an ensemble', () => {
  const manifest = testManifest({});

  it('averages probabilities and not scores, in windows or at once', async () => {
    // As scores, the second member's −9 would win; as probabilities it has one vote of two.
    const members: Network = (value, _, member) => (member === 0 ? [0, 3 * value] : [0, value > 0.5 ? -9 : 1]);
    for (const window of [{ size: null }, { size: [4, 3, 4] as const, blending: 'constant' as const }]) {
      const own = testManifest({ window });
      const volume = volumeOf(noise);
      const { labelmap, doubt } = await run(volume, [own, own], members, false);
      for (const [n, value] of volume.scalars.entries()) {
        const p = [0, 1].reduce((sum, m) => sum + (softmax(members(value, [0, 0, 0], m))[1] ?? 0) / 2, 0);
        if (Math.abs(p - 0.5) > 1e-5) expect(labelmap.voxels[n]).toBe(p > 0.5 ? 1 : 0);
        expect(Math.abs((doubt?.[n] ?? -9) - entropyStep([1 - p, p]))).toBeLessThan(1.01);
      }
    }
  });

  it('gives each member the intensities that it was trained on', async () => {
    const scaled = testManifest({ input: { normalisation: { kind: 'window', lower: 0, upper: 10 } } });
    const seen: number[][] = [[], []];
    const network: Network = (value, _, member) => {
      seen[member]?.push(value);
      return [0, 1];
    };
    await run(
      volumeOf((n) => n % 11),
      [manifest, scaled],
      network,
      false,
    );
    expect(Math.max(...(seen[0] ?? []))).toBe(10);
    expect(Math.max(...(seen[1] ?? []))).toBe(1);
  });

  it('decides overlapping classes by their mean probability', async () => {
    const sigmoid = testManifest({
      output: { activation: 'sigmoid' },
      classes: [{ ...testManifest({}).classes[1], value: 1 }] as ModelManifest['classes'],
    });
    // 0.02 and 0.88: 0.45 in the mean, though the mean of the scores is −1.
    const { labelmap, doubt } = await run(volumeOf(noise), [sigmoid, sigmoid], (_, __, m) => [m === 0 ? -4 : 2], false);
    expect(new Set(labelmap.voxels)).toEqual(new Set([0]));
    const p = (1 / (1 + Math.exp(4)) + 1 / (1 + Math.exp(-2))) / 2;
    expect(Math.abs((doubt?.[0] ?? -9) - entropyStep([p, 1 - p]))).toBeLessThan(0.6);
  });

  it('is refused where a member answers with numbers that are no probabilities', async () => {
    const none = testManifest({ output: { activation: 'none' } });
    await expect(run(volumeOf(noise), [none, none], () => [3, -8], false, 'no')).rejects.toMatchObject({
      code: 'model/no-probabilities',
    });
  });

  it('throws away answers with NaN in one member', async () => {
    const broken: Network = (_, [i], member) => (member === 1 && i === 3 ? [Number.NaN, 0] : [0, 1]);
    await expect(run(volumeOf(noise), [manifest, manifest], broken, false)).rejects.toMatchObject({
      code: 'model/non-finite-output',
    });
  });
});

describe('the doubt of a single answer', () => {
  it('does not change the mask, and lies on the series’ own grid', async () => {
    const volume = volumeOf(noise, [7, 5, 4]);
    const manifest = testManifest({ input: { orientation: 'SAR', spacingMm: [1.3, 1, 0.8] } });
    const network: Network = (value) => [0, 8 * value - 4];
    const plain = await run(volume, [manifest], network, false, 'no');
    const { labelmap, doubt } = await run(volume, [manifest], network, false);
    expect(plain.doubt).toBeNull();
    expect(labelmap).toEqual(plain.labelmap);
    expect(doubt?.length).toBe(volume.scalars.length);
  });

  it('lies at the voxels that are unsure, for a series that lies otherwise than the network', async () => {
    const volume = volumeOf((n) => (n === 17 ? 0.5 : n % 2));
    for (const orientation of ['LPS', 'RAS', 'SAR', 'IPL']) {
      const { doubt } = await run(
        volume,
        [testManifest({ input: { orientation } })],
        (v) => [0, 100 * (v - 0.5)],
        false,
      );
      expect([...(doubt ?? [])].flatMap((v, n) => (v ? [[n, v]] : []))).toEqual([[17, 255]]);
    }
  });

  it('is left out, or refused, where the numbers are no probabilities', async () => {
    const none = testManifest({ output: { activation: 'none' } });
    const scores: Network = (value) => [1, 3 * value];
    const left = await run(volumeOf(noise), [none], scores, false, 'if-possible');
    expect(left.doubt).toBeNull();
    expect(left.labelmap.voxels.includes(1)).toBe(true);
    await expect(run(volumeOf(noise), [none], scores, false)).rejects.toMatchObject({ code: 'model/no-probabilities' });
  });
});
