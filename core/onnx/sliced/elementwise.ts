/** Operators that treat each number alone, or two numbers at the same place. */
import type { NodeProto } from '../onnxTypes.ts';
import { constantAffine } from './channelAffine.ts';
import type { SlicedGraph } from './SlicedGraph.ts';
import { channelCount, NotSliced, type SlicedPart, type SlicedValue } from './slicedValue.ts';

/** Each of one input; what they make of 0 is finite, which the channels that fill up a block need. */
export const UNARY: ReadonlySet<string> = new Set(
  (
    'Relu LeakyRelu Elu Selu Celu Sigmoid HardSigmoid HardSwish Tanh Softplus Softsign Mish Gelu ' +
    'Abs Neg Erf Exp Sin Cos Identity Dropout'
  ).split(' '),
);

export const BINARY: ReadonlySet<string> = new Set(['Add', 'Sub', 'Mul', 'Max', 'Min', 'Sum']);

export function unary(graph: SlicedGraph, node: NodeProto): SlicedValue {
  const value = graph.sliced(node.input[0]);
  if (node.opType === 'Identity' || node.opType === 'Dropout') {
    if (node.output.filter((o) => o !== '').length > 1) throw new NotSliced('a mask is asked for');
    return value;
  }
  return eachSlice(graph, value, (slice) => graph.copyNode(node, [slice]));
}

/** A bound is a constant of one number. */
export function clip(graph: SlicedGraph, node: NodeProto): SlicedValue {
  const value = graph.sliced(node.input[0]);
  const bounds = node.input.slice(1).map((name) => (name === '' ? '' : scalar(graph, name)));
  return eachSlice(graph, value, (slice) => graph.copyNode(node, [slice, ...bounds]));
}

/** A slope for each channel: relu(x) + slope · (x − relu(x)). */
export function prelu(graph: SlicedGraph, node: NodeProto): SlicedValue {
  const value = graph.sliced(node.input[0]);
  const { dims, values } = graph.constantFloats(node.input[1]);
  const channels = channelCount(value);
  if (values.length !== 1 && !isByChannel(dims, channels)) throw new NotSliced('slopes of another shape');
  let first = 0;
  const parts = graph.blockedParts(value).map((part) => {
    const slopes = Float32Array.from({ length: part.channels }, (_, c) => values[values.length === 1 ? 0 : first + c]!);
    first += part.channels;
    const kept = part.slices.map((slice) => graph.node('Relu', [slice], 'above'));
    const below = part.slices.map((slice, z) => graph.node('Sub', [slice, kept[z]!], 'below'));
    const none = new Float32Array(part.channels);
    const scaled = constantAffine(graph, { ...part, slices: below }, slopes, none, {});
    return { ...part, slices: kept.map((slice, z) => graph.node('Add', [slice, scaled.slices[z]!], 'prelu')) };
  });
  return { size: value.size, parts };
}

export function binary(graph: SlicedGraph, node: NodeProto): SlicedValue {
  const [a, b] = node.input;
  if (a === undefined || b === undefined || node.input.length !== 2) throw new NotSliced('not two inputs');
  if (graph.isSliced(a) && graph.isSliced(b)) return ofTwo(graph, node, graph.sliced(a), graph.sliced(b));
  const constant = graph.isConstant(a) ? a : b;
  const value = graph.sliced(constant === a ? b : a);
  const { dims, values } = graph.constantFloats(constant);
  if (values.length === 1) {
    const name = scalar(graph, constant);
    return eachSlice(graph, value, (slice) => graph.copyNode(node, constant === a ? [name, slice] : [slice, name]));
  }
  if (
    !isByChannel(dims, channelCount(value)) ||
    !['Add', 'Mul', 'Sub'].includes(node.opType) ||
    (node.opType === 'Sub' && constant === a)
  )
    throw new NotSliced('a constant of another shape');
  let first = 0;
  const parts = graph.blockedParts(value).map((part) => {
    const own = values.slice(first, first + part.channels);
    first += part.channels;
    const [scale, shift] =
      node.opType === 'Mul'
        ? [own, own.map(() => 0)]
        : [own.map(() => 1), node.opType === 'Sub' ? own.map((v) => -v) : own];
    return constantAffine(graph, part, scale, shift, {});
  });
  return { size: value.size, parts };
}

function ofTwo(graph: SlicedGraph, node: NodeProto, a: SlicedValue, b: SlicedValue): SlicedValue {
  const [left, right] = [graph.blockedParts(a), graph.blockedParts(b)];
  const fits = left.length === right.length && left.every((part, p) => part.channels === right[p]!.channels);
  if (a.size.some((n, axis) => n !== b.size[axis])) throw new NotSliced('sizes differ');
  if (!fits) {
    if (channelCount(a) !== channelCount(b)) throw new NotSliced('channels differ');
    return ofTwo(graph, node, onePart(graph, a), onePart(graph, b));
  }
  const parts = left.map((part, p) => ({
    ...part,
    slices: part.slices.map((slice, z) => graph.copyNode(node, [slice, right[p]!.slices[z]!])),
  }));
  return { size: a.size, parts };
}

/** @throws NotSliced when a part but the last does not fill its blocks */
function onePart(graph: SlicedGraph, value: SlicedValue): SlicedValue {
  const parts = graph.blockedParts(value);
  if (parts.length === 1) return value;
  if (parts.slice(0, -1).some(({ channels }) => channels % graph.block !== 0)) throw new NotSliced('parts with gaps');
  const slices = Array.from({ length: value.size[0] }, (_, z) =>
    graph.node(
      'Concat',
      parts.map((part) => part.slices[z]!),
      'joined',
      { axis: { int: 1 } },
    ),
  );
  return { size: value.size, parts: [{ layout: 'blocked', channels: channelCount(value), slices }] };
}

function eachSlice(graph: SlicedGraph, value: SlicedValue, change: (slice: string) => string): SlicedValue {
  const parts = graph.blockedParts(value).map((part): SlicedPart => ({ ...part, slices: part.slices.map(change) }));
  return { size: value.size, parts };
}

/** Of rank 0, so that it never makes a slice's rank larger. */
function scalar(graph: SlicedGraph, name: string): string {
  const { values } = graph.constantFloats(name);
  if (values.length !== 1) throw new NotSliced('not one number');
  return graph.floats([], Float32Array.of(values[0]!), 'scalar');
}

/** [1, C, 1, 1, 1] or [C, 1, 1, 1]. */
export function isByChannel(dims: readonly number[], channels: number): boolean {
  const shape = dims.length === 5 && dims[0] === 1 ? dims.slice(1) : dims;
  return shape.length === 4 && shape[0] === channels && shape.slice(1).every((n) => n === 1);
}
