import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { platform } from 'node:os';
import ort from 'onnxruntime-node';
import { describe, expect, it, test } from 'vitest';
import { doubtScratch, measureDoubt } from '#core/inference/measureDoubt.ts';
import { convolutionNetwork, notANumberNetwork } from '#core/inference/onnx/convolutionNetwork.ts';
import { readModel, writeModel } from '#core/onnx/readModel.ts';
import type { Size3 } from '#core/onnx/sliced/slicedValue.ts';
import { modelOutputs } from '#core/onnx/valueShape.ts';
import type { Wish } from '#core/onnx/winograd/encodeLayers.ts';
import type { LayerPlan } from '#core/onnx/winograd/layer.ts';
import { planLayers } from '#core/onnx/winograd/planLayers.ts';
import { NetworkDraft as Draft, randomFloats } from '../networkDraft.ts';
import { createSession } from '../session.ts';
import { compileKernels } from './compileKernels.ts';
import { KERNELS } from './kernelsCode.ts';
import { areKernelsTrusted } from './trustedKernels.ts';
import { prepareNetwork, WinogradNetwork } from './WinogradNetwork.ts';

test('the code is what its source compiles to', async () => {
  expect(await compileKernels()).toBe(KERNELS.replaceAll('\n', ''));
});

test('the kernels of this machine are trusted', async () => {
  expect(await areKernelsTrusted()).toBe(true);
});

const relu = (d: Draft): Draft => d.node('Relu', []);
const halves = { kernel_shape: { ints: [2, 2, 2] }, strides: { ints: [2, 2, 2] } };
const dilated = (d: Draft, channels: number, n: number): Draft =>
  d.conv(channels, { dilations: { ints: [n, n, n] }, pads: { ints: [n, n, n, n, n, n] } });

type Case = readonly [name: string, channels: number, size: Size3, make: (draft: Draft) => Draft];

