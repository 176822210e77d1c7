/** The first and the last layers with weights, by what comes before and after them and not by where they stand in the file. */
import type { NodeProto } from '../onnxTypes.ts';

const LAYERS = new Set(['Conv', 'ConvTranspose', 'MatMul', 'Gemm']);

/** @param nodes in the order in which they run. @returns those that no other layer comes before, or after; both where there is but one */
export function endLayers(nodes: readonly NodeProto[]): Set<NodeProto> {
  const ends = new Set<NodeProto>();
  const behind = new Set<string>();
  for (const node of nodes) {
    const isBehind = node.input.some((name) => behind.has(name));
    const isLayer = LAYERS.has(node.opType);
    if (isLayer && !isBehind) ends.add(node);
    if (isLayer || isBehind) for (const name of node.output) behind.add(name);
  }
  const before = new Set<string>();
  for (const node of [...nodes].reverse()) {
    const isBefore = node.output.some((name) => before.has(name));
    const isLayer = LAYERS.has(node.opType);
    if (isLayer && !isBefore) ends.add(node);
    if (isLayer || isBefore) for (const name of node.input) before.add(name);
  }
  return ends;
}
