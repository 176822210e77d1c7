/**
 * A network that is known exactly, for tests: whether a voxel is of its second class depends on one other voxel, `away` to the right of it
 * along i, and on nothing else. Input [1, 1, k, j, i], output [1, 2, k, j, i]: scores (threshold − x) and (x − threshold), x read `away`.
 * Its second output, "looked-at" [1, 1, k, j, i], is the sigmoid of what it read.
 */
import { ModelBuilder } from '../../onnx/buildModel.ts';
import { writeModel } from '../../onnx/readModel.ts';

export function shiftedNetwork(threshold: number, away: number): Uint8Array {
  const builder = new ModelBuilder();
  // A kernel of 3 with one tap, spread so that the tap lies `away`.
  const tap = Float32Array.from({ length: 27 }, (_, n) => (n === 14 ? 1 : 0));
  const spread = { dilations: { ints: [1, 1, away] }, pads: { ints: [1, 1, away, 1, 1, away] } };
  builder.floats('place', [1, 1, 3, 3, 3], tap);
  builder.node('Conv', ['image', 'place'], ['read'], { kernel_shape: { ints: [3, 3, 3] }, ...spread });
  builder.floats('w', [2, 1, 1, 1, 1], Float32Array.of(-1, 1));
  builder.floats('b', [2], Float32Array.of(threshold, -threshold));
  builder.node('Conv', ['read', 'w', 'b'], ['scores'], { kernel_shape: { ints: [1, 1, 1] } });
  builder.node('Sigmoid', ['read'], ['looked-at']);
  const ends = (name: string, count: number) => ({ name, dims: [1, count, 'k', 'j', 'i'] });
  const origin = { producer: 'lantern', producerVersion: '', opset: 13, graphName: 'shifted' };
  return writeModel(builder.build([ends('image', 1)], [ends('scores', 2), ends('looked-at', 1)], origin));
}
