/** Along the channels nothing is copied: the parts just stand in one list. */
import type { NodeProto } from '../onnxTypes.ts';
import { intOf } from './nodeAttributes.ts';
import type { SlicedGraph } from './SlicedGraph.ts';
import { NotSliced, type SlicedValue } from './slicedValue.ts';

export function concatenation(graph: SlicedGraph, node: NodeProto): SlicedValue {
  const axis = intOf(node, 'axis', 0);
  if (axis !== 1 && axis !== -4) throw new NotSliced('not along the channels');
  const values = node.input.map((name) => graph.sliced(name));
  const [first] = values;
  if (!first || values.some(({ size }) => size.some((n, a) => n !== first.size[a])))
    throw new NotSliced('sizes differ');
  return { size: first.size, parts: values.flatMap(({ parts }) => parts) };
}