const cases: readonly Case[] = [
  ['two convolutions on one channel', 1, [7, 10, 11], (d) => relu(relu(d.conv(16)).conv(16)).conv(3, {}, [1, 1, 1])],
  ['tiles that fit', 1, [8, 12, 16], (d) => relu(d.conv(8)).conv(8)],
  ['an input of four channels', 4, [6, 9, 8], (d) => relu(d.conv(12)).conv(5)],
  ['an input of many channels', 19, [5, 8, 8], (d) => relu(d.conv(24)).conv(5)],
  ['channels that fill no chunk', 1, [9, 12, 10], (d) => relu(relu(d.conv(5)).conv(21)).conv(18, {}, [1, 1, 1])],
  ['a single plane', 3, [1, 9, 30], (d) => relu(d.conv(8)).conv(4)],
  ['wide rows', 2, [4, 5, 61], (d) => relu(d.conv(8)).conv(4, {}, [1, 1, 1])],
  [
    'strides and kernels of any sides',
    1,
    [12, 13, 14],
    (d) =>
      relu(relu(d.conv(8)).conv(16, { strides: { ints: [2, 2, 2] } }))
        .conv(12, { strides: { ints: [1, 2, 2] } }, [5, 5, 5])
        .conv(8, {}, [1, 3, 3])
        .conv(4, {}, [3, 1, 1]),
  ],
  [
    'uneven pads',
    8,
    [7, 8, 8],
    (d) => relu(d.conv(16, { pads: { ints: [2, 1, 0, 1, 0, 2] } })).conv(16, { pads: { ints: [0, 0, 0, 2, 2, 2] } }),
  ],
  [
    'dilations up to more than the size',
    1,
    [20, 18, 17],
    (d) => {
      for (const n of [1, 2, 4, 8, 3, 16, 19]) dilated(d, 10, n).node('Elu', [], { alpha: { float: 1.5 } });
      return d.conv(3, {}, [1, 1, 1]);
    },
  ],
  ...(
    [
      [8, [32, 32, 100]],
      [8, [32, 99, 100]],
      [5, [20, 20, 44]],
      [16, [64, 64, 72]],
    ] as const
  ).map(
    ([n, size]): Case => [
      `rows of ${size[2]} with a dilation of ${n}, whose last tile holds phases beyond the row`,
      1,
      size,
      (d) => relu(dilated(relu(dilated(d, 8, n)), 4, n)),
    ],
  ),
  [
    'batch norm behind a convolution and on its own, a leaky activation, and one on its own',
    1,
    [8, 8, 8],
    (d) =>
      relu(relu(d.conv(16).norm('BatchNormalization')).norm('BatchNormalization').conv(16))
        .node('LeakyRelu', [], { alpha: { float: 0.2 } })
        .conv(6),
  ],
  [
    'instance norm',
    1,
    [8, 10, 9],
    (d) =>
      d
        .norm('InstanceNormalization')
        .conv(18)
        .norm('InstanceNormalization')
        .node('LeakyRelu', [], { alpha: { float: 0.02 } })
        .conv(10)
        .norm('InstanceNormalization'),
  ],
  ['pools that leave something over', 8, [9, 12, 13], (d) => relu(d.conv(16)).node('MaxPool', [], halves).conv(8)],
  ['mean pools', 8, [8, 12, 12], (d) => relu(d.conv(16)).node('AveragePool', [], halves).conv(8)],
  [
    'a U-Net',
    1,
    [8, 16, 12],
    (d) => {
      const skip = relu(d.conv(12)).now;
      relu(d.node('MaxPool', [], halves).conv(24)).up(12, [2, 2, 2]);
      return relu(d.join(skip, 12).conv(16)).conv(5, {}, [1, 1, 1]);
    },
  ],
  ['upsampling in the plane alone', 8, [4, 6, 6], (d) => relu(d.conv(16)).up(8, [1, 2, 2]).conv(4)],
  [
    'a dense block: parts of a concatenation that are read again',
    1,
    [6, 8, 8],
    (d) => {
      const first = relu(d.conv(8)).now;
      const second = relu(d.conv(8)).now;
      relu(d.join(first, 8)).conv(8);
      relu(d.join(second, 8)).conv(8);
      return d.join(first, 8).conv(3, {}, [1, 1, 1]);
    },
  ],
  [
    'parts of a concatenation that begin inside of a chunk, and are read again',
    3,
    [6, 8, 9],
    (d) => {
      const first = relu(d.conv(3)).now;
      const second = relu(d.conv(14)).now;
      relu(d.join(first, 3)).conv(5);
      relu(d.join(second, 14)).conv(13);
      return d.join(first, 3).conv(3, {}, [1, 1, 1]);
    },
  ],
  [
    'a residual sum, limits, and arithmetic with constants',
    8,
    [6, 8, 8],
    (d) => {
      const skip = d.conv(12).now;
      relu(d.conv(12))
        .conv(12)
        .node('Add', [skip])
        .node('Elu', [], { alpha: { float: 1 } });
      d.builder.floats('low', [], Float32Array.of(-0.3));
      d.builder.floats('high', [], Float32Array.of(0.4));
      d.node('Clip', ['low', 'high']).node('Mul', [d.weights(12, 1, 1, 1)]);
      d.builder.floats('two', [], Float32Array.of(2));
      return d.conv(3).node('Sub', ['two']);
    },
  ],
];

async function started(
  plan: LayerPlan,
  wish: Wish,
  how: { threads?: number; largeBytes?: number },
): Promise<WinogradNetwork> {
  const prepared = prepareNetwork(plan, wish, how);
  if (!prepared) throw new Error('it can not be run');
  const network = WinogradNetwork.begin(prepared);
  await network.ready;
  return network;
}

async function plainly(draft: Draft, channels: number, size: Size3, image: Float32Array): Promise<Float32Array> {
  const session = await createSession(writeModel(draft.finish(channels, size)), 'cpu');
  const answer = await session.run({ image: new ort.Tensor('float32', image, [1, channels, ...size]) });
  const data = Float32Array.from(Object.values(answer)[0]?.data as Float32Array);
  await session.release();
  return data;
}

/** @returns the largest difference, as a share of the largest score */
function apart(own: Float32Array, plain: Float32Array): number {
  expect(own.length).toBe(plain.length);
  const scale = plain.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  expect(scale).toBeGreaterThan(0);
  return plain.reduce((worst, v, n) => Math.max(worst, Math.abs(v - own[n]!) / scale), 0);
}

