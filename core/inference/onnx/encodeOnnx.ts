/**
 * Writes small ONNX files: just the part of the format that our probe and our tests need (float tensors, attributes of whole
 * numbers). Protocol buffers by hand, because the format's own library is larger than this program's use of it.
 * @see onnx/onnx.proto (field numbers), IR version 8
 */

export interface OnnxNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly ints?: Readonly<Record<string, readonly number[]>>;
}

export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

/** A dimension's name stands for any size. */
export interface OnnxValue {
  readonly name: string;
  readonly dims: readonly (number | string)[];
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly weights: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

const FLOAT = 1;
const INTS = 7;

export function encodeOnnx(graph: OnnxGraph): Uint8Array {
  const body = [
    ...graph.nodes.map((n) => message(1, node(n))),
    text(2, 'graph'),
    ...graph.weights.map((t) => message(5, tensor(t))),
    ...graph.inputs.map((v) => message(11, value(v))),
    ...graph.outputs.map((v) => message(12, value(v))),
  ];
  return joined([number(1, 8), text(2, 'lantern'), message(7, joined(body)), message(8, number(2, 13))]);
}

function node(n: OnnxNode): Uint8Array {
  const attributes = Object.entries(n.ints ?? {}).map(([name, values]) =>
    message(5, joined([text(1, name), ...values.map((v) => number(8, v)), number(20, INTS)])),
  );
  return joined([
    ...n.inputs.map((name) => text(1, name)),
    ...n.outputs.map((name) => text(2, name)),
    text(4, n.operator),
    ...attributes,
  ]);
}

function tensor(t: OnnxTensor): Uint8Array {
  const raw = new Uint8Array(t.values.buffer, t.values.byteOffset, t.values.byteLength);
  return joined([...t.dims.map((d) => number(1, d)), number(2, FLOAT), text(8, t.name), message(9, raw)]);
}

function value(v: OnnxValue): Uint8Array {
  const dims = v.dims.map((d) => message(1, typeof d === 'number' ? number(1, d) : text(2, d)));
  const type = joined([number(1, FLOAT), message(2, joined(dims))]);
  return joined([text(1, v.name), message(2, message(1, type))]);
}

function varint(n: number): number[] {
  const bytes: number[] = [];
  let rest = n;
  while (rest > 127) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}

function number(field: number, n: number): Uint8Array {
  return Uint8Array.from([...varint(field * 8), ...varint(n)]);
}

function message(field: number, bytes: Uint8Array): Uint8Array {
  return joined([Uint8Array.from([...varint(field * 8 + 2), ...varint(bytes.length)]), bytes]);
}

function text(field: number, s: string): Uint8Array {
  return message(field, Uint8Array.from([...s].map((c) => c.charCodeAt(0))));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
