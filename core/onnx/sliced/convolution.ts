/**
 * A 3D convolution as 2D ones: each output slice is the sum, over the kernel's depth and over the channel parts, of a 2D convolution of
 * one input slice. The runtime adds the partial sums in place, so nothing is copied. Batch norm and activation behind it are folded in.
 */
import type { AttributeValue } from '../buildModel.ts';
import type { NodeProto } from '../onnxTypes.ts';
import { blockedKernel, outputBlockedKernel, paddedTo, paddedVector } from './blockedWeights.ts';
import { intOf, intsOf, textOf } from './nodeAttributes.ts';
import type { SlicedGraph } from './SlicedGraph.ts';
import { type ChannelPart, channelCount, NotSliced, type Size3, type SlicedValue } from './slicedValue.ts';

/** What follows the sum: y = activation(scale · sum + shift), scale and shift by output channel. */
export interface Followers {
  readonly scale: Float32Array | null;
  readonly shift: Float32Array | null;
  readonly activation: Readonly<Record<string, AttributeValue>>;
}

interface Geometry {
  readonly kernel: Size3;
  readonly strides: Size3;
  readonly dilations: Size3;
  readonly before: Size3;
  readonly after: Size3;
  readonly output: Size3;
}

/** Where the sum over one slice comes from: a 2D tensor and the kernel that reads it. */
interface Term {
  readonly slice: string;
  readonly weights: string;
  readonly group: number;
}

/** @returns the output, and its multiply-adds. @throws NotSliced */
export function convolution(
  graph: SlicedGraph,
  node: NodeProto,
  { scale, shift, activation }: Followers,
): { value: SlicedValue; work: number } {
  const input = graph.sliced(node.input[0]);
  const { dims, values } = graph.constantFloats(node.input[1]);
  const geometry = geometryOf(node, input.size, dims);
  const [outputs, inputsPerGroup] = [dims[0]!, dims[1]!];
  const group = intOf(node, 'group', 1);
  if (inputsPerGroup * group !== channelCount(input)) throw new NotSliced('channels do not fit');
  const isDepthwise = group > 1 && inputsPerGroup === 1 && outputs === group;
  if (group > 1 && !isDepthwise) throw new NotSliced('grouped convolution');

  const [kd, kh, kw] = geometry.kernel;
  const weight = (o: number, i: number, t: number, y: number, x: number): number =>
    values[(((o * inputsPerGroup + i) * kd + t) * kh + y) * kw + x]! * (scale?.[o] ?? 1);
  const given = node.input[2] ? graph.constantFloats(node.input[2]).values : new Float32Array(outputs);
  const bias = given.map((b, o) => b * (scale?.[o] ?? 1) + (shift?.[o] ?? 0));
  const size2d = { height: kh, width: kw };
  const view = { graph, size2d, weight, outputs };

  if (isDepthwise) {
    const parts = offsets(graph.blockedParts(input)).map(({ part, first }) => {
      const own = bias.slice(first, first + part.channels);
      const tap = (t: number): string =>
        graph.floats(
          [paddedTo(graph.block, part.channels), 1, kh, kw],
          outputBlockedKernel(
            { outputs: part.channels, inputs: 1, ...size2d, at: (o, _, y, x) => weight(first + o, 0, t, y, x) },
            graph.block,
          ),
          'weights',
        );
      const terms = slicedTerms(part, tap, geometry, input.size[0], paddedTo(graph.block, part.channels));
      return { ...part, slices: sums(graph, terms, own, geometry, activation) };
    });
    return { value: { size: geometry.output, parts }, work: outputs * volume(geometry.kernel) * volume(geometry.output) };
  }

  const perPart = offsets(input.parts).map(({ part, first }) => termsOf(view, part, first, geometry, input.size[0]));
  const terms = Array.from({ length: geometry.output[0] }, (_, z) => perPart.flatMap((of) => of(z)));
  const slices = sums(graph, (z) => terms[z]!, bias, geometry, activation);
  return {
    value: { size: geometry.output, parts: [{ layout: 'blocked', channels: outputs, slices }] },
    work: values.length * volume(geometry.output),
  };
}

interface WeightView {
  readonly graph: SlicedGraph;
  readonly size2d: { readonly height: number; readonly width: number };
  readonly outputs: number;
  weight(o: number, i: number, t: number, y: number, x: number): number;
}

