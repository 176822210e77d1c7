/**
 * Reads a 3D network as layers (layer.ts): convolutions take in the batch norm and the activation behind them. A network is read as a
 * whole or not at all; what can be done where only its end is unknown: planHead.ts.
 */
import { constantsOf, countReaders } from '../constants.ts';
import { FLOAT, type ModelProto, type NodeProto } from '../onnxTypes.ts';
import { convolutionGeometry, triple } from '../sliced/convolutionGeometry.ts';
import { isByChannel } from '../sliced/elementwise.ts';
import { KnownTensors } from '../sliced/KnownTensors.ts';
import { floatOf, intOf, intsOf, textOf } from '../sliced/nodeAttributes.ts';
import { batchNormAffine } from '../sliced/normalisation.ts';
import { NotSliced, type Size3 } from '../sliced/slicedValue.ts';
import { isKnownSet } from '../sliced/sliceNetwork.ts';
import { stepOf } from '../sliced/transposedConvolution.ts';
import { modelInputs, modelOutputs } from '../valueShape.ts';
import { TILE, TILE_POINTS } from './filterPoints.ts';
import {
  type Activation,
  type BlockedValue,
  type Kernel,
  type Layer,
  type LayerPlan,
  NO_ACTIVATION,
  voxelsOf,
} from './layer.ts';

const ACTIVATIONS = ['Relu', 'LeakyRelu', 'Elu', 'PRelu', 'Clip'];
/** What layers are made of; whether a node's attributes are known too is seen when it is read. */
export const LAYER_OPERATORS: ReadonlySet<string> = new Set([
  ...['Conv', 'ConvTranspose', 'BatchNormalization', 'InstanceNormalization', 'MaxPool', 'AveragePool'],
  ...['Concat', 'Add', 'Sub', 'Mul', 'Identity', 'Dropout', 'Cast', ...ACTIVATIONS],
]);

/**
 * @param size of the network's one input, (D, H, W)
 * @returns null for a network of another shape, of several inputs or outputs, or with an operator that is not known here
 */
export function planLayers(model: ModelProto, size: Size3): LayerPlan | null {
  const [image, ...otherInputs] = modelInputs(model);
  const [scores, ...otherOutputs] = modelOutputs(model);
  const channels = image?.dims?.[1];
  if (!model.graph || !image || !scores || otherInputs.length > 0 || otherOutputs.length > 0) return null;
  if (image.dims?.length !== 5 || typeof channels !== 'bigint' || channels > 64n) return null;
  if (image.elementType !== FLOAT || !isKnownSet(model)) return null;
  try {
    const reader = new LayerReader(model, scores.name);
    const input = reader.begin(image.name, Number(channels), size);
    const output = reader.read(scores.name);
    const isConvolution = reader.layers.some(({ kind }) => kind === 'convolve3' || kind === 'convolve');
    return isConvolution ? { layers: reader.layers, input, output } : null;
  } catch (error) {
    if (error instanceof NotSliced) return null;
    throw error;
  }
}

class LayerReader {
  readonly layers: Layer[] = [];
  readonly #tensors: KnownTensors;
  readonly #nodes: readonly NodeProto[];
  readonly #readers: ReadonlyMap<string, number>;
  readonly #values = new Map<string, BlockedValue>();
  #at = 0;

  constructor({ graph }: ModelProto, output: string) {
    const { constants, nodes } = constantsOf(graph!);
    this.#tensors = new KnownTensors(constants);
    this.#nodes = nodes;
    this.#readers = countReaders(nodes, [output]);
  }

  begin(name: string, channels: number, size: Size3): BlockedValue {
    return this.#keep(name, { channels, size });
  }

  /** @throws NotSliced */
  read(output: string): BlockedValue {
    while (this.#at < this.#nodes.length) {
      const node = this.#nodes[this.#at++]!;
      if (node.domain !== '' && node.domain !== 'ai.onnx') throw new NotSliced(node.opType);
      this.#readNode(node);
    }
    return this.#value(output);
  }

