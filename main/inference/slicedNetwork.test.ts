import ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import type { ModelProto } from '#core/onnx/onnxTypes.ts';
import { writeModel } from '#core/onnx/readModel.ts';
import { CLASSES_OUTPUT, SUMS_OUTPUT } from '#core/onnx/sliced/decision.ts';
import type { Size3 } from '#core/onnx/sliced/slicedValue.ts';
import { sliceNetwork } from '#core/onnx/sliced/sliceNetwork.ts';
import { blockSize } from './blockedKernels.ts';
import { NetworkDraft as Draft, randomFloats } from './networkDraft.ts';
import { createSession, createSlicedSession } from './session.ts';

const block = await blockSize();
if (block === null)
  process.stderr.write('\n*** SKIPPED: this machine has no blocked kernels; networks run as they are ***\n\n');

async function difference(
  model: ModelProto,
  inputChannels: number,
  size: Size3,
): Promise<{ worst: number; left: readonly string[] }> {
  const sliced = sliceNetwork(model, size, block ?? 8);
  if (!sliced) throw new Error('it was not rewritten');
  const input = randomFloats(inputChannels * size[0] * size[1] * size[2], 99).map((v) => 4 * v);
  const answers: Float32Array[] = [];
  const shapes: string[] = [];
  for (const session of [
    await createSession(writeModel(model), 'cpu'),
    await createSlicedSession(writeModel(sliced.model)),
  ]) {
    const answer = await session.run({ image: new ort.Tensor('float32', input, [1, inputChannels, ...size]) });
    const [tensor] = Object.values(answer);
    answers.push(Float32Array.from(tensor?.data as Float32Array));
    shapes.push(String(tensor?.dims));
    await session.release();
  }
  const [plain, rewritten] = answers;
  if (!plain || !rewritten || plain.length === 0) throw new Error('no answer');
  expect(shapes[1]).toBe(shapes[0]);
  const scale = plain.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const worst = plain.reduce((most, v, n) => Math.max(most, Math.abs(v - rewritten[n]!) / scale), 0);
  return { worst, left: sliced.left };
}

type Case = readonly [
  name: string,
  channels: number,
  size: Size3,
  make: (draft: Draft) => Draft,
  left?: readonly string[],
];

const relu = (d: Draft): Draft => d.node('Relu', []);
const cases: readonly Case[] = [
  ['two convolutions on one channel', 1, [7, 10, 11], (d) => relu(relu(d.conv(16)).conv(16)).conv(3, {}, [1, 1, 1])],
  ['an input of four channels', 4, [6, 9, 8], (d) => relu(d.conv(12)).conv(5)],
  ['an input of more channels than a block', 19, [5, 8, 8], (d) => relu(d.conv(24)).conv(5)],
  ['channels that fill no block', 1, [9, 12, 10], (d) => relu(relu(d.conv(5)).conv(21)).conv(18, {}, [1, 1, 1])],
  [
    'strides',
    1,
    [12, 13, 14],
    (d) => relu(relu(d.conv(8)).conv(16, { strides: { ints: [2, 2, 2] } })).conv(16, { strides: { ints: [1, 2, 2] } }),
  ],
  [
    'a depth of odd and of even size in pairs',
    8,
    [8, 8, 8],
    (d) =>
      relu(d.conv(16))
        .conv(16, { pads: { ints: [0, 1, 1, 0, 1, 1] } })
        .conv(8),
  ],
  [
    'uneven pads',
    8,
    [7, 8, 8],
    (d) => relu(d.conv(16, { pads: { ints: [2, 1, 0, 1, 0, 2] } })).conv(16, { pads: { ints: [0, 0, 0, 2, 2, 2] } }),
  ],
  [
    'dilations',
    1,
    [20, 18, 17],
    (d) => {
      for (const n of [1, 2, 4, 8, 3])
        relu(d.conv(10, { dilations: { ints: [n, n, n] }, pads: { ints: [n, n, n, n, n, n] } }));
      return d.conv(3, {}, [1, 1, 1]);
    },
  ],
  [
    'kernels of five and of unequal sides',
    8,
    [9, 9, 9],
    (d) => relu(relu(d.conv(16, {}, [5, 5, 5])).conv(16, {}, [1, 3, 3])).conv(8, {}, [3, 1, 1]),
  ],
  ['depthwise kernels', 16, [8, 9, 9], (d) => relu(d.conv(20).conv(20, {}, [3, 3, 3], 20)).conv(4, {}, [1, 1, 1])],
  [
    'a batch norm behind a convolution, and one on its own',
    1,
    [8, 8, 8],
    (d) => relu(relu(d.conv(16).norm('BatchNormalization')).norm('BatchNormalization').conv(16)),
  ],
  [
    'instance norm with a leaky activation',
    1,
    [8, 10, 9],
    (d) =>
      d
        .conv(16)
        .norm('InstanceNormalization')
        .node('LeakyRelu', [], { alpha: { float: 0.02 } })
        .conv(10)
        .norm('InstanceNormalization'),
  ],
  [
    'maximum pools',
    8,
    [8, 12, 12],
    (d) =>
      relu(d.conv(16))
        .node('MaxPool', [], { kernel_shape: { ints: [2, 2, 2] }, strides: { ints: [2, 2, 2] } })
        .conv(8)
        .node('MaxPool', [], {
          kernel_shape: { ints: [3, 3, 3] },
          strides: { ints: [1, 2, 2] },
          pads: { ints: [1, 1, 1, 1, 1, 1] },
        }),
  ],
  [
    'average pools',
    8,
    [8, 12, 12],
    (d) =>
      relu(d.conv(16))
        .node('AveragePool', [], { kernel_shape: { ints: [2, 2, 2] }, strides: { ints: [2, 2, 2] } })
        .conv(8),
  ],
  [
    'a U-Net with transposed convolutions',
    1,
    [8, 16, 12],
    (d) => {
      const skip = relu(d.conv(12)).now;
      relu(d.node('MaxPool', [], { kernel_shape: { ints: [2, 2, 2] }, strides: { ints: [2, 2, 2] } }).conv(24)).up(
        12,
        [2, 2, 2],
      );
      return relu(d.join(skip, 12).conv(16)).conv(5, {}, [1, 1, 1]);
    },
  ],
  ['upsampling in the plane alone', 8, [4, 6, 6], (d) => relu(d.conv(16)).up(8, [1, 2, 2]).conv(4)],
  [
    'upsampling to the nearest voxel',
    8,
    [4, 6, 6],
    (d) => {
      relu(d.conv(16));
      d.builder.floats('scales', [5], Float32Array.of(1, 1, 2, 2, 2));
      return d
        .node('Resize', ['', 'scales'], {
          mode: { text: 'nearest' },
          coordinate_transformation_mode: { text: 'asymmetric' },
          nearest_mode: { text: 'floor' },
        })
        .conv(4);
    },
  ],
  [
    'a residual sum and slopes by channel',
    8,
    [6, 8, 8],
    (d) => {
      const skip = d.conv(12).now;
      d.conv(12).node('PRelu', [d.weights(12, 1, 1, 1)]);
      return d
        .conv(12)
        .node('Add', [skip])
        .node('Elu', [], { alpha: { float: 1 } })
        .conv(3);
    },
  ],
  [
    'what is left in the whole: trilinear upsampling and softmax behind',
    8,
    [4, 6, 6],
    (d) => {
      relu(d.conv(16)).conv(6);
      d.builder.floats('scales', [5], Float32Array.of(1, 1, 2, 2, 2));
      return d.node('Resize', ['', 'scales'], { mode: { text: 'linear' } }).node('Softmax', [], { axis: { int: 1 } });
    },
    ['Resize', 'Softmax'],
  ],
];

