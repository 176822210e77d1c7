/**
 * A 3D convolution as 2D ones: each output slice is the sum, over the kernel's depth and over the channel parts, of a 2D convolution of
 * one input slice. The runtime adds the partial sums in place, so nothing is copied. Batch norm and activation behind it are folded in.
 */
import type { NodeProto } from '../onnxTypes.ts';
import { blockedKernel, type Kernel2d, outputBlockedKernel, paddedTo, paddedVector } from './blockedWeights.ts';
import { type ConvolutionGeometry, convolutionGeometry, tapsAt } from './convolutionGeometry.ts';
import { type MixableInput, pairedSums, pairsOfSlices } from './depthPairs.ts';
import { type Kernel3d, mixedTaps, scaledOutputs, tapsAsInputs } from './depthTaps.ts';
import { intOf } from './nodeAttributes.ts';
import type { SlicedGraph } from './SlicedGraph.ts';
import {
  type ChannelPart,
  channelCount,
  NotSliced,
  type SlicedPart,
  type SlicedValue,
  type StackPart,
} from './slicedValue.ts';
import { type ChainEnd, sliceSum, type Term } from './sliceSum.ts';

/** What follows the sum: y = activation(scale · sum + shift), scale and shift by output channel. */
export interface Followers {
  readonly scale: Float32Array | null;
  readonly shift: Float32Array | null;
  readonly activation: ChainEnd['activation'];
}

/** @returns the output, and its multiply-adds. @throws NotSliced */
export function convolution(
  graph: SlicedGraph,
  node: NodeProto,
  { scale, shift, activation }: Followers,
): { value: SlicedValue; work: number } {
  const input = graph.sliced(node.input[0]);
  const { dims, values } = graph.constantFloats(node.input[1]);
  const geometry = convolutionGeometry(node, input.size, dims);
  const [outputs, inputsPerGroup] = [dims[0]!, dims[1]!];
  const group = intOf(node, 'group', 1);
  if (inputsPerGroup * group !== channelCount(input)) throw new NotSliced('channels do not fit');
  const [depth, height, width] = geometry.kernel;
  const kernel = scaledOutputs({ outputs, inputs: inputsPerGroup, depth, height, width, values }, scale);
  const given = node.input[2] ? graph.constantFloats(node.input[2]).values : new Float32Array(outputs);
  const bias = given.map((b, o) => b * (scale?.[o] ?? 1) + (shift?.[o] ?? 0));
  const work = values.length * geometry.output.reduce((a, b) => a * b);

  let parts: SlicedPart[];
  if (group === 1)
    parts = [{ layout: 'blocked', channels: outputs, slices: dense(graph, input, kernel, geometry, bias, activation) }];
  else if (inputsPerGroup === 1 && outputs === group)
    parts = depthwise(graph, input, kernel, geometry, bias, activation);
  else throw new NotSliced('grouped convolution');
  return { value: { size: geometry.output, parts }, work };
}

function dense(
  graph: SlicedGraph,
  input: SlicedValue,
  kernel: Kernel3d,
  geometry: ConvolutionGeometry,
  bias: Float32Array,
  activation: ChainEnd['activation'],
): string[] {
  const end = { bias: biasOf(graph, bias), activation };
  const stacks: ((z: number) => Term[])[] = [];
  const sliced: MixableInput[] = [];
  for (const { part, first } of offsets(input.parts)) {
    if (part.layout === 'stack') stacks.push(stackTerms(graph, part, first, kernel, geometry));
    else sliced.push({ slices: part.slices, kernel: mixedKernels(graph, part, first, kernel) });
  }
  const ofStacks = (z: number): Term[] => stacks.flatMap((terms) => terms(z));
  const slices = new Array<string>(geometry.output[0]);
  const paired = isWorthPairing(graph, input, kernel) ? pairsOfSlices(geometry) : [];
  for (const [a, b] of paired) {
    const { first, second } = pairedSums(graph, geometry, sliced, a);
    slices[a] = sliceSum(graph, geometry, [...first.terms, ...ofStacks(a)], end, first);
    slices[b] = sliceSum(graph, geometry, [...second.terms, ...ofStacks(b)], end, second);
  }
  for (let z = 0; z < slices.length; z++) {
    if (slices[z] !== undefined) continue;
    const terms = sliced.flatMap((part) =>
      tapsAt(geometry, z).map(({ tap, from }) => ({
        slice: part.slices[from]!,
        weights: part.kernel(unitMix(tap, geometry.kernel[0])),
      })),
    );
    slices[z] = sliceSum(graph, geometry, [...terms, ...ofStacks(z)], end);
  }
  return slices;
}

