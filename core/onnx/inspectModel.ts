/**
 * The look at a network before any runtime sees it. The runtime is native code that opens files and allocates what a file tells it
 * to: here every file that is named, every size that is claimed and every operator that is asked for is held against what is there.
 */
import { LanternError } from '../errors/lanternError.ts';
import {
  AttributeType,
  DATA_TYPES,
  EXTERNAL,
  INT64,
  type ModelProto,
  type NodeProto,
  type TensorProto,
} from './onnxTypes.ts';
import { intsOf } from './tensorValues.ts';
import { modelInputs, modelOutputs, modelValue } from './valueShape.ts';
import { type ModelParts, walkModel } from './walkGraph.ts';

/** Operators of these sets are part of the runtime itself; any other would need a library of its own. */
const KNOWN_DOMAINS = new Set(['', 'ai.onnx', 'ai.onnx.ml', 'com.microsoft']);

/** Values of one tensor that a fixed size may ask for: 2³¹ of 4 bytes are 8 GiB. */
const MOST_VALUES = 2n ** 31n;

/** Operators that fill a tensor of whatever size an input says: operator → the input with the size. */
const SIZED_BY_INPUT: Readonly<Record<string, number>> = { ConstantOfShape: 0, Expand: 1, Reshape: 1 };
/** Operators whose input multiplies sizes. */
const MULTIPLIED_BY_INPUT: Readonly<Record<string, number>> = { Tile: 1 };
/** Operators with the size in an attribute. */
const SIZED_BY_ATTRIBUTE = new Set(['RandomNormal', 'RandomUniform']);

/**
 * @returns what speaks against the model, worst first; empty when nothing does
 */
export function inspectModel(model: ModelProto): LanternError[] {
  const parts = walkModel(model);
  return [
    ...firstOf(parts.tensors, externalData),
    ...firstOf(parts.tensors, wrongSize),
    ...firstOf(parts.nodes, foreignOperator(model)),
    ...absurdShapes(parts),
    ...wrongEnds(model),
  ];
}

/** One finding of a kind says enough; a hostile file could have a million. */
function firstOf<T>(items: readonly T[], look: (item: T) => LanternError | null): LanternError[] {
  for (const item of items) {
    const found = look(item);
    if (found) return [found];
  }
  return [];
}

function externalData({ name, dataLocation, externalData: entries }: TensorProto): LanternError | null {
  if (dataLocation !== EXTERNAL && entries.length === 0) return null;
  return new LanternError(
    'model/external-data',
    `The network keeps its tensor “${shown(name)}” in another file, which this program does not follow.`,
    'Export the model into one .onnx file, with its weights inside.',
  );
}

function wrongSize(tensor: TensorProto): LanternError | null {
  const count = countOf(tensor.dims);
  if (count === null || count > 2n ** 40n) return absurdSize(`tensor “${shown(tensor.name)}”`, tensor.dims);
  const held = heldValues(tensor, count);
  if (held === count) return null;
  return new LanternError(
    'model/truncated-tensor',
    `The network’s tensor “${shown(tensor.name)}” should hold ${count} values and holds ${held}.`,
    'The file is damaged: get the model again from its maker.',
  );
}

/** @returns the product; null for a negative dimension or more than 64 bits can say */
function countOf(dims: readonly bigint[]): bigint | null {
  let count = 1n;
  for (const d of dims) {
    if (d < 0n) return null;
    count *= d;
    if (count >= 2n ** 63n) return null;
  }
  return count;
}

function heldValues(tensor: TensorProto, expected: bigint): bigint {
  const bits = DATA_TYPES[tensor.dataType]?.bits ?? 0;
  if (tensor.rawData.length > 0 && bits > 0) {
    const bytes = BigInt(tensor.rawData.length);
    // Values of 4 bits share bytes.
    return bytes === (expected * BigInt(bits) + 7n) / 8n ? expected : (bytes * 8n) / BigInt(bits);
  }
  const { floatData, int32Data, int64Data, doubleData, uint64Data, stringData } = tensor;
  const written = Math.max(
    ...[floatData, int32Data, int64Data, doubleData, uint64Data, stringData].map((list) => list.length),
  );
  const packed =
    bits === 4 ? (expected + 1n) / 2n : tensor.dataType === 14 || tensor.dataType === 15 ? expected * 2n : expected;
  return BigInt(written) === packed ? expected : BigInt(written);
}

