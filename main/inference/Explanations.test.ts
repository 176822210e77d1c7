/** Explanations through the real process: a network whose answer depends on one known place, its attention, and what is refused. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Provenance } from '#contract/schemas/provenance.ts';
import { indexPoint, type Vector3 } from '#core/geometry/points.ts';
import { indexToWorld } from '#core/geometry/volumeGeometry.ts';
import { saliencyVoxels } from '#core/inference/explain/saliencyMap.ts';
import { shiftedNetwork } from '#core/inference/onnx/shiftedNetwork.ts';
import type { Volume } from '#core/volume/volume.ts';
import type { Explanation, ExplanationRequest } from './Explanations.ts';
import { InferenceService } from './inferenceService.ts';
import { cubeVolume, testContext, writeTestPack } from './testPack.ts';

let folder: string;
let service: InferenceService;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lantern-explain-'));
  service = new InferenceService({ modelFolders: [folder] });
});
afterEach(async () => {
  await service.close();
  rmSync(folder, { recursive: true, force: true });
});

const ATTENTION = [{ output: 'looked-at', name: 'What it read' }];

/** Reads 6 voxels to the left of the patient: its segment lies 6 voxels right of the bright cube. */
async function proposed(changes: Parameters<typeof writeTestPack>[2] = {}, side = 24, around?: Vector3) {
  writeTestPack(
    folder,
    'shifted',
    { input: { orientation: 'LPS' }, output: { attention: ATTENTION }, ...changes },
    shiftedNetwork(100, 6),
  );
  const volume = cubeVolume(side);
  // The cube of cubeVolume lies at the patient's left end; one further to the right can be reached.
  volume.scalars.fill(0);
  for (let k = 8; k < 12; k++)
    for (let j = 9; j < 13; j++) for (let i = 6; i < 10; i++) volume.scalars[i + side * (j + side * k)] = 200;
  const aroundLps = around && indexToWorld(volume.geometry, indexPoint(...around));
  const run = await service.run(
    { modelId: 'shifted', volume, modality: 'CT', ...(aroundLps && { aroundLps }) },
    testContext(),
  );
  const provenance: Provenance = { ...run.provenance, operator: 'A tester' };
  return { volume, provenance, mask: run.labelmap };
}

/** An explanation that is not over before somebody interrupts it. */
const LONG = { patchMm: 6, mostRuns: 200 };
const LONG_SIDE = 48;

type Asked = Awaited<ReturnType<typeof proposed>>;

const occlusion = ({ volume, provenance, mask }: Asked, number = 1, wish = {}): ExplanationRequest => ({
  volume,
  provenance,
  asked: { kind: 'occlusion', segment: { number, name: 'Bright' }, mask, wish },
});

const attention = ({ volume, provenance }: Asked, map: string | null = null): ExplanationRequest => ({
  volume,
  provenance,
  asked: { kind: 'attention', map },
});

const explain = (request: ExplanationRequest, context = testContext()): Promise<Explanation> =>
  service.explain(async () => request, context);

/** The mean place of what weighs something, in voxels of the series. */
function middle({ geometry: { size } }: Volume, values: ArrayLike<number>): number[] {
  const sums = [0, 0, 0, 0];
  for (let n = 0; n < values.length; n++) {
    const w = values[n]!;
    for (const [a, x] of [
      n % size[0],
      Math.floor(n / size[0]) % size[1],
      Math.floor(n / (size[0] * size[1])),
    ].entries())
      sums[a]! += w * x;
    sums[3]! += w;
  }
  return sums.slice(0, 3).map((sum) => sum / sums[3]!);
}