/** @param first channel of the part in the whole input. @returns the terms of output slice z */
function termsOf(
  { graph, size2d, weight, outputs }: WeightView,
  part: ChannelPart,
  first: number,
  geometry: Geometry,
  depth: number,
): (z: number) => Term[] {
  const padded = paddedTo(graph.block, outputs);
  const { height, width } = size2d;
  if (part.layout === 'stack') {
    const kernels = new Map<string, string>();
    return (z) => {
      const taps = tapsOf(geometry, depth, z);
      const [one] = taps;
      if (!one || taps.length >= graph.block) throw new NotSliced('too deep a kernel on a single channel');
      const key = taps.map(({ tap }) => tap).join();
      let weights = kernels.get(key);
      if (weights === undefined) {
        const at = (o: number, i: number, y: number, x: number): number => weight(o, first, taps[i]!.tap, y, x);
        const kernel = outputBlockedKernel({ outputs, inputs: taps.length, ...size2d, at }, graph.block);
        weights = graph.floats([padded, taps.length, height, width], kernel, 'weights');
        kernels.set(key, weights);
      }
      const slice = graph.stackSlice(part.stack, one.from, taps.at(-1)!.from + 1, geometry.dilations[0]);
      return [{ slice, weights, group: 1 }];
    };
  }
  const isPlain = part.layout === 'plain';
  const inputs = isPlain ? part.channels : paddedTo(graph.block, part.channels);
  const tap = (t: number): string => {
    const at = (o: number, i: number, y: number, x: number): number => weight(o, first + i, t, y, x);
    const kernel = (isPlain ? outputBlockedKernel : blockedKernel)(
      { outputs, inputs: part.channels, ...size2d, at },
      graph.block,
    );
    return graph.floats([padded, inputs, height, width], kernel, 'weights');
  };
  return slicedTerms(part, tap, geometry, depth, 1);
}

function slicedTerms(
  part: { readonly slices: readonly string[] },
  tapWeights: (tap: number) => string,
  geometry: Geometry,
  depth: number,
  group: number,
): (z: number) => Term[] {
  const kernels = Array.from({ length: geometry.kernel[0] }, (_, t) => tapWeights(t));
  return (z) =>
    tapsOf(geometry, depth, z).map(({ tap, from }) => ({ slice: part.slices[from]!, weights: kernels[tap]!, group }));
}

/** One chain of convolutions for each output slice, each adding to the one before. */
function sums(
  graph: SlicedGraph,
  terms: (z: number) => Term[],
  bias: Float32Array,
  { kernel, strides, dilations, before, after, output }: Geometry,
  activation: Followers['activation'],
): string[] {
  const biasName = graph.floats([paddedTo(graph.block, bias.length)], paddedVector(bias, graph.block), 'bias');
  const plane = {
    kernel_shape: { ints: kernel.slice(1) },
    strides: { ints: strides.slice(1) },
    dilations: { ints: dilations.slice(1) },
    pads: { ints: [before[1], before[2], after[1], after[2]] },
  };
  return Array.from({ length: output[0] }, (_, z) => {
    const list = terms(z);
    if (list.length === 0) throw new NotSliced('a slice of nothing but padding');
    return list.reduce((sum, { slice, weights, group }, n) => {
      const isLast = n === list.length - 1;
      const inputs = [slice, weights, isLast ? biasName : '', sum];
      while (inputs.at(-1) === '') inputs.pop();
      return graph.blockedNode('Conv', inputs, 'sum', {
        ...plane,
        group: { int: group },
        ...(isLast && activation),
      });
    }, '');
  });
}

/** The kernel's taps along the depth that meet a slice. */
function tapsOf({ kernel, strides, dilations, before }: Geometry, depth: number, z: number): { tap: number; from: number }[] {
  return Array.from({ length: kernel[0] }, (_, tap) => ({ tap, from: z * strides[0] - before[0] + tap * dilations[0] })).filter(
    ({ from }) => from >= 0 && from < depth,
  );
}

function geometryOf(node: NodeProto, size: Size3, dims: readonly number[]): Geometry {
  if (dims.length !== 5) throw new NotSliced('not a 3D convolution');
  if (textOf(node, 'auto_pad', 'NOTSET') !== 'NOTSET') throw new NotSliced('auto_pad');
  const three = (name: string): Size3 => triple(intsOf(node, name, [1, 1, 1]));
  const [strides, dilations, kernel] = [three('strides'), three('dilations'), triple(dims.slice(2))];
  const pads = intsOf(node, 'pads', [0, 0, 0, 0, 0, 0]);
  const [before, after] = [triple(pads.slice(0, 3)), triple(pads.slice(3))];
  const along = (a: 0 | 1 | 2): number =>
    Math.floor((size[a] + before[a] + after[a] - dilations[a] * (kernel[a] - 1) - 1) / strides[a]) + 1;
  const output: Size3 = [along(0), along(1), along(2)];
  if (output.some((n) => n < 1) || pads.some((p) => p < 0)) throw new NotSliced('nothing is left');
  return { kernel, strides, dilations, before, after, output };
}

function offsets<P extends ChannelPart>(parts: readonly P[]): { part: P; first: number }[] {
  let first = 0;
  return parts.map((part) => {
    const at = { part, first };
    first += part.channels;
    return at;
  });
}

export function triple(values: readonly number[]): Size3 {
  const [a, b, c] = values;
  if (a === undefined || b === undefined || c === undefined || values.length !== 3) throw new NotSliced('not three numbers');
  return [a, b, c];
}

function volume([a, b, c]: Size3): number {
  return a * b * c;
}
