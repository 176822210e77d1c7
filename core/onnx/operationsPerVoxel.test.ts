import { expect, it } from 'vitest';
import { convolutionNetwork } from '../inference/onnx/convolutionNetwork.ts';
import { ModelBuilder } from './buildModel.ts';
import { operationsPerVoxel } from './operationsPerVoxel.ts';
import { readModel } from './readModel.ts';

const image = [{ name: 'image', dims: [1, 1, 'k', 'j', 'i'] }];
const scores = [{ name: 'scores', dims: [1, 2, 'k', 'j', 'i'] }];
const origin = { producer: 'test', producerVersion: '', opset: 13, graphName: 'test' };
const zeros = (builder: ModelBuilder, name: string, dims: number[]) =>
  builder.floats(name, dims, new Float32Array(dims.reduce((n, d) => n * d, 1)));

it('counts two operations for each weight and voxel', () => {
  const model = readModel(convolutionNetwork({ widths: [4, 6], classes: 3 }));
  expect(operationsPerVoxel(model)).toBe(2 * (4 * 27 + 6 * 4 * 27 + 3 * 6));
});

/** Down by strides, back up in one of several ways, with a skip connection. */
function downAndUp(up: (builder: ModelBuilder) => void): ReturnType<ModelBuilder['build']> {
  const builder = new ModelBuilder();
  builder.node('Conv', ['image', zeros(builder, 'a', [4, 1, 3, 3, 3])], ['fine']);
  builder.node('Conv', ['fine', zeros(builder, 'b', [8, 4, 3, 3, 3])], ['coarse'], { strides: { ints: [2, 2, 2] } });
  up(builder);
  builder.node('Concat', ['up', 'fine'], ['joined'], { axis: { int: 1 } });
  builder.node('Conv', ['joined', zeros(builder, 'd', [2, 12, 1, 1, 1])], ['scores']);
  return builder.build(image, scores, origin);
}
const fineAndCoarse = 2 * (4 * 27 + (8 * 4 * 27) / 8 + 2 * 12);

it('follows strides down and transposed convolutions up', () => {
  const model = downAndUp((builder) => {
    const weight = zeros(builder, 'c', [8, 8, 2, 2, 2]);
    builder.node('ConvTranspose', ['coarse', weight], ['up'], { strides: { ints: [2, 2, 2] } });
  });
  expect(operationsPerVoxel(model)).toBe(fineAndCoarse + (2 * 8 * 8 * 8) / 8);
});

it('takes the size of a skip connection where an upsampling computes its own', () => {
  const sized = downAndUp((builder) => {
    builder.node('Shape', ['fine'], ['size']);
    builder.node('Resize', ['coarse', '', '', 'size'], ['up']);
  });
  expect(operationsPerVoxel(sized)).toBe(fineAndCoarse);
  const scaled = downAndUp((builder) => {
    builder.floats('scales', [5], Float32Array.of(1, 1, 2, 2, 2));
    builder.node('Resize', ['coarse', '', 'scales'], ['up']);
  });
  expect(operationsPerVoxel(scaled)).toBe(fineAndCoarse);
});

it('says that it does not know where a size or a number of turns is computed', () => {
  const builder = new ModelBuilder();
  builder.node('Resize', ['image', '', '', 'size'], ['resized']);
  builder.node('Conv', ['resized', zeros(builder, 'a', [2, 1, 1, 1, 1])], ['scores']);
  expect(operationsPerVoxel(builder.build(image, scores, origin))).toBeNull();
  const looped = new ModelBuilder();
  looped.node('Conv', ['image', zeros(looped, 'a', [2, 1, 1, 1, 1])], ['once']);
  looped.node('Loop', ['once'], ['scores']);
  expect(operationsPerVoxel(looped.build(image, scores, origin))).toBeNull();
});
