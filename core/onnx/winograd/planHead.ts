/**
 * A 3D network whose end this program's kernels do not know: what is in front of it is read as layers, and the rest becomes a network of
 * its own, which the runtime runs on their answer. Our hippocampus network is one: two U-Nets, and behind them the division by planes.
 */
import { ModelBuilder } from '../buildModel.ts';
import { constantsOf } from '../constants.ts';
import type { ModelProto, NodeProto, TensorProto } from '../onnxTypes.ts';
import type { Size3 } from '../sliced/slicedValue.ts';
import { isKnownSet } from '../sliced/sliceNetwork.ts';
import { modelInputs, modelOutputs } from '../valueShape.ts';
import type { LayerPlan } from './layer.ts';
import { LAYER_OPERATORS, planLayers } from './planLayers.ts';

export interface PlannedHead {
  readonly plan: LayerPlan;
  /** Reads `value`, and the network's input where it wants to; answers as the whole network does. */
  readonly tail: ModelProto;
  /** What the layers answer. */
  readonly value: string;
}

/** Of the convolutions' weights: where less lies in front of the cut, it is not worth two runs. */
const LEAST_SHARE = 0.5;

/**
 * @param size of the network's one input, (D, H, W)
 * @returns null where the kernels would compute less than half of it, or it has several inputs or outputs
 */
export function planHead(model: ModelProto, size: Size3): PlannedHead | null {
  const { graph } = model;
  const [image, ...otherInputs] = modelInputs(model);
  const [scores, ...otherOutputs] = modelOutputs(model);
  if (!graph || !image || !scores || otherInputs.length > 0 || otherOutputs.length > 0) return null;
  if (!isKnownSet(model)) return null;
  const { constants, nodes } = constantsOf(graph);
  const weights = (some: readonly NodeProto[]): number =>
    some.reduce((sum, node) => sum + weightsOf(node, constants), 0);
  const cuts = lastKnown(nodes, constants, image.name).map((value) => {
    const head = madeFrom(nodes, value, null);
    return { value, head, weights: weights(head) };
  });
  const [cut] = cuts.sort((a, b) => b.weights - a.weights);
  if (!cut || cut.weights < LEAST_SHARE * weights(nodes)) return null;
  const { value } = cut;
  const initializer = [...constants].map(([name, tensor]) => ({ ...tensor, name }));
  const output = graph.output.map((one) => ({ ...one, name: value }));
  const plan = planLayers({ ...model, graph: { ...graph, node: cut.head, initializer, output, valueInfo: [] } }, size);
  if (!plan) return null;

  const builder = new ModelBuilder();
  const rest = madeFrom(nodes, scores.name, value);
  const read = new Set(rest.flatMap(({ input }) => input));
  for (const [name, tensor] of constants) if (read.has(name)) builder.tensor(tensor, name);
  for (const node of rest) builder.copy(node);
  const inputs = [{ name: value, dims: [1, plan.output.channels, ...plan.output.size] }];
  if (read.has(image.name)) inputs.push({ name: image.name, dims: [1, plan.input.channels, ...size] });
  const dims = scores.dims?.map((n, axis) => (n === null ? `n${axis}` : Number(n))) ?? [];
  const opset = Number(model.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0n);
  const origin = { producer: 'lantern', producerVersion: '', opset, graphName: 'tail' };
  const tail = builder.build(inputs, [{ name: scores.name, dims, elementType: scores.elementType }], origin);
  return { plan, tail, value };
}

/** @returns values that are made by known operators alone, and that others read */
function lastKnown(nodes: readonly NodeProto[], constants: ReadonlyMap<string, TensorProto>, image: string): string[] {
  const known = new Set([image]);
  const last = new Set<string>();
  for (const { opType, domain, input, output } of nodes) {
    const values = input.filter((name) => name !== '' && !constants.has(name));
    const isOperator = LAYER_OPERATORS.has(opType) && (domain === '' || domain === 'ai.onnx');
    if (isOperator && values.every((name) => known.has(name))) for (const name of output) known.add(name);
    else for (const name of values) if (known.has(name) && name !== image) last.add(name);
  }
  return [...last];
}

/** @returns the nodes that a value is made by, in their order @param given a value that is there already; null: none */
function madeFrom(nodes: readonly NodeProto[], value: string, given: string | null): NodeProto[] {
  const wanted = new Set([value]);
  const made: NodeProto[] = [];
  for (const node of nodes.toReversed()) {
    if (!node.output.some((name) => name !== given && wanted.has(name))) continue;
    made.push(node);
    for (const name of node.input) wanted.add(name);
  }
  return made.reverse();
}

function weightsOf({ opType, input }: NodeProto, constants: ReadonlyMap<string, TensorProto>): number {
  if (opType !== 'Conv' && opType !== 'ConvTranspose') return 0;
  return constants.get(input[1] ?? '')?.dims.reduce((product, n) => product * Number(n), 1) ?? 0;
}
