import ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { writeModel } from '#core/onnx/readModel.ts';
import type { Size3 } from '#core/onnx/sliced/slicedValue.ts';
import { planHead } from '#core/onnx/winograd/planHead.ts';
import { LoadedNetwork } from './LoadedNetwork.ts';
import { NetworkDraft as Draft, randomFloats } from './networkDraft.ts';
import { createSession } from './session.ts';

const SIZE: Size3 = [8, 12, 16];
const relu = (d: Draft): Draft => d.node('Relu', []);

/** Convolutions, then per slice along j what the kernels do not know: a softmax, sums, the image again, a small convolution. */
function dividedBySlices(): Draft {
  const draft = relu(relu(new Draft(1).conv(16)).conv(24)).conv(3);
  const scores = draft.now;
  draft.node('Softmax', [], { axis: { int: 1 } });
  const { builder } = draft;
  builder.node('Concat', [draft.now, 'image'], ['seen'], { axis: { int: 1 } });
  builder.node('ReduceMean', ['seen'], ['alongJ'], { axes: { ints: [2, 4] }, keepdims: { int: 1 } });
  builder.node('Conv', ['alongJ', draft.weights(3, 4, 1, 3, 1)], ['moved'], {
    kernel_shape: { ints: [1, 3, 1] },
    pads: { ints: [0, 1, 0, 0, 1, 0] },
  });
  builder.node('Add', [scores, 'moved'], ['divided']);
  draft.now = 'divided';
  return draft;
}

describe('a network whose end the kernels do not know', () => {
  it('is computed by the kernels up to there, and answers as it does in the runtime alone', async () => {
    const model = dividedBySlices().finish(1, SIZE);
    const plain = await createSession(writeModel(model), 'cpu');
    const network = new LoadedNetwork(plain, model, 'cpu');
    for (const seed of [3, 4]) {
      const image = randomFloats(SIZE[0] * SIZE[1] * SIZE[2], seed).map((v) => 4 * v);
      const tensor = new ort.Tensor('float32', image, [1, 1, ...SIZE]);
      const [name = ''] = plain.outputNames;
      const expected = (await plain.run({ image: tensor }))[name]?.data as Float32Array;
      const { answers, isRewritten } = await network.run(tensor, [name]);
      const got = answers[name]?.data as Float32Array;
      expect(isRewritten).toBe(true);
      expect(answers[name]?.dims).toEqual([1, 3, ...SIZE]);
      const scale = expected.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
      expect(expected.reduce((worst, v, n) => Math.max(worst, Math.abs(v - got[n]!)), 0)).toBeLessThan(2e-5 * scale);
    }
    await network.release();
  });

  it('is cut behind most of its convolutions, not behind the first value that is read on', () => {
    const head = planHead(dividedBySlices().finish(1, SIZE), SIZE);
    expect(head?.plan.layers.filter(({ kind }) => kind.startsWith('convolve'))).toHaveLength(3);
    expect(head?.tail.graph?.node.map(({ opType }) => opType)).toEqual([
      'Softmax',
      'Concat',
      'ReduceMean',
      'Conv',
      'Add',
    ]);
    expect(head?.tail.graph?.input.map(({ name }) => name)).toEqual([head?.value, 'image']);
    // Weights that the kernels hold are not held twice.
    expect(head?.tail.graph?.initializer).toHaveLength(1);
  });

  it('is left to the runtime where most of it lies behind the cut', () => {
    const draft = relu(new Draft(1).conv(8)).node('Sigmoid', []).conv(32).conv(32);
    expect(planHead(draft.finish(1, SIZE), SIZE)).toBeNull();
    expect(planHead(new Draft(1).node('Sigmoid', []).conv(8).finish(1, SIZE), SIZE)).toBeNull();
  });
});
