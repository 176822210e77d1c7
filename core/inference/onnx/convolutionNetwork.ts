/**
 * A few 3D convolutions with made-up weights: what a graphics card is tried with, and what tests run. Input [1, 1, k, j, i],
 * output [1, classes, k, j, i].
 */
import { type AttributeValue, ModelBuilder } from '../../onnx/buildModel.ts';
import { writeModel } from '../../onnx/readModel.ts';

export interface ConvolutionNetworkShape {
  /** Channels after each 3 × 3 × 3 convolution with ReLU. */
  readonly widths: readonly number[];
  readonly classes: number;
}

export function convolutionNetwork({ widths, classes }: ConvolutionNetworkShape): Uint8Array {
  const builder = new ModelBuilder();
  const weights = (name: string, dims: readonly number[]): string => builder.floats(name, dims, madeUp(dims));
  let from = 'image';
  let channels = 1;
  for (const [n, width] of widths.entries()) {
    const weight = weights(`w${n}`, [width, channels, 3, 3, 3]);
    builder.node('Conv', [from, weight], [`c${n}`], convolution(3));
    from = builder.node('Relu', [`c${n}`], [`r${n}`]);
    channels = width;
  }
  builder.node('Conv', [from, weights('head', [classes, channels, 1, 1, 1])], ['scores'], convolution(1));
  return finished(builder, classes);
}

/** Two classes: the second where a voxel is above `threshold`, by the scores (threshold − x) and (x − threshold). */
export function thresholdNetwork(threshold: number): Uint8Array {
  const builder = new ModelBuilder();
  builder.floats('w', [2, 1, 1, 1, 1], Float32Array.of(-1, 1));
  builder.floats('b', [2], Float32Array.of(threshold, -threshold));
  builder.node('Conv', ['image', 'w', 'b'], ['scores'], convolution(1));
  return finished(builder, 2);
}

/** The same after a convolution of `width` to `width` channels that changes nothing and takes its time. */
export function slowThresholdNetwork(threshold: number, width: number): Uint8Array {
  const builder = new ModelBuilder();
  builder.floats('many', [width, 1, 1, 1, 1], new Float32Array(width).fill(1));
  builder.floats('work', [width, width, 3, 3, 3], madeUp([width, width, 3, 3, 3]));
  builder.node('Conv', ['image', 'many'], ['wide'], convolution(1));
  builder.node('Conv', ['wide', 'work'], ['worked'], convolution(3));
  // Of what was worked out hardly anything is added: 1e-12 of values of the size of the image.
  builder.floats('little', [2, width, 1, 1, 1], new Float32Array(2 * width).fill(1e-12));
  builder.node('Conv', ['worked', 'little'], ['nothing'], convolution(1));
  builder.floats('w', [2, 1, 1, 1, 1], Float32Array.of(-1, 1));
  builder.floats('b', [2], Float32Array.of(threshold, -threshold));
  builder.node('Conv', ['image', 'w', 'b'], ['bright'], convolution(1));
  builder.node('Add', ['bright', 'nothing'], ['scores']);
  return finished(builder, 2);
}

/** Regions that share voxels: of each threshold the voxels whose channels add up to more, by the score (sum − threshold). */
export function regionsNetwork(thresholds: readonly number[], channels = 1): Uint8Array {
  const builder = new ModelBuilder();
  const regions = thresholds.length;
  builder.floats('w', [regions, channels, 1, 1, 1], new Float32Array(regions * channels).fill(1));
  builder.floats(
    'b',
    [regions],
    Float32Array.from(thresholds, (threshold) => -threshold),
  );
  builder.node('Conv', ['image', 'w', 'b'], ['scores'], convolution(1));
  return finished(builder, regions, channels);
}

/** The same for slices, [1, channels, j, i], by the sum of the channels. */
export function flatThresholdNetwork(threshold: number, channels: number): Uint8Array {
  const builder = new ModelBuilder();
  const signs = Float32Array.from({ length: 2 * channels }, (_, n) => (n < channels ? -1 : 1));
  builder.floats('w', [2, channels, 1, 1], signs);
  builder.floats('b', [2], Float32Array.of(threshold, -threshold));
  builder.node('Conv', ['image', 'w', 'b'], ['scores'], { kernel_shape: { ints: [1, 1] } });
  return finished(builder, 2, channels, ['j', 'i']);
}

/** Answers with 0 / 0 everywhere. */
export function notANumberNetwork(): Uint8Array {
  const builder = new ModelBuilder();
  builder.floats('w', [2, 1, 1, 1, 1], Float32Array.of(0, 0));
  builder.node('Conv', ['image', 'w'], ['nothing'], convolution(1));
  builder.node('Div', ['nothing', 'nothing'], ['scores']);
  return finished(builder, 2);
}

function finished(builder: ModelBuilder, classes: number, channels = 1, axes = ['k', 'j', 'i']): Uint8Array {
  const ends = (name: string, count: number) => [{ name, dims: [1, count, ...axes] }];
  const origin = { producer: 'lantern', producerVersion: '', opset: 13, graphName: 'made up' };
  return writeModel(builder.build(ends('image', channels), ends('scores', classes), origin));
}

function convolution(kernel: number): Readonly<Record<string, AttributeValue>> {
  return {
    kernel_shape: { ints: [kernel, kernel, kernel] },
    pads: { ints: Array.from({ length: 6 }, () => (kernel - 1) / 2) },
  };
}

/** Weights that differ from one another, with the size that keeps the signal's scale. */
function madeUp(dims: readonly number[]): Float32Array {
  const count = dims.reduce((product, d) => product * d, 1);
  const scale = Math.sqrt(6 / (count / (dims[0] ?? 1)));
  return Float32Array.from({ length: count }, (_, n) => scale * (((n * 7919) % 2003) / 1001.5 - 1));
}