describe('answers as the runtime does', () => {
  it.each(cases)('%s', async (name, channels, size, make) => {
    const draft = make(new Draft(channels));
    const image = randomFloats(channels * size[0] * size[1] * size[2], 99).map((v) => 4 * v);
    const plain = await plainly(draft, channels, size, image);
    const plan = planLayers(draft.finish(channels, size), size);
    if (!plan) throw new Error('it was not read');
    if (name.includes('dilation of')) expect(plan.layers.map(({ kind }) => kind)).toEqual(['convolve3', 'convolve3']);
    // In place or not, by one thread or by more: the same numbers.
    const answers: Float32Array[] = [];
    for (const how of [{ threads: 1 }, { threads: 3 }, { threads: 2, largeBytes: 0 }]) {
      const network = await started(plan, 'scores', how);
      network.scores(image.map(() => 7));
      const { data, dims } = network.scores(image);
      expect(dims.slice(0, 2)).toEqual([1, draft.channels]);
      answers.push(Float32Array.from(data));
      await network.release();
    }
    expect(apart(answers[0]!, plain)).toBeLessThan(2e-5);
    for (const other of answers.slice(1)) expect(apart(other, answers[0]!)).toBe(0);
  });
});

test('classes are those of the highest scores, in place and with sums that tell whether all are finite', async () => {
  const size: Size3 = [21, 16, 18];
  const draft = new Draft(1);
  for (const n of [1, 2, 4, 2]) dilated(draft, 21, n).node('Elu', [], { alpha: { float: 1 } });
  draft.conv(18, {}, [1, 1, 1]);
  const image = randomFloats(size[0] * size[1] * size[2], 5).map((v) => 4 * v);
  const scores = await plainly(draft, 1, size, image);
  const plan = planLayers(draft.finish(1, size), size)!;
  const network = await started(plan, 'classes', { threads: 2, largeBytes: 0 });
  const { classes, sums } = network.classes(image);
  const voxels = image.length;
  let differing = 0;
  for (let n = 0; n < voxels; n++) {
    let best = 0;
    for (let c = 1; c < 18; c++) if (scores[c * voxels + n]! > scores[best * voxels + n]!) best = c;
    if (classes[n] !== best) differing++;
  }
  expect(differing / voxels).toBeLessThan(1e-3);
  expect(new Set(classes).size).toBeGreaterThan(3);
  const total = scores.reduce((sum, v) => sum + v, 0);
  expect(sums.reduce((sum, v) => sum + v, 0)).toBeCloseTo(total, 0);
  image[voxels >> 1] = Number.NaN;
  expect(network.classes(image).sums.some((sum) => !Number.isFinite(sum))).toBe(true);
  await network.release();
});

describe('how unsure the scores are', () => {
  const size: Size3 = [9, 8, 10];
  const voxels = size[0] * size[1] * size[2];
  // Some voxels quite sure, some quite unsure.
  const image = randomFloats(voxels, 5).map((v, n) => v * 10 ** ((n % 5) - 2));

  it.each([2, 3, 6, 18, 104])('of %i classes, as it is measured from the scores', async (count) => {
    const draft = new Draft(1)
      .conv(8)
      .node('Elu', [], { alpha: { float: 1 } })
      .conv(count, {}, [1, 1, 1]);
    const scores = await plainly(draft, 1, size, image);
    const planes = Array.from({ length: count }, (_, c) => scores.subarray(c * voxels, (c + 1) * voxels));
    const expected = new Uint8Array(voxels);
    measureDoubt(planes, { planes: 'scores', areExclusive: true }, doubtScratch(voxels), expected);
    expect(Math.min(...expected)).toBeLessThan(120);
    expect(Math.max(...expected)).toBeGreaterThan(200);

    const plan = planLayers(draft.finish(1, size), size)!;
    const plain = await started(plan, 'classes', { threads: 2 });
    const classes = plain.classes(image);
    expect(classes.doubt).toBeNull();
    const expectedClasses = Uint8Array.from(classes.classes);
    await plain.release();
    const network = await started(plan, 'classes and doubt', { threads: 2 });
    const decided = network.classes(image);
    expect(Uint8Array.from(decided.classes)).toEqual(expectedClasses);
    // Looked up in tables there, computed here.
    const apart = decided.doubt!.reduce((most, v, n) => Math.max(most, Math.abs(v - expected[n]!)), 0);
    expect(apart).toBeLessThanOrEqual(1);
    image[7] = Number.NaN;
    expect(network.classes(image).sums.some((sum) => !Number.isFinite(sum))).toBe(true);
    image[7] = 0;
    await network.release();
  });
});

/** What another process of this runtime prints. */
function printedBy(flags: readonly string[], code: string): string {
  const args = [...flags, '--input-type=module', '-e', code];
  return execFileSync(process.execPath, args, { cwd: import.meta.dirname, encoding: 'utf8', maxBuffer: 2 ** 26 });
}

