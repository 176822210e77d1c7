/**
 * Rewrites a 3D network for processors. The runtime has fast blocked kernels for 2D convolutions only; so every 3D value becomes one
 * tensor per slice of depth (slicedValue.ts), and every 3D convolution a sum of 2D ones (convolution.ts). The runtime pulls results from
 * the last output backwards, so few slices of each layer are alive at a time: the work stays in the cache, and the memory is small.
 * What the rewriting does not know stays as it was, on whole tensors; the outcome equals the original's but for rounding.
 */

import { constantsOf, countReaders } from '../constants.ts';
import { FLOAT, type ModelProto, type NodeProto } from '../onnxTypes.ts';
import { modelInputs, modelOutputs } from '../valueShape.ts';
import { concatenation } from './concatenation.ts';
import { convolution, type Followers } from './convolution.ts';
import { decision } from './decision.ts';
import { BINARY, binary, clip, prelu, UNARY, unary } from './elementwise.ts';
import { floatOf } from './nodeAttributes.ts';
import { batchNorm, batchNormAffine, instanceNorm } from './normalisation.ts';
import { pooling } from './pooling.ts';
import { resize } from './resize.ts';
import { SlicedGraph } from './SlicedGraph.ts';
import { channelCount, NotSliced, type Size3, type SlicedPart, type SlicedValue } from './slicedValue.ts';
import { transposedConvolution } from './transposedConvolution.ts';

/** What was rewritten; part of a result's provenance. */
export interface SlicedNetwork {
  readonly model: ModelProto;
  /** Multiply-adds of the convolutions that became 2D. */
  readonly work: number;
  /** Operators of the original that stayed as they were. */
  readonly left: readonly string[];
  /** Channels of the first output, where it is held in slices; else null. */
  readonly channels: number | null;
}

const NONE: Followers = { scale: null, shift: null, activation: {} };
/** Above it, the graph itself would cost more than it saves. */
const MOST_SLICES = 512;

/**
 * @param size of the network's one input, (D, H, W)
 * @param block channels in a block of the machine's kernels
 * @param decides instead of the scores, answer the class of each voxel (decision.ts), so that the scores are never held
 * @returns null when it is not a 3D network of one input whose convolutions can all be rewritten
 */
export function sliceNetwork(
  model: ModelProto,
  size: Size3,
  block: number,
  { decides = false } = {},
): SlicedNetwork | null {
  const { graph: original } = model;
  const [input, ...others] = modelInputs(model);
  const channels = input?.dims?.[1];
  if (!original || !input || others.length > 0 || input.dims?.length !== 5 || typeof channels !== 'bigint') return null;
  if (input.elementType !== FLOAT || size[0] > MOST_SLICES || channels > 64n || !isKnownSet(model)) return null;

  const { constants, nodes } = constantsOf(original);
  const graph = new SlicedGraph(block, constants);
  graph.addWhole(input.name);
  graph.setSliced(input.name, slicedInput(graph, input.name, Number(channels), size));

  const outputs = modelOutputs(model);
  const uses = countReaders(
    nodes,
    outputs.map(({ name }) => name),
  );
  const left: string[] = [];
  let work = 0;
  for (let n = 0; n < nodes.length; ) {
    const node = nodes[n]!;
    const fused = followersOf(graph, nodes, n, uses);
    const done = attempt(graph, node, fused.followers);
    if (done) {
      graph.setSliced(fused.output, done.value);
      work += done.work;
      n += fused.count;
    } else {
      if (/^Conv/.test(node.opType)) return null;
      left.push(node.opType);
      graph.copy(node);
      n++;
    }
  }
  if (work === 0) return null;
  const decided = decides ? decision(graph, outputs) : null;
  if (decides && !decided) return null;
  if (!decides) for (const { name } of outputs) graph.whole(name);
  const built = graph.builder.build([{ name: input.name, dims: [1, Number(channels), ...size] }], decided ?? [], {
    producer: model.producerName,
    producerVersion: model.producerVersion,
    opset: Number(model.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0n),
    graphName: original.name,
  });
  if (built.graph && !decided) built.graph.output = original.output;
  const [first] = outputs;
  const scores = first && graph.isSliced(first.name) ? channelCount(graph.sliced(first.name)) : null;
  return { model: built, work, left, channels: scores };
}

