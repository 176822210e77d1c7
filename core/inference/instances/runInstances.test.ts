import { describe, expect, it } from 'vitest';
import { indexPoint, type Vector3, worldPoint } from '../../geometry/points.ts';
import { indexToWorld } from '../../geometry/volumeGeometry.ts';
import type { Volume } from '../../volume/volume.ts';
import type { ModelManifest } from '../modelManifest.ts';
import { preprocess } from '../preprocess.ts';
import { testManifest } from '../testManifest.ts';
import { layInstances } from './layInstances.ts';
import type { SliceAnswer } from './readFindings.ts';
import { runInstances } from './runInstances.ts';

const manifest = (changes: Partial<ModelManifest['input']> = {}): ModelManifest =>
  testManifest({
    input: { dimensions: 2, ...changes },
    output: {
      kind: 'instances',
      activation: 'none',
      threshold: 0.5,
      instances: {
        tensors: { boxes: 'b', scores: 's', labels: 'l', masks: 'm' },
        leastScore: 0.5,
        linkOverlap: 0.3,
      },
    },
  });

/** What a slice shows: a letter a pixel; its score stands beside it. */
interface Drawn {
  readonly picture: readonly string[];
  readonly scores: Readonly<Record<string, number>>;
}

/** Letters that touch a "+" share its pixel: "+" belongs to all of the slice. */
function answerOf({ picture, scores }: Drawn): SliceAnswer {
  const [nj, ni] = [picture.length, picture[0]?.length ?? 0];
  const letters = Object.keys(scores);
  const masks = letters.flatMap((letter) =>
    picture.flatMap((row) => [...row].map((c) => (c === letter || c === '+' ? 0.9 : 0))),
  );
  const boxes = letters.flatMap((letter) => {
    const at = picture.flatMap((row, j) => [...row].flatMap((c, i) => (c === letter || c === '+' ? [[i, j]] : [])));
    const is = at.map(([i = 0]) => i);
    const js = at.map(([, j = 0]) => j);
    return [Math.min(...is), Math.min(...js), Math.max(...is), Math.max(...js)];
  });
  const n = letters.length;
  return {
    boxes: { dims: [n, 4], data: boxes },
    scores: { dims: [n], data: letters.map((letter) => scores[letter] ?? 0) },
    labels: { dims: [n], data: letters.map(() => 1n) },
    masks: { dims: [n, 1, nj, ni], data: masks },
  };
}

function volumeOf(size: Vector3, spacingMm: Vector3 = [1, 1, 1]): Volume {
  const direction = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ] as const;
  return {
    geometry: { size, spacingMm, originLps: worldPoint(0, 0, 0), direction },
    scalars: new Int16Array(size[0] * size[1] * size[2]),
  };
}

async function run(slices: readonly Drawn[], model = manifest()) {
  const volume = volumeOf([slices[0]?.picture[0]?.length ?? 0, slices[0]?.picture.length ?? 0, slices.length]);
  let k = 0;
  const hooks = { runSlice: async () => answerOf(slices[k++] as Drawn), progress: async () => {} };
  return runInstances(volume, [], model, hooks);
}

