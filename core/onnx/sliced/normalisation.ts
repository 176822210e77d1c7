/**
 * Batch norm that no convolution took in: a scale and a shift by channel. Instance norm: the same, with mean and variance over the
 * whole depth, put together from those of the slices.
 */
import type { NodeProto } from '../onnxTypes.ts';
import { paddedVector } from './blockedWeights.ts';
import { affineSlices, constantAffine } from './channelAffine.ts';
import type { Followers } from './convolution.ts';
import type { KnownTensors } from './KnownTensors.ts';
import { floatOf, intOf } from './nodeAttributes.ts';
import type { SlicedGraph } from './SlicedGraph.ts';
import { channelCount, NotSliced, type SlicedPart, type SlicedValue } from './slicedValue.ts';

/** @returns scale and shift by channel. @throws NotSliced in training mode */
export function batchNormAffine(graph: KnownTensors, node: NodeProto): { scale: Float32Array; shift: Float32Array } {
  if (intOf(node, 'training_mode', 0) !== 0 || node.output.filter((o) => o !== '').length > 1)
    throw new NotSliced('batch norm in training');
  const [gamma, beta, mean, variance] = node.input.slice(1).map((name) => graph.constantFloats(name).values);
  if (!gamma || !beta || !mean || !variance) throw new NotSliced('batch norm without its statistics');
  const epsilon = floatOf(node, 'epsilon', 1e-5);
  const scale = gamma.map((g, c) => g / Math.sqrt(variance[c]! + epsilon));
  const shift = beta.map((b, c) => b - mean[c]! * scale[c]!);
  return { scale, shift };
}

export function batchNorm(graph: SlicedGraph, node: NodeProto, activation: Followers['activation']): SlicedValue {
  const value = graph.sliced(node.input[0]);
  const { scale, shift } = batchNormAffine(graph, node);
  if (scale.length !== channelCount(value)) throw new NotSliced('channels do not fit');
  return mapParts(graph, value, (part, first) => {
    const own = (of: Float32Array): Float32Array => of.slice(first, first + part.channels);
    return constantAffine(graph, part, own(scale), own(shift), activation);
  });
}

export function instanceNorm(graph: SlicedGraph, node: NodeProto, activation: Followers['activation']): SlicedValue {
  const value = graph.sliced(node.input[0]);
  const gamma = graph.constantFloats(node.input[1]).values;
  const beta = graph.constantFloats(node.input[2]).values;
  const epsilon = floatOf(node, 'epsilon', 1e-5);
  return mapParts(graph, value, (part, first) => {
    const own = (of: Float32Array): Float32Array => paddedVector(of.slice(first, first + part.channels), graph.block);
    const [scale, shift] = statisticsAffine(graph, part, own(gamma), own(beta), epsilon);
    return affineSlices(graph, part, scale, shift, own(gamma).length, activation);
  });
}

/** @returns names of scale [C, 1, 1, 1] and shift [C], computed while the network runs */
function statisticsAffine(
  graph: SlicedGraph,
  part: SlicedPart,
  gamma: Float32Array,
  beta: Float32Array,
  epsilon: number,
): [string, string] {
  const channels = gamma.length;
  const meanOver = (slices: readonly string[], about: string): string => {
    const means = slices.map((slice) => graph.blockedNode('GlobalAveragePool', [slice], 'sliceMean'));
    // Not ReduceMean, whose axes are an attribute until operator set 17 and an input from 18 on.
    return graph.node('Mean', means, about);
  };
  const mean = meanOver(part.slices, 'mean');
  // Around the mean, not by the difference of two squares: that would cancel where the mean is far from 0.
  const one = graph.floats([channels, 1, 1, 1], new Float32Array(channels).fill(1), 'one');
  const flat = graph.ints([channels]);
  const minus = graph.node('Reshape', [graph.node('Neg', [mean], 'minus'), flat], 'minusMean');
  const around = affineSlices(graph, part, one, minus, channels, {});
  const squares = around.slices.map((slice) => graph.node('Mul', [slice, slice], 'square'));
  const variance = meanOver(squares, 'variance');
  const small = graph.floats([], Float32Array.of(epsilon), 'epsilon');
  const deviation = graph.node('Sqrt', [graph.node('Add', [variance, small], 'lifted')], 'deviation');
  const shape = [1, channels, 1, 1];
  const scale = graph.node('Div', [graph.floats(shape, gamma, 'gamma'), deviation], 'scale');
  const shift = graph.node(
    'Sub',
    [graph.floats(shape, beta, 'beta'), graph.node('Mul', [mean, scale], 'centre')],
    'shift',
  );
  return [
    graph.node('Reshape', [scale, graph.ints([channels, 1, 1, 1])], 'scale'),
    graph.node('Reshape', [shift, flat], 'shift'),
  ];
}

function mapParts(
  graph: SlicedGraph,
  value: SlicedValue,
  change: (part: SlicedPart, first: number) => SlicedPart,
): SlicedValue {
  let first = 0;
  const parts = graph.blockedParts(value).map((part) => {
    const changed = change(part, first);
    first += part.channels;
    return changed;
  });
  return { size: value.size, parts };
}