describe('occlusion saliency', () => {
  it('lies on the place that the network read, and not on the segment', async () => {
    const asked = await proposed();
    const segment = middle(asked.volume, asked.mask.voxels);
    const bright = middle(asked.volume, asked.volume.scalars);
    // The series' k axis runs to the patient's right: the network's i, reversed.
    expect(segment).toEqual([bright[0], bright[1], bright[2]! + 6]);
    const { found, model, warnings } = await explain(occlusion(asked, 1, { patchMm: 6, mostRuns: 200 }));
    if (found.kind !== 'occlusion') throw new Error('another kind');
    expect(model).toMatchObject({ id: 'shifted', sha256: asked.provenance.sha256 });
    expect(warnings).toEqual([]);
    expect(found.meanProbability).toBeCloseTo(1, 6);
    expect(found.windows).toBe(1);
    const map = saliencyVoxels(found.map);
    const most = middle(
      asked.volume,
      map.map((value) => Math.max(0, value)),
    );
    const spacing = asked.volume.geometry.spacingMm;
    for (const [a, x] of most.entries()) expect(Math.abs(x - bright[a]!) * spacing[a]!).toBeLessThan(4);
    // What it never reads counts nothing, even in the middle of the segment.
    const [i, j, k] = segment.map(Math.round) as [number, number, number];
    expect(map[i + 24 * (j + 24 * k)]).toBeLessThan(0.05);
    expect(found.runs).toBeLessThanOrEqual(200);
  });

  it('of a proposal around a point is asked of that part, and lies where it lay', async () => {
    const crops = {
      population: 'Crops.',
      cases: 9,
      source: 'Tests.',
      fieldOfViewMm: { least: [9, 9, 9], most: [20, 20, 20] },
    } as const;
    const input = { orientation: 'LPS', spacingMm: [1, 1, 1] as const };
    const part = { input, training: crops, window: { size: [40, 16, 16] as const } };
    const asked = await proposed(part, 24, [8, 11, 13]);
    expect(asked.provenance.region?.size).not.toEqual([24, 24, 24]);
    expect(asked.mask.voxels.some((label) => label === 1)).toBe(true);
    const { found } = await explain(occlusion(asked, 1, { patchMm: 6, mostRuns: 200 }));
    if (found.kind !== 'occlusion') throw new Error('another kind');
    const map = saliencyVoxels(found.map);
    expect(map).toHaveLength(24 ** 3);
    const bright = middle(asked.volume, asked.volume.scalars);
    const most = middle(
      asked.volume,
      map.map((value) => Math.max(0, value)),
    );
    const spacing = asked.volume.geometry.spacingMm;
    for (const [a, x] of most.entries()) expect(Math.abs(x - bright[a]!) * spacing[a]!).toBeLessThan(4);
  });

  it('is estimated before, and takes at most as many runs', async () => {
    const asked = await proposed({ window: { size: [16, 16, 16] } });
    const estimate = await service.estimateExplanation(occlusion(asked));
    const { found } = await explain(occlusion(asked));
    if (found.kind !== 'occlusion') throw new Error('another kind');
    expect(estimate).toMatchObject({ mostRuns: 60, patchMm: found.patchMm, attention: ['What it read'] });
    expect(estimate.seconds).toBeGreaterThan(0);
    expect(found.runs).toBeLessThanOrEqual(60);
    expect(found.patches[0]?.sizeMm).toBe(estimate.firstPatchMm);
  });

  it('is cancelled within a window, and the process goes on', async () => {
    const asked = await proposed();
    const context = testContext();
    const cancelling = { ...context, progress: (done: number) => void (done === 3 && context.abort()) };
    await expect(explain(occlusion(asked), cancelling)).rejects.toThrow('a person cancelled');
    const pid = service.processId;
    expect((await explain(attention(asked))).found.kind).toBe('attention');
    expect(service.processId).toBe(pid);
  });

  it('waits behind the runs of people', async () => {
    const asked = await proposed();
    const order: string[] = [];
    const first = service.run({ modelId: 'shifted', volume: asked.volume, modality: 'CT' }, testContext());
    const explained = explain(occlusion(asked)).then(() => order.push('explanation'));
    const run = service.run({ modelId: 'shifted', volume: asked.volume, modality: 'CT' }, testContext());
    await Promise.all([first, explained, run.then(() => order.push('run'))]);
    expect(order).toEqual(['run', 'explanation']);
  });

  /** Progress as it was told, and what to do at some of it. */
  function watched(at: (done: number) => void) {
    const context = testContext();
    let replayed = 0;
    const progress: typeof context.progress = (done, total, _unit, phase) => {
      // What is known from before takes no run of the network, and so tells no time.
      if (total > 0 && done > 0 && done < total && !phase.includes('s left')) replayed++;
      at(done);
    };
    return { context: { ...context, progress }, abort: context.abort, replayed: () => replayed };
  }

  it('gives way to a person’s run that comes meanwhile, and goes on from where it was', async () => {
    const asked = await proposed({}, LONG_SIDE);
    const { found: whole } = await explain(occlusion(asked, 1, LONG));
    const order: string[] = [];
    let run: Promise<unknown> | null = null;
    const { context, replayed } = watched((done) => {
      if (done !== 7 || run) return;
      const wanted = service.run({ modelId: 'shifted', volume: asked.volume, modality: 'CT' }, testContext());
      run = wanted.then(() => order.push('run'));
    });
    const explained = explain(occlusion(asked, 1, LONG), context);
    void explained.then(() => order.push('explanation'));
    expect((await explained).found).toEqual(whole);
    await run;
    expect(order).toEqual(['run', 'explanation']);
    expect(replayed()).toBeGreaterThanOrEqual(7);
  });

  it.skipIf(process.platform === 'win32')('gives way in the middle of a long window, in a new process', async () => {
    const asked = await proposed({}, LONG_SIDE);
    const { found: whole } = await explain(occlusion(asked, 1, LONG));
    const pid = service.processId ?? 0;
    let run: Promise<unknown> | null = null;
    const { context, replayed } = watched((done) => {
      if (done !== 4 || run) return;
      // A window that takes for ever.
      process.kill(pid, 'SIGSTOP');
      run = service.run({ modelId: 'shifted', volume: asked.volume, modality: 'CT' }, testContext());
    });
    const { found, warnings } = await explain(occlusion(asked, 1, LONG), context);
    expect(found).toEqual(whole);
    // That is no crash: nobody need be told.
    expect(warnings).toEqual([]);
    // The made-up series alone is warned of.
    await expect(run).resolves.toMatchObject({ warnings: [{ code: 'model/not-hounsfield' }] });
    expect(service.processId).not.toBe(pid);
    expect(replayed()).toBeGreaterThanOrEqual(4);
  });

  it('that gave way can be cancelled while the run goes on', async () => {
    const asked = await proposed({}, LONG_SIDE);
    let run: Promise<unknown> | null = null;
    const { context, abort } = watched((done) => {
      if (done !== 3) return;
      const person = testContext((phase) => void (phase.startsWith('Running') && abort()));
      run = service.run({ modelId: 'shifted', volume: asked.volume, modality: 'CT' }, person);
    });
    await expect(explain(occlusion(asked, 1, LONG), context)).rejects.toThrow('a person cancelled');
    await expect(run).resolves.toMatchObject({ segments: [{ name: 'Bright' }] });
  });

  it('whose process ends is tried once more, from where it was, and says so', async () => {
    const asked = await proposed({}, LONG_SIDE);
    const { found: whole } = await explain(occlusion(asked, 1, LONG));
    let kills = 0;
    const { context, replayed } = watched((done) => {
      if (done === 5 && kills++ === 0) process.kill(service.processId ?? 0, 'SIGKILL');
    });
    const { found, warnings, provider } = await explain(occlusion(asked, 1, LONG), context);
    expect(found).toEqual(whole);
    expect([provider, warnings]).toMatchObject(['cpu', [{ code: 'model/started-again' }]]);
    expect(replayed()).toBeGreaterThanOrEqual(5);
  });

  it('whose process ends again is reported, and the next one works', async () => {
    const asked = await proposed({}, LONG_SIDE);
    const { context } = watched((done) => void (done > 4 && process.kill(service.processId ?? 0, 'SIGKILL')));
    await expect(explain(occlusion(asked, 1, LONG), context)).rejects.toMatchObject({ code: 'model/process-crashed' });
    expect((await explain(occlusion(asked, 1, LONG))).warnings).toEqual([]);
  });

  it('is refused where there is nothing to ask', async () => {
    const asked = await proposed();
    const empty = { ...asked, mask: { ...asked.mask, voxels: new Uint8Array(asked.mask.voxels.length) } };
    const refused = async (request: ExplanationRequest, code: string): Promise<void> => {
      await expect(explain(request)).rejects.toMatchObject({ code });
      await expect(service.estimateExplanation(request)).rejects.toMatchObject({ code });
    };
    await refused({ ...occlusion(asked), provenance: null }, 'segmentation/not-from-model');
    await refused(occlusion(empty), 'segmentation/empty-segment');
    await refused(occlusion(asked, 7), 'model/not-explainable');
    const other = (changes: Partial<Provenance>) => ({ ...asked, provenance: { ...asked.provenance, ...changes } });
    await refused(occlusion(other({ sha256: '0'.repeat(64) })), 'model/different-network');
    await refused(occlusion(other({ modelId: 'gone' })), 'model/unknown');
    await refused(occlusion(other({ modelId: 'prompt' })), 'model/not-explainable');
    await refused(occlusion(asked, 1, { patchMm: 0.1 }), 'argument/patch');
    await refused(occlusion(asked, 1, { mostRuns: 1 }), 'argument/runs');
    // Where the network sees nothing: the bright cube itself, drawn by hand.
    const drawn = {
      ...asked,
      mask: { ...asked.mask, voxels: Uint8Array.from(asked.volume.scalars, (x) => (x > 0 ? 1 : 0)) },
    };
    await expect(explain(occlusion(drawn))).rejects.toMatchObject({ code: 'model/segment-not-found-again' });
  });

  it('of an averaged proposal says whose answer is explained', async () => {
    const asked = await proposed();
    const averaged = { ...asked, provenance: { ...asked.provenance, flippedAxes: ['left-right'] } };
    expect((await explain(occlusion(averaged))).warnings).toMatchObject([{ code: 'model/explained-alone' }]);
  });
});

