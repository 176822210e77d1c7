/** y = activation(scale · x + shift) by channel, as a depthwise convolution of one point. */
import { paddedVector } from './blockedWeights.ts';
import type { Followers } from './convolution.ts';
import type { SlicedGraph } from './SlicedGraph.ts';
import type { SlicedPart } from './slicedValue.ts';

/**
 * @param scale name of a tensor [C, 1, 1, 1], C filled up to whole blocks
 * @param shift name of a tensor [C]
 */
export function affineSlices(
  graph: SlicedGraph,
  part: SlicedPart,
  scale: string,
  shift: string,
  channels: number,
  activation: Followers['activation'],
): SlicedPart {
  const attributes = { kernel_shape: { ints: [1, 1] }, group: { int: channels }, ...activation };
  const slices = part.slices.map((slice) => graph.blockedNode('Conv', [slice, scale, shift], 'scaled', attributes));
  return { ...part, slices };
}

/** @param scale, shift by channel of the part */
export function constantAffine(
  graph: SlicedGraph,
  part: SlicedPart,
  scale: Float32Array,
  shift: Float32Array,
  activation: Followers['activation'],
): SlicedPart {
  const scales = paddedVector(scale, graph.block);
  const shifts = paddedVector(shift, graph.block);
  const scaleName = graph.floats([scales.length, 1, 1, 1], scales, 'scale');
  const shiftName = graph.floats([shifts.length], shifts, 'shift');
  return affineSlices(graph, part, scaleName, shiftName, scales.length, activation);
}
