/** Reads the attributes of a node, with ONNX's defaults given by the caller. */
import type { AttributeProto, NodeProto } from '../onnxTypes.ts';

export function intOf(node: NodeProto, name: string, fallback: number): number {
  const found = attribute(node, name);
  return found ? Number(found.i) : fallback;
}

export function floatOf(node: NodeProto, name: string, fallback: number): number {
  return attribute(node, name)?.f ?? fallback;
}

export function intsOf(node: NodeProto, name: string, fallback: readonly number[]): readonly number[] {
  return attribute(node, name)?.ints.map(Number) ?? fallback;
}

export function textOf(node: NodeProto, name: string, fallback: string): string {
  const bytes = attribute(node, name)?.s;
  return bytes ? String.fromCharCode(...bytes) : fallback;
}

function attribute(node: NodeProto, name: string): AttributeProto | undefined {
  return node.attribute.find((a) => a.name === name);
}
