import { expect, it } from 'vitest';
import { ModelBuilder } from '../buildModel.ts';
import type { ModelProto } from '../onnxTypes.ts';
import { readModel, writeModel } from '../readModel.ts';
import { floatsOf } from '../tensorValues.ts';
import { pruneChannels } from './pruneChannels.ts';

/** A residual block: 4 channels in, `scales.length` in the middle, 4 out and added to what came in. */
function residual(scales: readonly number[]): ModelProto {
  const middle = scales.length;
  const builder = new ModelBuilder();
  builder.floats(
    'w1',
    [middle, 4, 1, 1],
    Float32Array.from({ length: 4 * middle }, (_, n) => 1 + n),
  );
  builder.floats('scale', [middle], Float32Array.from(scales));
  builder.floats('shift', [middle], new Float32Array(middle).fill(0.5));
  builder.floats(
    'w2',
    [4, middle, 1, 1],
    new Float32Array(4 * middle).map((_, n) => n),
  );
  builder.node('Conv', ['image', 'w1'], ['a']);
  builder.node('InstanceNormalization', ['a', 'scale', 'shift'], ['b']);
  builder.node('LeakyRelu', ['b'], ['c']);
  builder.node('Conv', ['c', 'w2'], ['d']);
  builder.node('Add', ['image', 'd'], ['scores']);
  const ends = (name: string) => [{ name, dims: [1, 4, 'j', 'i'] }];
  const origin = { producer: 't', producerVersion: '', opset: 13, graphName: 'residual' };
  return readModel(writeModel(builder.build(ends('image'), ends('scores'), origin)));
}

function tensor(model: ModelProto, name: string): { dims: number[]; values: number[] } {
  const found = model.graph?.initializer.find((t) => t.name === name);
  if (!found) throw new Error(name);
  return { dims: found.dims.map(Number), values: [...floatsOf(found)] };
}

it('cuts the middle channels that weigh least out of both convolutions and the normalisation', () => {
  const { model, channelsRemoved, channels } = pruneChannels(residual([0, 1, 0, 1]), 0.5);
  expect([channelsRemoved, channels]).toEqual([2, 4]);
  expect(tensor(model, 'w1')).toEqual({ dims: [2, 4, 1, 1], values: [5, 6, 7, 8, 13, 14, 15, 16] });
  expect(tensor(model, 'scale')).toEqual({ dims: [2], values: [1, 1] });
  expect(tensor(model, 'w2')).toEqual({ dims: [4, 2, 1, 1], values: [1, 3, 5, 7, 9, 11, 13, 15] });
});

it('leaves the model that it was given as it was', () => {
  const model = residual([0, 1, 0, 1]);
  const before = writeModel(model);
  pruneChannels(model, 0.5);
  expect(writeModel(model)).toEqual(before);
});

it('keeps whole blocks of 8 where there are two or more', () => {
  const scales = Array.from({ length: 24 }, (_, n) => n);
  const { model, channelsRemoved } = pruneChannels(residual(scales), 0.4);
  expect(channelsRemoved).toBe(8);
  expect(tensor(model, 'scale').values).toEqual(scales.slice(8));
});

it('does not touch channels that a sum or the answer reads', () => {
  const builder = new ModelBuilder();
  builder.floats('w1', [4, 4, 1, 1], new Float32Array(16).fill(1));
  builder.floats('w2', [4, 4, 1, 1], new Float32Array(16).fill(1));
  builder.node('Conv', ['image', 'w1'], ['a']);
  builder.node('Conv', ['a', 'w2'], ['b']);
  builder.node('Add', ['a', 'b'], ['scores']);
  const ends = (name: string) => [{ name, dims: [1, 4, 'j', 'i'] }];
  const origin = { producer: 't', producerVersion: '', opset: 13, graphName: 'sum' };
  const model = builder.build(ends('image'), ends('scores'), origin);
  expect(() => pruneChannels(model, 0.5)).toThrowError(expect.objectContaining({ code: 'model/nothing-to-prune' }));
});
