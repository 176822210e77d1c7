/**
 * What a tfjs "layers-model" (model.json) describes, as a chain of typed layers: the networks of brainchop's kind. tfjs stores arrays
 * [x, y, z, channel]; nothing is turned here. Anything that this program could not convert exactly is refused by name.
 * Next: tfjsWeights.ts, tfjsToOnnx.ts.
 */
import { LanternError } from '../errors/lanternError.ts';

export type Activation = 'linear' | 'relu' | 'elu' | 'selu' | 'gelu' | 'gelu_new' | 'sigmoid' | 'tanh' | 'softmax';

export interface ConvolutionLayer {
  readonly kind: 'convolution';
  readonly name: string;
  readonly filters: number;
  /** Along x, y, z. */
  readonly kernel: readonly [number, number, number];
  readonly dilation: readonly [number, number, number];
  readonly hasBias: boolean;
  readonly activation: Activation;
  /**
   * Each channel is normalised by its own mean and deviation over the volume after the convolution, ε = 1e-5, without weights.
   * brainchop's exporter says so by the layer's name alone: it ends in "_gn".
   */
  readonly normalises: boolean;
}

export interface BatchNormLayer {
  readonly kind: 'batch-norm';
  readonly name: string;
  readonly epsilon: number;
}

export interface ActivationLayer {
  readonly kind: 'activation';
  readonly name: string;
  readonly activation: Activation;
}

export type TfjsLayer = ConvolutionLayer | BatchNormLayer | ActivationLayer;

export interface WeightEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization: { readonly dtype: string; readonly scale: number; readonly min: number } | null;
}

export interface WeightGroup {
  /** Names of files, in the order in which their bytes follow one another. */
  readonly paths: readonly string[];
  readonly weights: readonly WeightEntry[];
}

export interface TfjsNetwork {
  /** Of the input [x, y, z]; null = any. */
  readonly grid: readonly [number, number, number] | null;
  readonly inputChannels: number;
  readonly layers: readonly TfjsLayer[];
  readonly groups: readonly WeightGroup[];
  /** What the makers wrote into the file. */
  readonly comment: string;
}

/** Layers that do nothing when a network is used. */
const TRAINING_ONLY = new Set([
  'Dropout',
  'SpatialDropout3D',
  'GaussianNoise',
  'GaussianDropout',
  'ActivityRegularization',
]);

const ACTIVATIONS = ['linear', 'relu', 'elu', 'selu', 'gelu', 'gelu_new', 'sigmoid', 'tanh', 'softmax'];

type Json = Readonly<Record<string, unknown>>;

/** @throws model/not-tfjs, model/unsupported-layer */
export function readTfjsNetwork(json: unknown): TfjsNetwork {
  const file = object(json, 'the file');
  const topology = object(file['modelTopology'], 'modelTopology');
  const config = object(object(topology['model_config'] ?? topology, 'model_config')['config'], 'config');
  const entries = list(config['layers'], 'layers').map((entry, n) => object(entry, `layer ${n}`));
  const [first, ...rest] = entries;
  if (first?.['class_name'] !== 'InputLayer') throw notTfjs('it does not begin with an input layer');
  const shape = list(object(first['config'], 'the input layer')['batch_input_shape'], 'batch_input_shape');
  if (shape.length !== 5) throw unsupported('its input is not a volume [x, y, z] with channels');
  const sizes = shape.slice(1, 4);
  const layers: TfjsLayer[] = [];
  for (const [n, entry] of rest.entries()) {
    followsOn(entry, entries[n] ?? {});
    const layer = readLayer(String(entry['class_name']), object(entry['config'], 'a layer'));
    if (layer) layers.push(layer);
  }
  if (!layers.some((l) => l.kind === 'convolution')) throw notTfjs('it holds no convolution');
  return {
    grid: sizes.every(isCount) ? (sizes as unknown as [number, number, number]) : null,
    inputChannels: count(shape[4], 'the input’s channels'),
    layers,
    groups: list(file['weightsManifest'], 'weightsManifest').map(readGroup),
    comment: typeof file['_comment'] === 'string' ? file['_comment'].trim() : '',
  };
}

/** Keras names for each layer those that feed it; only chains are converted. */
function followsOn(layer: Json, before: Json): void {
  const inbound = layer['inbound_nodes'];
  if (inbound === undefined) return;
  const sources = list(inbound, 'inbound_nodes').flatMap((node) => list(node, 'inbound_nodes'));
  const [source] = sources;
  if (sources.length !== 1 || !Array.isArray(source) || source[0] !== before['name']) {
    throw unsupported(`its layer “${String(layer['name'])}” does not simply follow the one before it`);
  }
}

