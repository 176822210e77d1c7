/** Upsampling by whole factors to the nearest voxel: along the depth a slice is simply used again. */
import type { NodeProto } from '../onnxTypes.ts';
import { textOf } from './nodeAttributes.ts';
import type { SlicedGraph } from './SlicedGraph.ts';
import { NotSliced, type SlicedValue } from './slicedValue.ts';

/** @throws NotSliced for anything that would interpolate or shrink */
export function resize(graph: SlicedGraph, node: NodeProto): SlicedValue {
  const value = graph.sliced(node.input[0]);
  const [depth, height, width] = value.size;
  const isUpsample = node.opType === 'Upsample';
  const mode = textOf(node, 'mode', 'nearest');
  const coordinates = textOf(node, 'coordinate_transformation_mode', isUpsample ? 'asymmetric' : 'half_pixel');
  const rounding = textOf(node, 'nearest_mode', isUpsample ? 'floor' : 'round_prefer_floor');
  // For whole factors these name the same source voxel.
  const isRepeat =
    mode === 'nearest' &&
    ((coordinates === 'asymmetric' && rounding === 'floor') ||
      (coordinates === 'half_pixel' && rounding.startsWith('round_prefer')));
  if (!isRepeat || node.attribute.some(({ name }) => name === 'axes')) throw new NotSliced('interpolation');
  const [scales, sizes] = isUpsample ? [node.input[1], ''] : [node.input[2], node.input[3]];
  const factors = sizes
    ? graph.constantInts(sizes).map((n, axis) => (axis < 2 ? 1 : n / value.size[axis - 2]!))
    : [...graph.constantFloats(scales).values];
  const [batch, channels, fd, fh, fw] = factors;
  if (batch !== 1 || channels !== 1 || factors.length !== 5) throw new NotSliced('not the three axes of space');
  if (![fd, fh, fw].every((f) => f !== undefined && Number.isInteger(f) && f >= 1))
    throw new NotSliced('broken factors');
  const scale = { scales: { ints: [1, 1, fh!, fw!] }, mode: { text: 'nearest' } };
  const parts = graph.blockedParts(value).map((part) => {
    const wide = part.slices.map((slice) =>
      fh === 1 && fw === 1 ? slice : graph.blockedNode('Upsample', [slice], 'wide', scale),
    );
    return { ...part, slices: Array.from({ length: depth * fd! }, (_, z) => wide[Math.floor(z / fd!)]!) };
  });
  return { size: [depth * fd!, height * fh!, width * fw!], parts };
}