describe.skipIf(block === null)('a network rewritten in slices', () => {
  for (const [name, channels, size, make, left = []] of cases)
    it(`answers what the original answers: ${name}`, async () => {
      const model = make(new Draft(channels)).finish(channels, size);
      const found = await difference(model, channels, size);
      expect(found.left).toEqual(left);
      expect(found.worst).toBeLessThan(1e-5);
    });

  it('answers what the original answers in a later operator set too', async () => {
    const size: Size3 = [6, 8, 9];
    const norm = 'InstanceNormalization';
    const model = relu(new Draft(8).conv(16).norm(norm)).conv(10).norm(norm).finish(8, size, 20);
    expect((await difference(model, 8, size)).worst).toBeLessThan(1e-5);
  });

  it('decides the class of the highest score itself, and sums up the scores', async () => {
    const size: Size3 = [6, 8, 9];
    const model = relu(new Draft().conv(16)).conv(5).finish(1, size);
    const decided = sliceNetwork(model, size, block ?? 8, { decides: true });
    const input = new ort.Tensor('float32', randomFloats(6 * 8 * 9, 5), [1, 1, ...size]);
    const plain = await createSession(writeModel(model), 'cpu');
    const deciding = await createSlicedSession(writeModel(decided!.model));
    const scores = Object.values(await plain.run({ image: input }))[0]?.data as Float32Array;
    const answer = await deciding.run({ image: input });
    const voxels = 6 * 8 * 9;
    const expected = Array.from({ length: voxels }, (_, n) => {
      const own = Array.from({ length: 5 }, (__, c) => scores[c * voxels + n]!);
      return own.indexOf(Math.max(...own));
    });
    expect(Array.from(answer[CLASSES_OUTPUT]?.data as Uint8Array)).toEqual(expected);
    const total = Array.from((answer[SUMS_OUTPUT]?.data ?? []) as Float32Array).reduce((a, b) => a + b, 0);
    expect(total).toBeCloseTo(
      scores.reduce((a, b) => a + b, 0),
      1,
    );
    expect(decided?.channels).toBe(5);

    const broken = new Float32Array(voxels).fill(1);
    broken[200] = Number.NaN;
    const sums = (await deciding.run({ image: new ort.Tensor('float32', broken, [1, 1, ...size]) }))[SUMS_OUTPUT]?.data;
    expect((sums as Float32Array).some((sum) => Number.isNaN(sum))).toBe(true);
  });

  it('pairs slices in what is deep and thin', async () => {
    for (const depth of [1, 2, 3, 4, 5, 9]) {
      const model = relu(relu(new Draft(8).conv(16)).conv(24))
        .conv(16)
        .finish(8, [depth, 6, 7]);
      expect((await difference(model, 8, [depth, 6, 7])).worst).toBeLessThan(1e-5);
    }
  });

  it('leaves alone what it would not make faster', () => {
    const other = new Draft(8).conv(16).conv(16, {}, [3, 3, 3], 4).finish(8, [4, 6, 6]);
    expect(sliceNetwork(other, [4, 6, 6], 8)).toBeNull();
    const flat = new Draft(8).node('Relu', []).finish(8, [4, 6, 6]);
    expect(sliceNetwork(flat, [4, 6, 6], 8)).toBeNull();
  });
});