function depthwise(
  graph: SlicedGraph,
  input: SlicedValue,
  kernel: Kernel3d,
  geometry: ConvolutionGeometry,
  bias: Float32Array,
  activation: ChainEnd['activation'],
): SlicedPart[] {
  return offsets(graph.blockedParts(input)).map(({ part, first }) => {
    const group = paddedTo(graph.block, part.channels);
    const { height, width } = kernel;
    const own = channelsOf(kernel, first, part.channels);
    const taps = Array.from({ length: kernel.depth }, (_, t) => {
      const values = outputBlockedKernel(mixedTaps(own, unitMix(t, kernel.depth), 0, 1), graph.block);
      return graph.floats([group, 1, height, width], values, 'weights');
    });
    const end = { bias: biasOf(graph, bias.slice(first, first + part.channels)), activation };
    const slices = Array.from({ length: geometry.output[0] }, (_, z) => {
      const terms = tapsAt(geometry, z).map(({ tap, from }) => ({ slice: part.slices[from]!, weights: taps[tap]! }));
      return sliceSum(graph, geometry, terms, end, { group });
    });
    return { ...part, slices };
  });
}

/** A single channel gives its taps along the depth as channels of one convolution. */
function stackTerms(
  graph: SlicedGraph,
  { stack }: StackPart,
  first: number,
  kernel: Kernel3d,
  geometry: ConvolutionGeometry,
): (z: number) => Term[] {
  const kernels = new Map<string, string>();
  return (z) => {
    const taps = tapsAt(geometry, z);
    const [one] = taps;
    if (!one || taps.length >= graph.block) throw new NotSliced('too deep a kernel on a single channel');
    const present = taps.map(({ tap }) => tap);
    const key = present.join();
    const weights = kernels.get(key) ?? plainKernel(graph, tapsAsInputs(kernel, present, first));
    kernels.set(key, weights);
    return [{ slice: graph.stackSlice(stack, one.from, taps.at(-1)!.from + 1, geometry.dilations[0]), weights }];
  };
}

/** @returns makes a 2D kernel for a part out of the taps along the depth, once for each mix */
function mixedKernels(
  graph: SlicedGraph,
  part: SlicedPart,
  first: number,
  kernel: Kernel3d,
): (mix: readonly number[]) => string {
  const made = new Map<string, string>();
  return (mix) => {
    const key = mix.join();
    let name = made.get(key);
    if (name === undefined) {
      const mixed = mixedTaps(kernel, mix, first, part.channels);
      name = part.layout === 'plain' ? plainKernel(graph, mixed) : fullKernel(graph, mixed);
      made.set(key, name);
    }
    return name;
  };
}

function channelsOf(kernel: Kernel3d, first: number, count: number): Kernel3d {
  const each = kernel.values.length / kernel.outputs;
  return { ...kernel, outputs: count, values: kernel.values.subarray(first * each, (first + count) * each) };
}

function plainKernel(graph: SlicedGraph, view: Kernel2d): string {
  const dims = [paddedTo(graph.block, view.outputs), view.inputs, view.height, view.width];
  return graph.floats(dims, outputBlockedKernel(view, graph.block), 'weights');
}

function fullKernel(graph: SlicedGraph, view: Kernel2d): string {
  const { block } = graph;
  const dims = [paddedTo(block, view.outputs), paddedTo(block, view.inputs), view.height, view.width];
  return graph.floats(dims, blockedKernel(view, block), 'weights');
}

/** The sums of slices must cost less than the two convolutions in six that they save. */
function isWorthPairing(
  graph: SlicedGraph,
  { size, parts }: SlicedValue,
  { outputs, height, width }: Kernel3d,
): boolean {
  if (parts.some(({ layout }) => layout !== 'blocked') || height * width === 1) return false;
  const inputs = parts.reduce((sum, { channels }) => sum + paddedTo(graph.block, channels), 0);
  const sliceBytes = 4 * Math.max(inputs, outputs) * size[1] * size[2];
  return sliceBytes <= CACHED_SLICE_BYTES;
}

/** Slices up to this size stay in the cache of a usual processor while they are added up. */
const CACHED_SLICE_BYTES = 1.25e6;

function biasOf(graph: SlicedGraph, bias: Float32Array): string {
  const padded = paddedVector(bias, graph.block);
  return graph.floats([padded.length], padded, 'bias');
}

function unitMix(tap: number, taps: number): number[] {
  return Array.from({ length: taps }, (_, t) => (t === tap ? 1 : 0));
}

function offsets<P extends ChannelPart>(parts: readonly P[]): { part: P; first: number }[] {
  let first = 0;
  return parts.map((part) => {
    const at = { part, first };
    first += part.channels;
    return at;
  });
}