function foreignOperator(model: ModelProto): (node: NodeProto) => LanternError | null {
  const own = new Set(model.functions.map(({ domain, name }) => `${domain}:${name}`));
  return ({ domain, opType }) => {
    if (KNOWN_DOMAINS.has(domain) || own.has(`${domain}:${opType}`)) return null;
    return new LanternError(
      'model/foreign-operator',
      `The network uses the operator “${shown(opType)}” of “${shown(domain)}”, which needs a program library of its own.`,
      'Ask the model’s maker for an export with standard ONNX operators only.',
    );
  };
}

function absurdShapes({ graphs, nodes }: ModelParts): LanternError[] {
  for (const graph of graphs) {
    for (const info of [...graph.input, ...graph.output, ...graph.valueInfo]) {
      const { name, dims = [] } = modelValue(info);
      if (tooLarge(dims.filter((d) => d !== null))) return [absurdSize(`value “${shown(name)}”`, dims)];
    }
  }
  const constants = constantShapes(
    graphs.flatMap((g) => g.initializer),
    nodes,
  );
  for (const node of nodes) {
    const dims = sizeAskedFor(node, constants);
    if (dims && tooLarge(dims)) return [absurdSize(`operator “${shown(node.opType)}”`, dims)];
  }
  return [];
}

function sizeAskedFor(
  node: NodeProto,
  constants: ReadonlyMap<string, readonly bigint[]>,
): readonly bigint[] | undefined {
  if (SIZED_BY_ATTRIBUTE.has(node.opType)) return node.attribute.find((a) => a.name === 'shape')?.ints;
  const at = SIZED_BY_INPUT[node.opType] ?? MULTIPLIED_BY_INPUT[node.opType];
  const dims = at === undefined ? undefined : constants.get(node.input[at] ?? '');
  // Reshape knows −1 (the rest) and 0 (as it was).
  return dims?.map((d) => (node.opType === 'Reshape' && d <= 0n ? 1n : d));
}

/** Short lists of whole numbers that are known without running anything. */
function constantShapes(initializers: readonly TensorProto[], nodes: readonly NodeProto[]): Map<string, bigint[]> {
  const constants = new Map<string, bigint[]>();
  const add = (name: string, tensor: TensorProto): void => {
    const short = tensor.dims.length <= 1 && (tensor.dims[0] ?? 1n) <= 16n;
    if (short && tensor.dataType === INT64) constants.set(name, intsOf(tensor));
  };
  for (const tensor of initializers) add(tensor.name, tensor);
  for (const { opType, attribute, output } of nodes) {
    if (opType !== 'Constant') continue;
    for (const { name, type, t, ints } of attribute) {
      if (name === 'value' && t) add(output[0] ?? '', t);
      if (name === 'value_ints' && type === AttributeType.ints) constants.set(output[0] ?? '', ints);
    }
  }
  return constants;
}

function tooLarge(dims: readonly bigint[]): boolean {
  const count = countOf(dims);
  return count === null || count > MOST_VALUES;
}

function wrongEnds(model: ModelProto): LanternError[] {
  const inputs = modelInputs(model);
  const outputs = modelOutputs(model);
  if (outputs.length === 0) return [wrongEnd('no-outputs', 'has no output: it would answer nothing')];
  if (inputs.length === 0) return [wrongEnd('no-inputs', 'has no input: it would not look at the image')];
  const made = new Set(model.graph?.node.flatMap((n) => n.output));
  const given = new Set([...inputs.map((i) => i.name), ...(model.graph?.initializer.map((t) => t.name) ?? [])]);
  const missing = outputs.find(({ name }) => !made.has(name) && !given.has(name));
  return missing
    ? [wrongEnd('no-outputs', `promises the output “${shown(missing.name)}”, which nothing in it makes`)]
    : [];
}

function wrongEnd(code: 'no-outputs' | 'no-inputs', what: string): LanternError {
  return new LanternError(`model/${code}`, `The network ${what}.`, 'Get the model again from its maker.');
}

function absurdSize(what: string, dims: readonly (bigint | null)[]): LanternError {
  const size = dims.map((d) => d ?? '?').join(' × ');
  return new LanternError(
    'model/absurd-size',
    `The network’s ${what} asks for ${size.slice(0, 120)} values, which no machine can hold.`,
    'Do not use this file; get the model again from its maker.',
  );
}

/** Names come from a foreign file: no control characters, and not longer than a line. */
function shown(name: string): string {
  const plain = name.replace(/[^\x20-\x7e\u00a0-\uffff]/gu, '·');
  return plain.length > 60 ? `${plain.slice(0, 57)}…` : plain || 'without a name';
}
