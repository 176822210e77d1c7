/**
 * Channels between convolutions that nothing else sees: they leave one convolution, pass operators that keep channels apart (normalisation,
 * activation, pooling) and end in other convolutions, as in the middle of a residual block. They can be removed without touching any sum,
 * concatenation or output. Next: pruneChannels.ts
 */
import { FLOAT, type NodeProto, type TensorProto } from '../onnxTypes.ts';

export interface ChannelGroup {
  readonly producer: NodeProto;
  /** Normalisations on the way, with a number for each channel in each of their constants. */
  readonly norms: readonly NodeProto[];
  readonly consumers: readonly NodeProto[];
  readonly channels: number;
}

export interface ChannelGraph {
  readonly nodes: readonly NodeProto[];
  readonly constants: ReadonlyMap<string, TensorProto>;
  /** How often each value is read. */
  readonly readers: ReadonlyMap<string, number>;
  readonly graphOutputs: ReadonlySet<string>;
}

/** They treat each channel alike and by itself. */
const CHANNEL_BY_CHANNEL = new Set([
  'Relu',
  'LeakyRelu',
  'Elu',
  'Selu',
  'Sigmoid',
  'Tanh',
  'HardSwish',
  'MaxPool',
  'AveragePool',
  'Dropout',
  'Identity',
]);
const NORMS = new Set(['InstanceNormalization', 'BatchNormalization']);

export function prunableChannels(graph: ChannelGraph): ChannelGroup[] {
  return graph.nodes.flatMap((producer) => {
    if (!isConvolution(producer, graph)) return [];
    const channels = Number(graph.constants.get(producer.input[1] ?? '')?.dims[0] ?? 0n);
    const found = follow(producer, graph);
    return found ? [{ producer, channels, ...found }] : [];
  });
}

/** @returns null where anything else reads the channels */
function follow(producer: NodeProto, graph: ChannelGraph): { norms: NodeProto[]; consumers: NodeProto[] } | null {
  const norms: NodeProto[] = [];
  const consumers: NodeProto[] = [];
  const open = [producer.output[0] ?? ''];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (graph.graphOutputs.has(value)) return null;
    for (const node of graph.nodes.filter(({ input }) => input.includes(value))) {
      const readsElsewhere = node.input.slice(1).includes(value);
      if (readsElsewhere || node.output.length !== 1) return null;
      if (isConvolution(node, graph)) {
        consumers.push(node);
        continue;
      }
      const isNorm = NORMS.has(node.opType) && node.input.slice(1).every((name) => isOwnConstant(name, graph));
      if (!isNorm && !(CHANNEL_BY_CHANNEL.has(node.opType) && node.input.length === 1)) return null;
      if (isNorm) norms.push(node);
      open.push(node.output[0] ?? '');
    }
  }
  return consumers.length > 0 ? { norms, consumers } : null;
}

/** With weights of its own, in one group. */
function isConvolution(node: NodeProto, graph: ChannelGraph): boolean {
  const groups = node.attribute.find(({ name }) => name === 'group')?.i ?? 1n;
  return node.opType === 'Conv' && groups === 1n && node.input.slice(1).every((name) => isOwnConstant(name, graph));
}

/** Weights that another node reads too cannot be cut. */
function isOwnConstant(name: string, { constants, readers }: ChannelGraph): boolean {
  return name === '' || (constants.get(name)?.dataType === FLOAT && readers.get(name) === 1);
}
