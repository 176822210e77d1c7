/**
 * Writes a network in 8 bits in QDQ form: a float network in which QuantizeLinear and DequantizeLinear stand around the layers that are
 * to be computed in integers. The runtime fuses them into integer kernels; one that does not gets the same numbers in float.
 * First and last layers stay float: they are cheap, and what they lose is lost for all. Next: quantisableLayers.ts, affineQuantisation.ts
 */
import { create } from '@bufbuild/protobuf';
import { LanternError } from '../../errors/lanternError.ts';
import { ModelBuilder } from '../buildModel.ts';
import { constantsOf, countReaders } from '../constants.ts';
import { nodeSchema } from '../onnxSchema.ts';
import type { ModelProto, NodeProto, TensorProto } from '../onnxTypes.ts';
import { floatsOf } from '../tensorValues.ts';
import { modelInputs, modelOutputs } from '../valueShape.ts';
import {
  activationQuantisation,
  type Quantisation,
  quantiseBias,
  quantiseWeights,
  type ValueRange,
} from './affineQuantisation.ts';
import { endLayers } from './endLayers.ts';
import { integerTensor } from './integerTensor.ts';
import {
  type LayerContext,
  PASSING,
  type QuantisableLayer,
  quantisableLayers,
  SAME_SCALE,
} from './quantisableLayers.ts';
import { raiseOpset } from './raiseOpset.ts';

export interface QuantisationPlan {
  /** Layers in integers, in the order in which they run. */
  readonly layers: readonly QuantisableLayer[];
  /** Values that stand in 8 bits, each to be observed. */
  readonly values: readonly string[];
}

export interface QuantisedNetwork {
  readonly model: ModelProto;
  /** First output of each layer in integers. */
  readonly layers: readonly string[];
}

/** @throws model/nothing-to-quantise */
export function planQuantisation(model: ModelProto): QuantisationPlan {
  const context = contextOf(model);
  const ends = endLayers(context.nodes);
  const layers = quantisableLayers(context).filter(({ node }) => !ends.has(node));
  if (layers.length === 0) throw nothingToQuantise();
  return { layers, values: [...valuesIn8Bits(context, layers)] };
}

/** @param ranges of each of the plan's values. @throws model/nothing-to-quantise, model/old-operators */
export function quantiseNetwork(
  model: ModelProto,
  { layers, values }: QuantisationPlan,
  ranges: ReadonlyMap<string, ValueRange>,
): QuantisedNetwork {
  const { constants, nodes: original } = contextOf(model);
  const { nodes, tensors, opset } = raiseOpset(model, original);
  const all = new Map([...constants, ...tensors.map((t) => [t.name, t] as const)]);
  const writer = new QdqWriter(all, scalesOf(nodes, values, ranges));
  for (const { name } of modelInputs(model)) writer.quantiseValue(name);
  const byOutput = new Map(layers.map((layer) => [layer.node.output[0], layer]));
  const done = nodes.flatMap((node) => {
    const layer = byOutput.get(node.output[0]);
    const isIn8Bits = layer !== undefined && writer.writeLayer(node, layer);
    if (!isIn8Bits) writer.copy(node);
    for (const name of node.output) writer.quantiseValue(name);
    return isIn8Bits ? [node.output[0] ?? ''] : [];
  });
  if (done.length === 0) throw nothingToQuantise();
  const built = writer.builder.build([], [], {
    producer: 'lantern',
    producerVersion: '',
    opset,
    graphName: model.graph?.name ?? '',
  });
  if (!built.graph || !model.graph) throw new Error('a network without a graph');
  const given = new Set(model.graph.initializer.map((t) => t.name));
  built.graph.input = model.graph.input.filter(({ name }) => !given.has(name));
  built.graph.output = model.graph.output;
  // Operator sets of the original that its own operators need.
  const domains = new Set(built.opsetImport.map(({ domain }) => domain));
  built.opsetImport.push(...model.opsetImport.filter(({ domain }) => domain !== 'ai.onnx' && !domains.has(domain)));
  return { model: built, layers: done };
}

/** @throws model/nothing-to-quantise where the graph has branches, whose values could be read from anywhere */
function contextOf(model: ModelProto): LayerContext {
  const { graph } = model;
  if (!graph || graph.node.some((node) => node.attribute.some((a) => a.g || a.graphs.length > 0))) {
    throw nothingToQuantise();
  }
  const { constants, nodes } = constantsOf(graph);
  const outputs = modelOutputs(model).map(({ name }) => name);
  return { constants, nodes, graphOutputs: new Set(outputs), readers: countReaders(nodes, outputs) };
}

