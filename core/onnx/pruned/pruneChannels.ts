/**
 * Structured pruning: of each group of channels that can go (prunableChannels.ts) those that weigh least are cut out of the network for
 * good. What is left computes exactly what it computed before. A network that was not trained again afterwards loses by it.
 */
import { LanternError } from '../../errors/lanternError.ts';
import { constantsOf, countReaders } from '../constants.ts';
import type { ModelProto, TensorProto } from '../onnxTypes.ts';
import { floatsOf, tensorFromFloats } from '../tensorValues.ts';
import { modelOutputs } from '../valueShape.ts';
import { type ChannelGroup, prunableChannels } from './prunableChannels.ts';

export interface PrunedNetwork {
  readonly model: ModelProto;
  readonly channelsRemoved: number;
  /** Of all channels that could have been removed. */
  readonly channels: number;
}

/** Channels are kept in multiples of it, where there are that many: the processor's kernels compute whole blocks. */
const BLOCK = 8;

/** @param keep share of the channels that stays, above 0 and below 1. @throws model/nothing-to-prune */
export function pruneChannels(model: ModelProto, keep: number): PrunedNetwork {
  const { graph } = model;
  if (!graph || graph.node.some((node) => node.attribute.some((a) => a.g || a.graphs.length > 0))) throw nothing();
  const { constants, nodes } = constantsOf(graph);
  const outputs = modelOutputs(model).map(({ name }) => name);
  const readers = countReaders(nodes, outputs);
  const groups = prunableChannels({ nodes, constants, readers, graphOutputs: new Set(outputs) });
  const cut = new Map<string, TensorProto>();
  const select = (name: string | undefined, axis: number, kept: readonly number[]): void => {
    const tensor = name ? (cut.get(name) ?? constants.get(name)) : undefined;
    if (name && tensor) cut.set(name, selected(tensor, name, axis, kept));
  };
  let channelsRemoved = 0;
  for (const group of groups) {
    const kept = keptChannels(group, constants, keep);
    if (kept.length === group.channels) continue;
    channelsRemoved += group.channels - kept.length;
    for (const name of group.producer.input.slice(1)) select(name, 0, kept);
    for (const norm of group.norms) for (const name of norm.input.slice(1)) select(name, 0, kept);
    for (const { input } of group.consumers) select(input[1], 1, kept);
  }
  if (channelsRemoved === 0) throw nothing();
  const channels = groups.reduce((sum, group) => sum + group.channels, 0);
  const initializer = [...graph.initializer.filter(({ name }) => !cut.has(name)), ...cut.values()];
  const node = graph.node.filter(({ output }) => !cut.has(output[0] ?? ''));
  const input = graph.input.filter(({ name }) => !cut.has(name));
  // Shapes that were noted inside of the network are those of before.
  return {
    model: { ...model, graph: { ...graph, node, initializer, input, valueInfo: [] } },
    channelsRemoved,
    channels,
  };
}

/**
 * By what a channel adds to those who read it: the size of the weights it meets there, times its own scale, which is that of the last
 * normalisation where there is one (what comes before it is evened out), else the size of the weights that make it.
 */
function keptChannels(
  { producer, norms, consumers, channels }: ChannelGroup,
  constants: ReadonlyMap<string, TensorProto>,
  keep: number,
): number[] {
  const energy = (name: string | undefined, axis: number): Float64Array =>
    energyByChannel(constants.get(name ?? ''), axis, channels);
  const own = energy(norms.at(-1)?.input[1] ?? producer.input[1], 0);
  const read = new Float64Array(channels);
  for (const { input } of consumers) for (const [c, e] of energy(input[1], 1).entries()) read[c]! += e;
  const block = channels >= 2 * BLOCK ? BLOCK : 1;
  const count = Math.min(channels, Math.ceil(Math.max(1, keep * channels) / block) * block);
  const byWeight = Array.from({ length: channels }, (_, c) => c).sort(
    (a, b) => own[b]! * read[b]! - own[a]! * read[a]! || a - b,
  );
  return byWeight.slice(0, count).sort((a, b) => a - b);
}

function energyByChannel(tensor: TensorProto | undefined, axis: number, channels: number): Float64Array {
  const sums = new Float64Array(channels);
  if (!tensor) return sums;
  const inner = innerOf(tensor.dims.map(Number), axis);
  for (const [n, value] of floatsOf(tensor).entries()) sums[Math.floor(n / inner) % channels]! += value * value;
  return sums;
}

function selected(tensor: TensorProto, name: string, axis: number, kept: readonly number[]): TensorProto {
  const dims = tensor.dims.map(Number);
  const inner = innerOf(dims, axis);
  const whole = (dims[axis] ?? 1) * inner;
  const values = floatsOf(tensor);
  const outer = values.length / whole;
  const left = new Float32Array(outer * kept.length * inner);
  let at = 0;
  for (let o = 0; o < outer; o++) {
    for (const c of kept) {
      left.set(values.subarray(o * whole + c * inner, o * whole + (c + 1) * inner), at);
      at += inner;
    }
  }
  return tensorFromFloats(name, Object.assign([...dims], { [axis]: kept.length }), left);
}

function innerOf(dims: readonly number[], axis: number): number {
  return dims.slice(axis + 1).reduce((product, d) => product * d, 1);
}

function nothing(): LanternError {
  return new LanternError(
    'model/nothing-to-prune',
    'This network has no channels between two convolutions that could be removed to that share.',
    'Use the model as it is, or keep fewer channels.',
  );
}