describe('instances of slices', () => {
  it('are one through slices where they overlap, two where they do not or where a slice lies between', async () => {
    const { instances } = await run([
      { picture: ['aa..bb', 'aa..bb'], scores: { a: 0.7, b: 0.9 } },
      { picture: ['aa....', 'aac...'], scores: { a: 0.8, c: 0.4 } },
      { picture: ['aa..bb', '....bb'], scores: { a: 0.6, b: 0.55 } },
    ]);
    expect(instances.map(({ score, runs }) => [score, [...runs]])).toEqual([
      [0.9, [4, 2, 10, 2]],
      [0.8, [0, 2, 6, 2, 12, 2, 18, 2, 24, 2]],
      [0.55, [28, 2, 34, 2]],
    ]);
  });

  it('keep the voxels that they share, on different layers', async () => {
    const size: Vector3 = [5, 2, 1];
    const { instances } = await run([{ picture: ['aa+bb', 'aa+bb'], scores: { a: 0.9, b: 0.8 } }]);
    const { layers, layerOf } = layInstances(instances, size);
    expect(layerOf).toEqual([0, 1]);
    expect(layers.map(({ voxels }) => [...voxels].join(''))).toEqual(['1110011100', '0022200222']);
  });

  it('are left out below the least score, with a reason to say how many where too many lie on one another', async () => {
    const runs = Uint32Array.of(0, 3);
    const { layers, layerOf } = layInstances(
      Array.from({ length: 20 }, () => ({ runs })),
      [3, 1, 1],
    );
    expect(layers.length).toBe(12);
    expect(layerOf.filter((layer) => layer === null).length).toBe(8);
    const { instances } = await run([{ picture: ['aab'], scores: { a: 0.2, b: 0.6 } }]);
    expect(instances.length).toBe(1);
  });

  it('land on the same place of the patient when slices are resampled and turned', async () => {
    const volume = volumeOf([20, 24, 6], [1, 0.8, 3]);
    const model = manifest({ orientation: 'SRA', spacingMm: [1.5, 1.5, null] });
    const { geometry } = preprocess({ ...volume, scalars: Int16Array.from(volume.scalars, (_, n) => n % 7) }, model);
    const [ni, nj] = geometry.size;
    const centre = worldPoint(9, 9, 7.5);
    const radius = 6;
    const inside = (p: readonly number[]): number => radius - Math.hypot(...p.map((x, a) => x - (centre[a] ?? 0)));
    let k = 0;
    const hooks = {
      progress: async () => {},
      runSlice: async (): Promise<SliceAnswer> => {
        const at = k++;
        const masks = Array.from({ length: ni * nj }, (_, n) => {
          const depth = inside(indexToWorld(geometry, indexPoint(n % ni, Math.floor(n / ni), at)));
          return Math.min(1, Math.max(0, 0.5 + depth / 6));
        });
        const boxes = { dims: [1, 4], data: [0, 0, ni, nj] };
        const labels = { dims: [1], data: [1] };
        return { boxes, scores: { dims: [1], data: [0.9] }, labels, masks: { dims: [1, nj, ni], data: masks } };
      },
    };
    const { instances } = await runInstances(volume, [], model, hooks);
    expect(instances.length).toBe(1);
    const { layers } = layInstances(instances, volume.geometry.size);
    const wrong = [...layers[0].voxels].filter((label, n) => {
      const p = indexToWorld(volume.geometry, indexPoint(n % 20, Math.floor(n / 20) % 24, Math.floor(n / 480)));
      return Math.abs(inside(p)) > 0.75 && label !== (inside(p) > 0 ? 1 : 0);
    });
    expect(wrong.length).toBe(0);
  });

  it.each([
    ['a class that the manifest does not have', { labels: { dims: [1], data: [7] } }, 'model/shape-mismatch'],
    ['masks of another size', { masks: { dims: [1, 1, 3, 2], data: new Float32Array(6) } }, 'model/shape-mismatch'],
    ['boxes for another number', { boxes: { dims: [2, 4], data: new Float32Array(8) } }, 'model/shape-mismatch'],
    ['a score that is no number', { scores: { dims: [1], data: [Number.NaN] } }, 'model/non-finite-output'],
    [
      'a mask that is no number',
      { masks: { dims: [1, 1, 1, 3], data: [1, Number.NaN, 0] } },
      'model/non-finite-output',
    ],
  ])('are refused with %s', async (_, change, code) => {
    const answer = { ...answerOf({ picture: ['aaa'], scores: { a: 0.9 } }), ...change };
    const hooks = { runSlice: async () => answer, progress: async () => {} };
    await expect(runInstances(volumeOf([3, 1, 1]), [], manifest(), hooks)).rejects.toMatchObject({ code });
  });
});