function valuesIn8Bits(
  { nodes, constants, graphOutputs, readers }: LayerContext,
  layers: readonly QuantisableLayer[],
): Set<string> {
  const values = new Set(layers.flatMap(({ node, output }) => [node.input[0] ?? '', output]));
  const reads = (node: NodeProto): string[] => {
    const data = node.opType === 'Concat' || node.opType === 'Add' ? node.input : node.input.slice(0, 1);
    return data.filter((name) => !constants.has(name));
  };
  const readersOf = (name: string): NodeProto[] => nodes.filter(({ input }) => input.includes(name));
  for (const node of nodes) {
    const [output = ''] = node.output;
    if (!PASSING.has(node.opType) || node.output.length > 1 || graphOutputs.has(output)) continue;
    const goesOn = values.has(output) || readersOf(output).some(({ opType }) => PASSING.has(opType));
    if (!goesOn || values.has(output) || !reads(node).every((name) => values.has(name))) continue;
    // An Add and the ReLU behind it are one kernel.
    const [after] = readersOf(output);
    if (after?.opType === 'Relu' && readers.get(output) === 1) continue;
    values.add(output);
  }
  // All parts of a concatenation, so that it stays in integers.
  for (const node of nodes) {
    if (node.opType === 'Concat' && values.has(node.output[0] ?? '')) for (const name of reads(node)) values.add(name);
  }
  for (const name of graphOutputs) values.delete(name);
  return values;
}

function scalesOf(
  nodes: readonly NodeProto[],
  values: readonly string[],
  ranges: ReadonlyMap<string, ValueRange>,
): Map<string, Quantisation> {
  const scales = new Map<string, Quantisation>();
  for (const name of values) {
    const range = ranges.get(name);
    if (!range) throw new Error(`the value ${name} was not observed`);
    scales.set(name, activationQuantisation(range));
  }
  for (const { opType, input, output } of nodes) {
    const same = SAME_SCALE.has(opType) ? scales.get(input[0] ?? '') : undefined;
    const [to = ''] = output;
    if (same && scales.has(to)) scales.set(to, same);
  }
  return scales;
}

class QdqWriter {
  readonly builder = new ModelBuilder();
  readonly #constants: ReadonlyMap<string, TensorProto>;
  readonly #scales: ReadonlyMap<string, Quantisation>;
  /** Name by which a value is read: behind its DequantizeLinear, once it has one. */
  readonly #readAs = new Map<string, string>();
  readonly #copied = new Set<string>();

  constructor(constants: ReadonlyMap<string, TensorProto>, scales: ReadonlyMap<string, Quantisation>) {
    this.#constants = constants;
    this.#scales = scales;
  }

  quantiseValue(name: string): void {
    const as = this.#scales.get(name);
    if (!as) return;
    const scale = this.builder.floats(`${name}:scale`, [], Float32Array.of(as.scale));
    const zeroPoint = `${name}:zero`;
    this.builder.tensor(integerTensor(zeroPoint, [], Uint8Array.of(as.zeroPoint)), zeroPoint);
    this.builder.node('QuantizeLinear', [name, scale, zeroPoint], [`${name}:q`]);
    this.#readAs.set(name, this.builder.node('DequantizeLinear', [`${name}:q`, scale, zeroPoint], [`${name}:dq`]));
  }

  /** @returns false where its bias does not fit: then it is not written */
  writeLayer(node: NodeProto, { axis }: QuantisableLayer): boolean {
    const [data = '', weight = '', bias] = node.input;
    const weights = this.#constants.get(weight);
    const input = this.#scales.get(data);
    const [output = ''] = node.output;
    if (!weights || !input) return false;
    const { values, scales } = quantiseWeights(floatsOf(weights), weights.dims.map(Number), axis);
    const biases = bias ? floatsOf(this.#constants.get(bias)!) : null;
    // Gemm's bias may be one number for all channels.
    if (biases && biases.length !== scales.length) return false;
    const bias32 = biases && quantiseBias(biases, input.scale, scales);
    if (biases && !bias32) return false;
    const names = [
      this.#read(data),
      this.#dequantised(`${output}:weight`, weights.dims.map(Number), values, scales, axis),
    ];
    if (bias32) {
      const products = scales.map((scale) => Math.fround(scale * input.scale));
      names.push(this.#dequantised(`${output}:bias`, [bias32.length], bias32, products, 0));
    }
    this.#write(node, names);
    return true;
  }

  copy(node: NodeProto): void {
    this.#write(
      node,
      node.input.map((name) => this.#read(name)),
    );
  }

  #write({ opType, domain, name, output, attribute }: NodeProto, input: string[]): void {
    this.builder.copy(create(nodeSchema, { opType, domain, name, input, output, attribute }));
  }

  #dequantised(
    name: string,
    dims: readonly number[],
    values: Int8Array | Int32Array,
    scales: Float32Array,
    axis: number,
  ): string {
    const zeros = values instanceof Int8Array ? new Int8Array(scales.length) : new Int32Array(scales.length);
    this.builder.tensor(integerTensor(name, dims, values), name);
    this.builder.floats(`${name}:scale`, [scales.length], scales);
    this.builder.tensor(integerTensor(`${name}:zero`, [scales.length], zeros), `${name}:zero`);
    const inputs = [name, `${name}:scale`, `${name}:zero`];
    return this.builder.node('DequantizeLinear', inputs, [`${name}:dq`], { axis: { int: axis } });
  }

  #read(name: string): string {
    const constant = this.#constants.get(name);
    if (constant && !this.#copied.has(name)) {
      this.builder.tensor(constant, name);
      this.#copied.add(name);
    }
    return this.#readAs.get(name) ?? name;
  }
}

function nothingToQuantise(): LanternError {
  return new LanternError(
    'model/nothing-to-quantise',
    'This network has no layer between its first and its last that could be computed in 8 bits.',
    'Use the model as it is.',
  );
}
