/**
 * A transposed convolution whose kernel is as wide as its step (upsampling in a U-Net): every output voxel comes from one input voxel,
 * so it is a pointwise convolution with an output channel for each place in the step, and a change of order.
 */
import type { NodeProto } from '../onnxTypes.ts';
import { blockedKernel, paddedTo } from './blockedWeights.ts';
import { triple } from './convolutionGeometry.ts';
import { intOf, intsOf, textOf } from './nodeAttributes.ts';
import type { SlicedGraph } from './SlicedGraph.ts';
import { channelCount, NotSliced, type Size3, type SlicedValue } from './slicedValue.ts';

/** @returns the output, and its multiply-adds. @throws NotSliced for any other transposed convolution */
export function transposedConvolution(graph: SlicedGraph, node: NodeProto): { value: SlicedValue; work: number } {
  const input = graph.sliced(node.input[0]);
  const { dims, values } = graph.constantFloats(node.input[1]);
  if (dims[0] !== channelCount(input)) throw new NotSliced('channels do not fit');
  const [sd, sh, sw] = stepOf(node, dims);
  const outputs = dims[1]!;
  const padded = paddedTo(graph.block, outputs);
  const [depth, height, width] = input.size;
  const parts = graph.blockedParts(input);
  const given = node.input[2] ? graph.constantFloats(node.input[2]).values : new Float32Array(outputs);
  const bias = new Float32Array(sh * sw * padded);
  for (let at = 0; at < sh * sw; at++) bias.set(given, at * padded);
  const biasName = graph.floats([bias.length], bias, 'bias');

  /** By place along the depth, then by part. */
  const kernels = Array.from({ length: sd }, (_, dz) => {
    let first = 0;
    return parts.map((part) => {
      const from = first;
      first += part.channels;
      const rows = sh * sw * padded;
      const points = new Float32Array(rows * part.channels);
      for (let place = 0; place < sh * sw; place++) {
        for (let o = 0; o < outputs; o++) {
          for (let i = 0; i < part.channels; i++) {
            points[(place * padded + o) * part.channels + i] =
              values[(((from + i) * outputs + o) * sd + dz) * sh * sw + place]!;
          }
        }
      }
      const view = { outputs: rows, inputs: part.channels, height: 1, width: 1, values: points };
      const shape = [rows, paddedTo(graph.block, part.channels), 1, 1];
      return graph.floats(shape, blockedKernel(view, graph.block), 'weights');
    });
  });
  const places = graph.ints([sh, sw, padded / graph.block, height, width, graph.block]);
  const shape = graph.ints([1, padded, sh * height, sw * width]);
  const slices = Array.from({ length: sd * depth }, (_, z) => {
    const from = Math.floor(z / sd);
    const last = parts.length - 1;
    const points = parts.reduce((sum, part, p) => {
      const inputs = [part.slices[from]!, kernels[z % sd]![p]!, p === last ? biasName : '', sum];
      while (inputs.at(-1) === '') inputs.pop();
      return graph.blockedNode('Conv', inputs, 'points', { kernel_shape: { ints: [1, 1] } });
    }, '');
    const split = graph.node('Reshape', [points, places], 'places');
    const woven = graph.node('Transpose', [split], 'woven', { perm: { ints: [2, 3, 0, 4, 1, 5] } });
    return graph.node('Reshape', [woven, shape], 'upsampled');
  });
  const size: Size3 = [sd * depth, sh * height, sw * width];
  return {
    value: { size, parts: [{ layout: 'blocked', channels: outputs, slices }] },
    work: values.length * depth * height * width,
  };
}

/** @param dims of the weights. @returns the step, as wide as the kernel. @throws NotSliced for any other transposed convolution */
export function stepOf(node: NodeProto, dims: readonly number[]): Size3 {
  const kernel = triple(dims.slice(2));
  const strides = triple(intsOf(node, 'strides', [1, 1, 1]));
  const isPlain =
    intOf(node, 'group', 1) === 1 &&
    textOf(node, 'auto_pad', 'NOTSET') === 'NOTSET' &&
    kernel.every((k, a) => k === strides[a]) &&
    [...intsOf(node, 'pads', []), ...intsOf(node, 'output_padding', []), ...intsOf(node, 'output_shape', [])].every(
      (n) => n === 0,
    ) &&
    intsOf(node, 'dilations', [1, 1, 1]).every((n) => n === 1);
  if (!isPlain) throw new NotSliced('transposed convolution with overlap or padding');
  return strides;
}