/** @returns null when the operator must stay as it is */
function attempt(
  graph: SlicedGraph,
  node: NodeProto,
  followers: Followers,
): { value: SlicedValue; work: number } | null {
  const free = (value: SlicedValue): { value: SlicedValue; work: number } => ({ value, work: 0 });
  const { opType } = node;
  if (node.domain !== '' && node.domain !== 'ai.onnx') return null;
  try {
    if (opType === 'Conv') return convolution(graph, node, followers);
    if (opType === 'ConvTranspose') return transposedConvolution(graph, node);
    if (opType === 'BatchNormalization') return free(batchNorm(graph, node, followers.activation));
    if (opType === 'InstanceNormalization') return free(instanceNorm(graph, node, followers.activation));
    if (opType === 'MaxPool' || opType === 'AveragePool') return free(pooling(graph, node));
    if (opType === 'Concat') return free(concatenation(graph, node));
    if (opType === 'Resize' || opType === 'Upsample') return free(resize(graph, node));
    if (opType === 'PRelu') return free(prelu(graph, node));
    if (opType === 'Clip') return free(clip(graph, node));
    if (UNARY.has(opType)) return free(unary(graph, node));
    if (BINARY.has(opType)) return free(binary(graph, node));
    return null;
  } catch (error) {
    if (error instanceof NotSliced) return null;
    throw error;
  }
}

/** Batch norm and activation right behind a node, when nothing else reads what lies between. */
function followersOf(
  graph: SlicedGraph,
  nodes: readonly NodeProto[],
  n: number,
  uses: ReadonlyMap<string, number>,
): { followers: Followers; output: string; count: number } {
  let followers = NONE;
  let at = nodes[n]!;
  let count = 1;
  const next = (): NodeProto | undefined => {
    const [output] = at.output;
    const after = nodes[n + count];
    return output !== undefined && uses.get(output) === 1 && after?.input[0] === output ? after : undefined;
  };
  const take = (node: NodeProto, changed: Followers): void => {
    followers = changed;
    at = node;
    count++;
  };
  if (at.opType === 'Conv') {
    const norm = next();
    if (norm?.opType === 'BatchNormalization') {
      try {
        take(norm, { ...followers, ...batchNormAffine(graph, norm) });
      } catch (error) {
        if (!(error instanceof NotSliced)) throw error;
      }
    }
  }
  if (['Conv', 'BatchNormalization', 'InstanceNormalization'].includes(nodes[n]!.opType)) {
    const last = next();
    if (last?.opType === 'Relu') take(last, { ...followers, activation: { activation: { text: 'Relu' } } });
    else if (last?.opType === 'LeakyRelu') {
      const slope = floatOf(last, 'alpha', 0.01);
      const activation = { activation: { text: 'LeakyRelu' }, activation_params: { floats: [slope] } };
      take(last, { ...followers, activation });
    }
  }
  return { followers, output: at.output[0]!, count };
}

function slicedInput(graph: SlicedGraph, name: string, channels: number, size: Size3): SlicedValue {
  const [depth, height, width] = size;
  if (channels === 1) {
    const stack = graph.node('Reshape', [name, graph.ints([1, depth, height, width])], 'stack');
    return { size, parts: [{ layout: 'stack', channels: 1, stack }] };
  }
  const shape = graph.ints([1, channels, height, width]);
  const slices = Array.from({ length: depth }, (_, z) => {
    const bounds = [[z], [z + 1], [2]].map((b) => graph.ints(b));
    return graph.node('Reshape', [graph.node('Slice', [name, ...bounds], 'slice'), shape], 'plain');
  });
  const plain: SlicedPart = { layout: 'plain', channels, slices };
  const value: SlicedValue = { size, parts: [plain] };
  return channels < graph.block ? value : { size, parts: graph.blockedParts(value) };
}

/** Rewritten are the meanings of these versions only. Sub-graphs (If, Loop) could name any value: they stay out. */
export function isKnownSet({ opsetImport, functions, graph }: ModelProto): boolean {
  const version = Number(opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0n);
  const hasSubgraphs = graph?.node.some((node) => node.attribute.some((a) => a.g || a.graphs.length > 0));
  return version >= 11 && version <= 23 && functions.length === 0 && !hasSubgraphs;
}
