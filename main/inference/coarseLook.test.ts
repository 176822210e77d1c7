import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { worldPoint } from '#core/geometry/points.ts';
import { coarseAgreement, spreadLabels } from '#core/inference/coarseLabels.ts';
import { ModelBuilder } from '#core/onnx/buildModel.ts';
import { writeModel } from '#core/onnx/readModel.ts';
import type { Volume } from '#core/volume/volume.ts';
import type { CoarseAnswer } from './inferenceRequest.ts';
import { InferenceService } from './inferenceService.ts';
import { testContext, writeTestPack } from './testPack.ts';

let folder: string;
let service: InferenceService;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lantern-coarse-'));
  service = new InferenceService({ modelFolders: [folder], coarseFromSeconds: 0 });
});
afterEach(async () => {
  await service.close();
  rmSync(folder, { recursive: true, force: true });
});

const WINDOWS = { size: [16, 16, 16], overlap: 0.5 } as const;

/** Bright on one side of an axis of the array, off the middle; flipped and turned against the patient. */
function slab(side = 48): Volume {
  const scalars = new Int16Array(side ** 3);
  for (let n = 0; n < scalars.length; n++) if (n % side < 20 && Math.floor(n / side ** 2) > 30) scalars[n] = 200;
  const direction = [
    [0, 1, 0],
    [0, 0, -1],
    [-1, 0, 0],
  ] as const;
  return {
    geometry: { size: [side, side, side], spacingMm: [0.7, 0.9, 2], originLps: worldPoint(10, -20, 30), direction },
    scalars,
  };
}

/** Checkers of single voxels: what any coarser grid must get wrong. */
function checkers(side = 48): Volume {
  const { geometry } = slab(side);
  const scalars = Int16Array.from({ length: side ** 3 }, (_, n) => {
    const odd = (n % side) + Math.floor(n / side) + Math.floor(n / side ** 2);
    return odd % 2 === 0 ? 180 : 0;
  });
  return { geometry, scalars };
}

async function run(modelId: string, volume: Volume, phase?: (text: string) => void) {
  const looks: CoarseAnswer[] = [];
  const told: string[] = [];
  const context = testContext((text) => {
    told.push(`${looks.length} ${text}`);
    phase?.(text);
  });
  const onCoarse = (look: CoarseAnswer): void => void looks.push(look);
  const answer = await service.run({ modelId, volume, modality: 'CT', onCoarse }, context);
  return { looks, told, answer, context };
}

it('shows the whole volume coarsely before the first tenth of the windows is done, where it lies in the series', async () => {
  writeTestPack(folder, 'bright', { window: WINDOWS, input: { orientation: 'RAS' } });
  const volume = slab();
  const { looks, told, answer } = await run('bright', volume);
  const [look] = looks;
  if (!look) throw new Error('no coarse look');
  expect(looks).toHaveLength(1);
  expect(told.findIndex((line) => line.startsWith('1 '))).toBeLessThan(told.length / 10 + 2);
  expect(look.segments.map(({ name }) => name)).toEqual(['Bright']);
  const { spacingMm } = look.geometry;
  expect(coarseAgreement(look.labelmap, answer.labelmap, volume.geometry, spacingMm)).toBeGreaterThan(0.9);
  expect(spreadLabels(look.labelmap, volume.geometry, spacingMm).voxels).toHaveLength(48 ** 3);
  // The result is that of the full run, and holds nothing of the look.
  expect(answer.labelmap.voxels).toEqual(Uint8Array.from(volume.scalars, (v) => (v > 100 ? 1 : 0)));
  expect(answer.networkSeconds).toBeGreaterThan(0);
});

/** Bright where the voxel eight before it along i is bright. */
function reachingNetwork(): Uint8Array {
  const builder = new ModelBuilder();
  const weights = new Float32Array(27);
  weights[12] = 1;
  builder.floats('reach', [1, 1, 3, 3, 3], weights);
  const [eight, sides] = [Array<number>(3).fill(8), Array<number>(6).fill(8)];
  const attributes = { kernel_shape: { ints: [3, 3, 3] }, dilations: { ints: eight }, pads: { ints: sides } };
  builder.node('Conv', ['image', 'reach'], ['moved'], attributes);
  builder.floats('w', [2, 1, 1, 1, 1], Float32Array.of(-1, 1));
  builder.floats('b', [2], Float32Array.of(100, -100));
  builder.node('Conv', ['moved', 'w', 'b'], ['scores'], { kernel_shape: { ints: [1, 1, 1] } });
  const ends = (name: string, channels: number) => [{ name, dims: [1, channels, 'k', 'j', 'i'] }];
  const origin = { producer: 'lantern', producerVersion: '', opset: 13, graphName: 'reaches' };
  return writeModel(builder.build(ends('image', 1), ends('scores', 2), origin));
}

it('of a dilated network reaches as many millimetres as the full run', async () => {
  // The axes of the array.
  writeTestPack(folder, 'reaches', { input: { orientation: 'PIR' } }, reachingNetwork());
  const volume = slab();
  const { looks, answer } = await run('reaches', volume);
  const [look] = looks;
  if (!look) throw new Error('no coarse look');
  expect(coarseAgreement(look.labelmap, answer.labelmap, volume.geometry, look.geometry.spacingMm)).toBeGreaterThan(
    0.85,
  );
  const wrong = answer.labelmap.voxels.filter(
    (label, n) => label !== (n % 48 >= 8 && (volume.scalars[n - 8] ?? 0) > 100 ? 1 : 0),
  );
  expect(wrong).toHaveLength(0);
});

