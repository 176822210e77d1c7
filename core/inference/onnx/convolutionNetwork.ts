/**
 * A few 3D convolutions with made-up weights: what a graphics card is tried with, and what tests run. Input [1, 1, k, j, i],
 * output [1, classes, k, j, i].
 */
import { encodeOnnx, type OnnxNode, type OnnxTensor } from './encodeOnnx.ts';

export interface ConvolutionNetworkShape {
  /** Channels after each 3 × 3 × 3 convolution with ReLU. */
  readonly widths: readonly number[];
  readonly classes: number;
}

export function convolutionNetwork({ widths, classes }: ConvolutionNetworkShape): Uint8Array {
  const nodes: OnnxNode[] = [];
  const weights: OnnxTensor[] = [];
  let from = 'image';
  let channels = 1;
  for (const [n, width] of widths.entries()) {
    const weight = tensor(`w${n}`, [width, channels, 3, 3, 3]);
    weights.push(weight);
    nodes.push(
      { operator: 'Conv', inputs: [from, weight.name], outputs: [`c${n}`], ints: convolution(3) },
      { operator: 'Relu', inputs: [`c${n}`], outputs: [`r${n}`] },
    );
    from = `r${n}`;
    channels = width;
  }
  weights.push(tensor('head', [classes, channels, 1, 1, 1]));
  nodes.push({ operator: 'Conv', inputs: [from, 'head'], outputs: ['scores'], ints: convolution(1) });
  return encodeOnnx({
    nodes,
    weights,
    inputs: [{ name: 'image', dims: [1, 1, 'k', 'j', 'i'] }],
    outputs: [{ name: 'scores', dims: [1, classes, 'k', 'j', 'i'] }],
  });
}

/** Two classes: the second where a voxel is above `threshold`, by the scores (threshold − x) and (x − threshold). */
export function thresholdNetwork(threshold: number): Uint8Array {
  return encodeOnnx({
    nodes: [{ operator: 'Conv', inputs: ['image', 'w', 'b'], outputs: ['scores'], ints: convolution(1) }],
    weights: [
      { name: 'w', dims: [2, 1, 1, 1, 1], values: Float32Array.of(-1, 1) },
      { name: 'b', dims: [2], values: Float32Array.of(threshold, -threshold) },
    ],
    inputs: [{ name: 'image', dims: [1, 1, 'k', 'j', 'i'] }],
    outputs: [{ name: 'scores', dims: [1, 2, 'k', 'j', 'i'] }],
  });
}

function convolution(kernel: number): Readonly<Record<string, readonly number[]>> {
  return { kernel_shape: [kernel, kernel, kernel], pads: Array.from({ length: 6 }, () => (kernel - 1) / 2) };
}

/** Weights that differ from one another, with the size that keeps the signal's scale. */
function tensor(name: string, dims: readonly number[]): OnnxTensor {
  const count = dims.reduce((product, d) => product * d, 1);
  const scale = Math.sqrt(6 / (count / (dims[0] ?? 1)));
  const values = Float32Array.from({ length: count }, (_, n) => scale * (((n * 7919) % 2003) / 1001.5 - 1));
  return { name, dims, values };
}