test('vectors of four and of eight give the same to the last bit', () => {
  const code = `
    import { createHash } from 'node:crypto';
    import { planLayers } from '#core/onnx/winograd/planLayers.ts';
    import { randomFloats } from '../networkDraft.ts';
    import { trialNetwork, TRIAL_SIZE } from './trustedKernels.ts';
    import { prepareNetwork, WinogradNetwork } from './WinogradNetwork.ts';
    const network = WinogradNetwork.begin(prepareNetwork(planLayers(trialNetwork(), TRIAL_SIZE), 'scores'));
    await network.ready;
    const image = randomFloats(TRIAL_SIZE.reduce((a, b) => a * b), 3);
    console.log(createHash('sha256').update(network.scores(image).data).digest('hex'));
    await network.release();
  `;
  const answers = [[], ['--no-enable-avx2']].map((flags) => printedBy(flags, code));
  expect(answers[0]).toMatch(/^[0-9a-f]{64}$/m);
  expect(answers[1]).toBe(answers[0]);
});

const hasEights =
  process.arch === 'x64' && /\bavx2\b/.test(platform() === 'linux' ? readFileSync('/proc/cpuinfo', 'utf8') : '');

test.runIf(hasEights)('V8 joins the kernels to vectors of eight', () => {
  const code = `import { kernelsModule } from './kernelsModule.ts'; kernelsModule();`;
  const told = printedBy(['--trace-wasm-revectorize', '--wasm-num-compilation-tasks=1'], code);
  const count = (what: RegExp): number => told.match(what)?.length ?? 0;
  // A convolution's kernel, a row's, a plane's: none is left out, and in them next to nothing.
  expect(count(/Decide to vectorize, [1-9]\d* revectorizable nodes/g)).toBeGreaterThanOrEqual(8);
  // Sums in float64, and the image's one channel.
  const expected = count(/Unsupported Simd128Unary: \[F64x2PromoteLowF32x4\]/g) + 1;
  expect(count(/Build tree failed/g)).toBeLessThanOrEqual(expected);
});

test('of equal scores the first class is taken, and channels that fill up are none', async () => {
  const size: Size3 = [2, 3, 5];
  const draft = new Draft(1);
  const zero = draft.builder.floats('zero', [6, 1, 1, 1, 1], new Float32Array(6));
  const bias = draft.builder.floats('bias', [6], Float32Array.of(-3, -2, -3, -3, -3, -2));
  draft.node('Conv', [zero, bias], { kernel_shape: { ints: [1, 1, 1] } });
  draft.channels = 6;
  const network = await started(planLayers(draft.finish(1, size), size)!, 'classes', { threads: 1 });
  expect([...new Set(network.classes(new Float32Array(30)).classes)]).toEqual([1]);
  await network.release();
});

describe('is left to the runtime', () => {
  const read = (d: Draft, channels = 1) => planLayers(d.finish(channels, [8, 8, 8]), [8, 8, 8]);
  it('an operator that is not known', () => expect(read(new Draft().conv(8).node('Sigmoid', []))).toBeNull());
  it('a division of values', () => expect(planLayers(readModel(notANumberNetwork()), [4, 4, 4])).toBeNull());
  it('a pointwise convolution with padding', () =>
    expect(read(new Draft().conv(8).conv(4, { pads: { ints: [0, 0, 0, 1, 1, 1] } }, [1, 1, 1]))).toBeNull());
  it('a convolution by groups', () => {
    const grouped = new Draft(8).conv(8, {}, [3, 3, 3], 8);
    expect(read(grouped, 8)).toBeNull();
  });
  it('a network of several outputs', () => {
    const model = readModel(convolutionNetwork({ widths: [8], classes: 2 }));
    expect(modelOutputs(model).length).toBe(1);
    model.graph!.output.push(model.graph!.output[0]!);
    expect(planLayers(model, [8, 8, 8])).toBeNull();
  });
  it('classes of a network that does not end in a convolution', () => {
    const draft = new Draft().conv(8).norm('InstanceNormalization');
    expect(prepareNetwork(read(draft)!, 'classes')).toBeNull();
  });
  it('a volume that is more than four gigabytes', () => {
    const draft = new Draft().conv(32).conv(32);
    const large: Size3 = [400, 400, 400];
    expect(prepareNetwork(planLayers(draft.finish(1, large), large)!, 'scores')).toBeNull();
  });
});