function readLayer(kind: string, config: Json): TfjsLayer | null {
  const name = String(config['name']);
  if (TRAINING_ONLY.has(kind)) return null;
  switch (kind) {
    case 'Conv3D':
      return readConvolution(name, config);
    case 'Activation':
      return { kind: 'activation', name, activation: activation(config['activation']) };
    case 'ReLU':
    case 'ELU':
    case 'Softmax':
      return { kind: 'activation', name, activation: plainActivation(kind, config) };
    case 'BatchNormalization':
      return { kind: 'batch-norm', name, epsilon: Number(config['epsilon'] ?? 0.001) };
    default:
      throw unsupported(`its layer “${name}” is of the kind “${kind}”`);
  }
}

function readConvolution(name: string, config: Json): ConvolutionLayer {
  const strides = triple(config['strides'] ?? [1, 1, 1], name);
  const kernel = triple(config['kernel_size'], name);
  const padding = config['padding'];
  if (strides.some((s) => s !== 1)) throw unsupported(`its layer “${name}” skips voxels`);
  if (padding !== 'same' && kernel.some((k) => k > 1)) throw unsupported(`its layer “${name}” does not pad its edges`);
  if (kernel.some((k) => k % 2 === 0)) throw unsupported(`its layer “${name}” has an even kernel`);
  if ((config['data_format'] ?? 'channels_last') !== 'channels_last')
    throw unsupported(`“${name}” keeps channels first`);
  if ((config['groups'] ?? 1) !== 1) throw unsupported(`its layer “${name}” works in groups`);
  return {
    kind: 'convolution',
    name,
    filters: count(config['filters'], name),
    kernel,
    dilation: triple(config['dilation_rate'] ?? [1, 1, 1], name),
    hasBias: config['use_bias'] !== false,
    activation: activation(config['activation'] ?? 'linear'),
    normalises: name.endsWith('_gn'),
  };
}

function activation(value: unknown): Activation {
  if (typeof value === 'string' && ACTIVATIONS.includes(value)) return value as Activation;
  throw unsupported(`it uses the activation “${String(value)}”`);
}

function plainActivation(kind: 'ReLU' | 'ELU' | 'Softmax', config: Json): Activation {
  const plain =
    kind === 'ReLU'
      ? config['max_value'] == null && !config['negative_slope'] && !config['threshold']
      : kind === 'ELU'
        ? (config['alpha'] ?? 1) === 1
        : (config['axis'] ?? -1) === -1;
  if (!plain) throw unsupported(`it uses a ${kind} with settings of its own`);
  return kind.toLowerCase() as Activation;
}

function readGroup(value: unknown): WeightGroup {
  const group = object(value, 'a group of weights');
  return {
    paths: list(group['paths'], 'paths').map(String),
    weights: list(group['weights'], 'weights').map((entry) => {
      const weight = object(entry, 'a weight');
      const quantization = weight['quantization'];
      return {
        name: String(weight['name']),
        shape: list(weight['shape'], 'shape').map((n) => count(n, 'a weight’s shape')),
        dtype: String(weight['dtype']),
        quantization: quantization === undefined ? null : readQuantization(object(quantization, 'quantization')),
      };
    }),
  };
}

function readQuantization(value: Json): WeightEntry['quantization'] {
  return { dtype: String(value['dtype']), scale: Number(value['scale'] ?? 1), min: Number(value['min'] ?? 0) };
}

function object(value: unknown, what: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw notTfjs(`${what} is missing`);
  return value as Json;
}

function list(value: unknown, what: string): unknown[] {
  if (!Array.isArray(value)) throw notTfjs(`${what} is missing`);
  return value;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 65_536;
}

function count(value: unknown, what: string): number {
  if (!isCount(value)) throw notTfjs(`${what}: ${String(value)} is no size`);
  return value;
}

function triple(value: unknown, name: string): [number, number, number] {
  const all = typeof value === 'number' ? [value, value, value] : list(value, name);
  if (all.length !== 3) throw unsupported(`its layer “${name}” is not three-dimensional`);
  return [count(all[0], name), count(all[1], name), count(all[2], name)];
}

function notTfjs(why: string): LanternError {
  return new LanternError(
    'model/not-tfjs',
    `The folder’s model.json is not a tfjs network that can be read: ${why}.`,
    'Give the folder of a tfjs layers model: model.json, its weight files, labels.json.',
  );
}

function unsupported(why: string): LanternError {
  return new LanternError(
    'model/unsupported-layer',
    `This tfjs network cannot be converted exactly: ${why}.`,
    'Ask the model’s maker for an ONNX export.',
  );
}