describe('an attention map', () => {
  it.each([
    ['at once', {}],
    ['through windows that overlap across what it reads along', { window: { size: [24, 12, 16] as const } }],
  ])('is the network’s own output on the series’ own grid, %s', async (_, changes) => {
    const asked = await proposed(changes);
    const { found } = await explain(attention(asked, 'What it read'));
    if (found.kind !== 'attention') throw new Error('another kind');
    expect(found).toMatchObject({ map: 'What it read', lowest: 0, highest: expect.closeTo(1, 6) });
    const { voxels } = asked.mask;
    // sigmoid(200) where it found the segment, sigmoid(0) elsewhere.
    for (let n = 0; n < voxels.length; n++) {
      if (Math.abs(found.values[n]! / 65_535 - (voxels[n] ? 1 : 0.5)) > 2e-5) throw new Error(`voxel ${n}`);
    }
  });

  it('gives way to a person’s run too, and is the same afterwards', async () => {
    const asked = await proposed({ window: { size: [12, 12, 12] } }, LONG_SIDE);
    const { found: whole } = await explain(attention(asked));
    const order: string[] = [];
    let run: Promise<unknown> | null = null;
    const context = testContext();
    const progress = (done: number): void => {
      if (done !== 3 || run) return;
      const wanted = service.run({ modelId: 'shifted', volume: asked.volume, modality: 'CT' }, testContext());
      run = wanted.then(() => order.push('run'));
    };
    const explained = explain(attention(asked), { ...context, progress });
    void explained.then(() => order.push('map'));
    expect((await explained).found).toEqual(whole);
    await run;
    expect(order).toEqual(['run', 'map']);
  });

  it('is refused where the model offers none, or none of this name', async () => {
    const asked = await proposed();
    await expect(explain(attention(asked, 'Another'))).rejects.toMatchObject({ code: 'model/no-such-map' });
    const bare = await proposed({ output: {} });
    await expect(explain(attention(bare))).rejects.toMatchObject({ code: 'model/no-attention' });
  });

  it.each([
    ['an output that is not there', { output: 'nothing', name: 'A' }],
    ['the scores', { output: 'scores', name: 'A' }],
  ])('whose manifest names %s makes the model refused', async (_, map) => {
    await expect(proposed({ output: { attention: [map] } })).rejects.toMatchObject({ code: 'model/shape-mismatch' });
  });
});