  #value(name: string | undefined): BlockedValue {
    const value = name === undefined ? undefined : this.#values.get(name);
    if (!value) throw new NotSliced(`${name} is no blocked value`);
    return value;
  }

  #readNode(node: NodeProto): void {
    switch (node.opType) {
      case 'Conv':
        this.#convolution(node);
        break;
      case 'ConvTranspose':
        this.#spread(node);
        break;
      case 'BatchNormalization':
        this.#scale(node, batchNormAffine(this.#tensors, node));
        break;
      case 'InstanceNormalization':
        this.#instanceNorm(node);
        break;
      case 'MaxPool':
      case 'AveragePool':
        this.#pool(node);
        break;
      case 'Concat':
        this.#concatenation(node);
        break;
      case 'Add':
      case 'Sub':
      case 'Mul':
        this.#arithmetic(node);
        break;
      case 'Identity':
      case 'Dropout':
      case 'Cast':
        this.#same(node);
        break;
      default: {
        const activation = this.#activationOf(node);
        if (!activation) throw new NotSliced(node.opType);
        const input = this.#value(node.input[0]);
        const output = this.#keep(node.output[0]!, input);
        this.layers.push({ kind: 'scale', input, output, ...unit(input.channels), activation });
      }
    }
  }

  #convolution(node: NodeProto): void {
    const input = this.#value(node.input[0]);
    const { dims, values } = this.#tensors.constantFloats(node.input[1]);
    const { kernel, strides, dilations, before, output } = convolutionGeometry(node, input.size, dims);
    const [outputs, inputs] = [dims[0]!, dims[1]!];
    if (intOf(node, 'group', 1) !== 1 || inputs !== input.channels) throw new NotSliced('grouped convolution');
    const { scale, shift, activation, name } = this.#followers(node);
    const filter: Kernel = {
      outputs,
      inputs,
      values: scale ? scaled(values, scale) : values,
      bias: this.#bias(node.input[2], outputs, scale, shift),
    };
    // A pointwise kernel reads its input where it lies, without padding.
    if (kernel.every((k) => k === 1) && input.size.some((n, a) => strides[a] === 1 && output[a] !== n))
      throw new NotSliced('a padded pointwise convolution');
    const target = this.#keep(name, { channels: outputs, size: output });
    const [d] = dilations;
    const isPlain =
      kernel.every((k) => k === 3) &&
      strides.every((s) => s === 1) &&
      dilations.every((n) => n === d) &&
      before.every((n) => n === d) &&
      output.every((n, a) => n === input.size[a]);
    if (isPlain && tileWork(input.size, d) < voxelsOf(input) * 27)
      this.layers.push({ kind: 'convolve3', input, output: target, kernel: filter, dilation: d, activation });
    else
      this.layers.push({
        ...{ kind: 'convolve', input, output: target, kernel: filter, taps: kernel },
        ...{ strides, dilations, before, activation },
      });
  }

  #spread(node: NodeProto): void {
    const input = this.#value(node.input[0]);
    const { dims, values } = this.#tensors.constantFloats(node.input[1]);
    if (dims[0] !== input.channels) throw new NotSliced('channels do not fit');
    const step = stepOf(node, dims);
    const outputs = dims[1]!;
    const { activation, name } = this.#activated(node);
    const bias = this.#bias(node.input[2], outputs, null, null);
    const size = triple(input.size.map((n, a) => n * step[a]!));
    const output = this.#keep(name, { channels: outputs, size });
    const filter = { outputs, inputs: input.channels, values, bias };
    this.layers.push({ kind: 'spread', input, output, kernel: filter, step, activation });
  }

  #pool(node: NodeProto): void {
    const input = this.#value(node.input[0]);
    const step = triple(intsOf(node, 'strides', [1, 1, 1]));
    if (
      intOf(node, 'ceil_mode', 0) !== 0 ||
      textOf(node, 'auto_pad', 'NOTSET') !== 'NOTSET' ||
      intsOf(node, 'dilations', [1, 1, 1]).some((d) => d !== 1) ||
      intsOf(node, 'pads', []).some((p) => p !== 0) ||
      intsOf(node, 'kernel_shape', []).some((k, a) => k !== step[a]) ||
      node.output.filter((o) => o !== '').length > 1
    )
      throw new NotSliced('pooling that overlaps or is padded');
    const size = triple(input.size.map((n, a) => Math.floor(n / step[a]!)));
    if (size.some((n) => n < 1)) throw new NotSliced('nothing is left');
    const { activation, name } = this.#activated(node, false);
    const output = this.#keep(name, { channels: input.channels, size });
    this.layers.push({ kind: 'pool', input, output, isMaximum: node.opType === 'MaxPool', step, activation });
  }

  #instanceNorm(node: NodeProto): void {
    const input = this.#value(node.input[0]);
    const gamma = this.#tensors.constantFloats(node.input[1]).values;
    const beta = this.#tensors.constantFloats(node.input[2]).values;
    if (gamma.length !== input.channels || beta.length !== input.channels) throw new NotSliced('channels do not fit');
    const epsilon = floatOf(node, 'epsilon', 1e-5);
    // Channels that only fill up have no variance.
    if (!(epsilon > 0)) throw new NotSliced('instance norm without epsilon');
    const { activation, name } = this.#activated(node);
    const output = this.#keep(name, input);
    this.layers.push({
      ...{ kind: 'instanceNorm', input, output, gamma, beta, activation },
      epsilon,
    });
  }

  #scale(node: NodeProto, { scale, shift }: { scale: Float32Array; shift: Float32Array }, from = node.input[0]): void {
    const input = this.#value(from);
    if (scale.length !== input.channels) throw new NotSliced('channels do not fit');
    const { activation, name } = this.#activated(node);
    this.layers.push({ kind: 'scale', input, output: this.#keep(name, input), scale, shift, activation });
  }

  #arithmetic(node: NodeProto): void {
    const [a, b] = node.input;
    if (a === undefined || b === undefined) throw new NotSliced('not two inputs');
    const known = [a, b].find((name) => this.#tensors.isConstant(name));
    if (known === undefined) {
      const [input, other] = [this.#value(a), this.#value(b)];
      const fits = input.channels === other.channels && input.size.every((n, axis) => n === other.size[axis]);
      if (node.opType !== 'Add' || !fits) throw new NotSliced(`${node.opType} of two values`);
      const { activation, name } = this.#activated(node);
      this.layers.push({ kind: 'add', input, other, output: this.#keep(name, input), activation });
      return;
    }
    const from = known === a ? b : a;
    const { channels } = this.#value(from);
    const { dims, values } = this.#tensors.constantFloats(known);
    if (values.length !== 1 && !isByChannel(dims, channels)) throw new NotSliced('a constant of another shape');
    const number = Float32Array.from({ length: channels }, (_, c) => values[values.length === 1 ? 0 : c]!);
    const one = new Float32Array(channels).fill(1);
    const zero = new Float32Array(channels);
    if (node.opType === 'Mul') this.#scale(node, { scale: number, shift: zero }, from);
    else if (node.opType === 'Add') this.#scale(node, { scale: one, shift: number }, from);
    else if (known === b) this.#scale(node, { scale: one, shift: number.map((v) => -v) }, from);
    else this.#scale(node, { scale: one.map((v) => -v), shift: number }, from);
  }

  #concatenation(node: NodeProto): void {
    const parts = node.input.map((name) => this.#value(name));
    const [first] = parts;
    if (!first || intOf(node, 'axis', 1) !== 1) throw new NotSliced('not along the channels');
    if (parts.some(({ size }) => size.some((n, a) => n !== first.size[a]))) throw new NotSliced('sizes differ');
    const channels = parts.reduce((sum, part) => sum + part.channels, 0);
    const output = this.#keep(node.output[0]!, { channels, size: first.size });
    this.layers.push({ kind: 'concatenation', parts, output });
  }

  /** @throws NotSliced where it makes something else of its input */
  #same(node: NodeProto): void {
    const isFloat = node.opType !== 'Cast' || intOf(node, 'to', 0) === FLOAT;
    const trains = node.opType === 'Dropout' && (node.input[2] ?? '') !== '';
    if (!isFloat || trains || node.output.filter((o) => o !== '').length > 1) throw new NotSliced(node.opType);
    this.#values.set(node.output[0]!, this.#value(node.input[0]));
  }

  /** A value of its own, also where it is as another one. */
  #keep(name: string, { channels, size }: BlockedValue): BlockedValue {
    const value = { channels, size };
    this.#values.set(name, value);
    return value;
  }

  #bias(
    name: string | undefined,
    outputs: number,
    scale: Float32Array | null,
    shift: Float32Array | null,
  ): Float32Array {
    const given = name ? this.#tensors.constantFloats(name).values : new Float32Array(outputs);
    return given.map((b, o) => b * (scale?.[o] ?? 1) + (shift?.[o] ?? 0));
  }

  /** Batch norm and activation right behind a convolution, when nothing else reads what lies between. */
  #followers(node: NodeProto): {
    scale: Float32Array | null;
    shift: Float32Array | null;
    activation: Activation;
    name: string;
  } {
    const next = this.#next(node.output[0]!);
    if (next?.opType !== 'BatchNormalization') return { scale: null, shift: null, ...this.#activated(node) };
    this.#at++;
    return { ...batchNormAffine(this.#tensors, next), ...this.#activated(next) };
  }

  /** @returns the activation that follows, and the name of what it gives */
  #activated(node: NodeProto, canFollow = true): { activation: Activation; name: string } {
    const name = node.output[0]!;
    const next = canFollow ? this.#next(name) : undefined;
    const activation = next ? this.#activationOf(next) : null;
    if (!next || !activation) return { activation: NO_ACTIVATION, name };
    this.#at++;
    return { activation, name: next.output[0]! };
  }

  #next(output: string): NodeProto | undefined {
    const next = this.#nodes[this.#at];
    const isOwn = next?.domain === '' || next?.domain === 'ai.onnx';
    return isOwn && this.#readers.get(output) === 1 && next.input[0] === output ? next : undefined;
  }

  #activationOf(node: NodeProto): Activation | null {
    switch (node.opType) {
      case 'Relu':
        return { kind: 'relu', a: 0, b: 0 };
      case 'LeakyRelu':
        return { kind: 'leakyRelu', a: floatOf(node, 'alpha', 0.01), b: 0 };
      case 'Elu':
        return { kind: 'elu', a: floatOf(node, 'alpha', 1), b: 0 };
      case 'PRelu': {
        const { values } = this.#tensors.constantFloats(node.input[1]);
        return values.length === 1 ? { kind: 'leakyRelu', a: values[0]!, b: 0 } : null;
      }
      case 'Clip': {
        const bound = (name: string | undefined, open: number): number =>
          name ? this.#tensors.constantFloats(name).values[0]! : open;
        return { kind: 'clip', a: bound(node.input[1], -Infinity), b: bound(node.input[2], Infinity) };
      }
      default:
        return null;
    }
  }
}

function unit(channels: number): { scale: Float32Array; shift: Float32Array } {
  return { scale: new Float32Array(channels).fill(1), shift: new Float32Array(channels) };
}

function scaled(values: Float32Array, scale: Float32Array): Float32Array {
  const each = values.length / scale.length;
  return values.map((v, n) => v * scale[Math.floor(n / each)]!);
}

/** Products for the tiles, the voxels counted in that hang over the edge; a transform costs about as much again. */
function tileWork(size: Size3, dilation: number): number {
  const tiles = size.reduce((count, n) => count * dilation * Math.ceil(Math.ceil(n / dilation) / TILE), 1);
  return tiles * TILE_POINTS * 2;
}