it('of a dilated network in windows leaves nothing to the full run, the first time and the next', async () => {
  writeTestPack(folder, 'reaches', { window: WINDOWS, input: { orientation: 'PIR' } }, reachingNetwork());
  writeTestPack(folder, 'alone', { window: WINDOWS, input: { orientation: 'PIR' } }, reachingNetwork());
  const volume = slab();
  const { labelmap } = await service.run({ modelId: 'alone', volume, modality: 'CT' }, testContext());
  for (const _ of [1, 2]) {
    const { looks, answer } = await run('reaches', volume);
    expect(looks).toHaveLength(1);
    expect(Buffer.from(answer.labelmap.voxels).equals(Buffer.from(labelmap.voxels))).toBe(true);
  }
});

it('tells at the second look how well the first one agreed', async () => {
  writeTestPack(folder, 'bright', { window: WINDOWS });
  expect((await run('bright', slab())).looks[0]?.agreement).toBeNull();
  expect((await run('bright', slab())).looks[0]?.agreement).toBeGreaterThan(0.9);
});

it('shows none again of a network whose look misled', async () => {
  writeTestPack(folder, 'bright', { window: WINDOWS });
  expect((await run('bright', checkers())).looks).toHaveLength(1);
  expect((await run('bright', checkers())).looks).toHaveLength(0);
});

/** Its file states one size. @param end an operator behind the scores, which leaves the highest the highest; Div: voxel by voxel */
function fixedNetwork(end: 'Relu' | 'Sigmoid' | 'Div', side = 48): Uint8Array {
  const builder = new ModelBuilder();
  builder.floats('w', [2, 1, 1, 1, 1], Float32Array.of(-1, 1));
  builder.floats('b', [2], Float32Array.of(100, -100));
  builder.node('Conv', ['image', 'w', 'b'], ['sums'], { kernel_shape: { ints: [1, 1, 1] } });
  if (end === 'Div') builder.floats('by', [1, 1, side, side, side], new Float32Array(side ** 3).fill(2));
  builder.node(end, end === 'Div' ? ['sums', 'by'] : ['sums'], ['scores']);
  const ends = (name: string, channels: number) => [{ name, dims: [1, channels, side, side, side] }];
  const origin = { producer: 'lantern', producerVersion: '', opset: 13, graphName: 'one size' };
  return writeModel(builder.build(ends('image', 1), ends('scores', 2), origin));
}

const FIXED = { input: { grid: [48, 48, 48], orientation: 'PIR' } } as const;

it('is had where the file states one size, as the program’s own kernels take any', async () => {
  writeTestPack(folder, 'fixed', FIXED, fixedNetwork('Relu'));
  const volume = slab();
  const { looks, answer } = await run('fixed', volume);
  const [look] = looks;
  if (!look) throw new Error('no coarse look');
  const { spacingMm } = look.geometry;
  expect(coarseAgreement(look.labelmap, answer.labelmap, volume.geometry, spacingMm)).toBeGreaterThan(0.9);
  expect(answer.labelmap.voxels).toEqual(Uint8Array.from(volume.scalars, (v) => (v > 100 ? 1 : 0)));
});

it.each(['softmax', 'sigmoid'] as const)(
  'is left out where the network takes one size only, and the run goes on: %s',
  async (activation) => {
    const output = { activation, threshold: 0.5 };
    writeTestPack(folder, 'fixed', { ...FIXED, output }, fixedNetwork('Sigmoid'));
    const { looks, answer } = await run('fixed', slab());
    expect(looks).toHaveLength(0);
    expect(answer.labelmap.voxels.includes(1)).toBe(true);
  },
);

/** Fewer slices than a window has. */
function thin(): Volume {
  const scalars = Int16Array.from({ length: 96 * 96 * 20 }, (_, n) => (n % 96 < 40 ? 200 : 0));
  return { geometry: { ...slab().geometry, size: [96, 96, 20] }, scalars };
}

it.each([
  ['takes any window', fixedNetwork('Relu', 24)],
  ['takes its own window only', fixedNetwork('Div', 24)],
] as const)('of a thin series leaves the program’s own kernels to the run: %s', async (_, network) => {
  const output = { activation: 'sigmoid', threshold: 0.5 } as const;
  const window = { size: [24, 24, 24], overlap: 0.5 } as const;
  writeTestPack(folder, 'thin', { window, output, input: { orientation: 'PIR' } }, network);
  const volume = thin();
  const { looks, answer } = await run('thin', volume);
  expect(looks).toHaveLength(1);
  for (const { labelmap, geometry } of looks)
    expect(coarseAgreement(labelmap, answer.labelmap, volume.geometry, geometry.spacingMm)).toBeGreaterThan(0.9);
  expect(answer.labelmap.voxels).toEqual(Uint8Array.from(volume.scalars, (v) => (v > 100 ? 1 : 0)));
  expect(answer.provenance.rewritten).toBe(true);
});

it('leaves nothing in the pipe when it is cancelled right after it: the next run is right', async () => {
  writeTestPack(folder, 'bright', { window: WINDOWS });
  const context = testContext();
  const volume = slab();
  const onCoarse = (): void => context.abort();
  const cancelled = service.run({ modelId: 'bright', volume, modality: 'CT', onCoarse }, context);
  await expect(cancelled).rejects.toThrow('a person cancelled');
  const { answer } = await run('bright', volume);
  expect(answer.labelmap.voxels).toEqual(Uint8Array.from(volume.scalars, (v) => (v > 100 ? 1 : 0)));
});

it('is not taken for a run that nobody waits long for', async () => {
  await service.close();
  service = new InferenceService({ modelFolders: [folder], coarseFromSeconds: 3600 });
  writeTestPack(folder, 'bright', { window: WINDOWS });
  await run('bright', slab());
  // What it takes is known now.
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect((await run('bright', slab())).looks).toHaveLength(0);
});
