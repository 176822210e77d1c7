/** 3D pooling: slices are put together by maximum or sum first, then pooled in the plane. */
import type { NodeProto } from '../onnxTypes.ts';
import { triple } from './convolutionGeometry.ts';
import { intOf, intsOf, textOf } from './nodeAttributes.ts';
import type { SlicedGraph } from './SlicedGraph.ts';
import { NotSliced, type Size3, type SlicedValue } from './slicedValue.ts';

/** @throws NotSliced for dilated windows, rounding up, and padded averages */
export function pooling(graph: SlicedGraph, node: NodeProto): SlicedValue {
  const { size, ...value } = graph.sliced(node.input[0]);
  const isMaximum = node.opType === 'MaxPool';
  const kernel = triple(intsOf(node, 'kernel_shape', []));
  const strides = triple(intsOf(node, 'strides', [1, 1, 1]));
  const pads = intsOf(node, 'pads', [0, 0, 0, 0, 0, 0]);
  if (
    intOf(node, 'ceil_mode', 0) !== 0 ||
    textOf(node, 'auto_pad', 'NOTSET') !== 'NOTSET' ||
    intsOf(node, 'dilations', [1, 1, 1]).some((d) => d !== 1) ||
    (node.output.length > 1 && node.output[1] !== '') ||
    (!isMaximum && pads.some((p) => p !== 0))
  )
    throw new NotSliced('pooling of an unusual kind');
  const along = (a: 0 | 1 | 2): number => Math.floor((size[a] + pads[a]! + pads[a + 3]! - kernel[a]) / strides[a]) + 1;
  const output: Size3 = [along(0), along(1), along(2)];
  const plane = {
    kernel_shape: { ints: kernel.slice(1) },
    strides: { ints: strides.slice(1) },
    pads: { ints: [pads[1]!, pads[2]!, pads[4]!, pads[5]!] },
  };
  const share = isMaximum ? '' : graph.floats([], Float32Array.of(1 / kernel[0]), 'share');
  const parts = graph.blockedParts({ size, ...value }).map((part) => ({
    ...part,
    slices: Array.from({ length: output[0] }, (_, z) => {
      const from = z * strides[0] - pads[0]!;
      const under = part.slices.slice(Math.max(from, 0), from + kernel[0]);
      if (under.length === 0) throw new NotSliced('a pool of nothing but padding');
      const [one] = under;
      const joined = under.length === 1 ? one! : graph.node(isMaximum ? 'Max' : 'Sum', under, 'under');
      const pooled = graph.blockedNode(isMaximum ? 'MaxPool' : 'AveragePool', [joined], 'pooled', plane);
      return isMaximum || kernel[0] === 1 ? pooled : graph.node('Mul', [pooled, share], 'mean');
    }),
  }));
  return { size: output, parts };
}
