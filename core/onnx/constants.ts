/** The tensors of a graph that are known without running it: initialisers, and what Constant and Identity make of them. */
import type { GraphProto, NodeProto, TensorProto } from './onnxTypes.ts';

/** @returns by name, with the nodes that remain to be run */
export function constantsOf(graph: GraphProto): { constants: Map<string, TensorProto>; nodes: NodeProto[] } {
  const constants = new Map(graph.initializer.map((t) => [t.name, t]));
  const nodes = graph.node.filter((node) => {
    const value = constantValue(node, constants);
    if (value && node.output[0]) constants.set(node.output[0], value);
    return !value;
  });
  return { constants, nodes };
}

function constantValue(node: NodeProto, known: ReadonlyMap<string, TensorProto>): TensorProto | undefined {
  if (node.opType === 'Constant') return node.attribute.find(({ name }) => name === 'value')?.t;
  return node.opType === 'Identity' ? known.get(node.input[0] ?? '') : undefined;
}

/** How often each value is read, the graph's own outputs included. */
export function countReaders(nodes: readonly NodeProto[], outputs: readonly string[]): Map<string, number> {
  const readers = new Map<string, number>();
  for (const name of [...nodes.flatMap((node) => node.input), ...outputs]) {
    readers.set(name, (readers.get(name) ?? 0) + 1);
  }
  return readers;
}
