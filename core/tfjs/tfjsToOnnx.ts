/**
 * A tfjs network as ONNX. tfjs indexes arrays [x, y, z]; the program's tensors are [1, channel, k, j, i] with i = x fastest, so every
 * kernel's spatial axes are reversed here and the volume is fed as it lies in memory. Batch normalisation goes into the convolution
 * before it: one pass over the volume less, and the same numbers. Next: core/onnx/buildModel.ts.
 */
import { LanternError } from '../errors/lanternError.ts';
import { type AttributeValue, ModelBuilder } from '../onnx/buildModel.ts';
import type { ModelProto } from '../onnx/onnxTypes.ts';
import type { Activation, ConvolutionLayer, TfjsLayer, TfjsNetwork } from './tfjsNetwork.ts';
import type { TfjsWeight } from './tfjsWeights.ts';

/** The first with an operator for GELU. */
const OPSET = 20;
const INSTANCE_EPSILON = 1e-5;

const OPERATORS: Readonly<
  Record<Exclude<Activation, 'linear'>, readonly [string, Readonly<Record<string, AttributeValue>>]>
> = {
  relu: ['Relu', {}],
  elu: ['Elu', {}],
  selu: ['Selu', {}],
  gelu: ['Gelu', {}],
  gelu_new: ['Gelu', { approximate: { text: 'tanh' } }],
  sigmoid: ['Sigmoid', {}],
  tanh: ['Tanh', {}],
  softmax: ['Softmax', { axis: { int: 1 } }],
};

type Weights = ReadonlyMap<string, TfjsWeight>;

/** A convolution with its numbers, ready to be written. */
interface Kernel {
  /** [out, in, z, y, x] */
  readonly dims: readonly number[];
  readonly values: Float32Array;
  readonly bias: Float32Array | null;
}

/**
 * @param producerVersion of this program
 * @throws model/damaged-weights
 */
export function tfjsToOnnx(network: TfjsNetwork, weights: Weights, producerVersion: string): ModelProto {
  const builder = new ModelBuilder();
  const classes = classCount(network);
  const steps = fused(network.layers, weights, network.inputChannels);
  let from = 'image';
  for (const [n, step] of steps.entries()) {
    const write = (
      operator: string,
      inputs: string[],
      name: string,
      attributes: Record<string, AttributeValue> = {},
    ) => {
      from = builder.node(operator, [from, ...inputs], [name], attributes);
    };
    if (step.kind === 'activation') {
      if (step.activation !== 'linear') writeActivation(write, step.activation, `${n}`);
      continue;
    }
    const { layer, kernel } = step;
    const inputs = [builder.floats(`${n}.weight`, kernel.dims, kernel.values)];
    if (kernel.bias) inputs.push(builder.floats(`${n}.bias`, [layer.filters], kernel.bias));
    write('Conv', inputs, `${n}.convolved`, convolutionAttributes(layer));
    if (layer.normalises) {
      const scale = builder.floats(`${n}.one`, [layer.filters], new Float32Array(layer.filters).fill(1));
      const shift = builder.floats(`${n}.zero`, [layer.filters], new Float32Array(layer.filters));
      write('InstanceNormalization', [scale, shift], `${n}.normalised`, { epsilon: { float: INSTANCE_EPSILON } });
    }
    if (layer.activation !== 'linear') writeActivation(write, layer.activation, `${n}`);
  }
  builder.node('Identity', [from], ['scores']);
  return builder.build(
    [{ name: 'image', dims: [1, network.inputChannels, 'k', 'j', 'i'] }],
    [{ name: 'scores', dims: [1, classes, 'k', 'j', 'i'] }],
    { producer: 'lantern', producerVersion, opset: OPSET, graphName: 'converted from tfjs' },
  );
}

/** Channels of the network's output. */
export function classCount({ layers }: Pick<TfjsNetwork, 'layers'>): number {
  const last = layers.findLast((l) => l.kind === 'convolution');
  return last?.kind === 'convolution' ? last.filters : 0;
}

/**
 * Bytes that a runtime needs for one pass over a volume: two layers of the widest kind at once (three where one is normalised
 * between them), the scores, the program itself. Measured on four of the networks, it is within 10 %.
 */
export function estimatePeakBytes({ layers }: Pick<TfjsNetwork, 'layers'>, voxels: number): number {
  const inner = layers.flatMap((l) => (l.kind === 'convolution' ? [l] : [])).slice(0, -1);
  const widest = Math.max(0, ...inner.map((l) => l.filters));
  const held = inner.some((l) => l.normalises) ? 3 : 2;
  return 4 * voxels * (held * widest + classCount({ layers })) + 300e6;
}

type Step =
  | { readonly kind: 'activation'; readonly activation: Activation }
  | { readonly kind: 'convolution'; readonly layer: ConvolutionLayer; readonly kernel: Kernel };

function fused(layers: readonly TfjsLayer[], weights: Weights, inputChannels: number): Step[] {
  const steps: Step[] = [];
  let channels = inputChannels;
  for (const layer of layers) {
    const before = steps.at(-1);
    if (layer.kind === 'activation') {
      steps.push(layer);
    } else if (layer.kind === 'convolution') {
      steps.push({ kind: 'convolution', layer, kernel: readKernel(layer, weights, channels) });
      channels = layer.filters;
    } else {
      const { scale, shift } = batchNormFactors(layer.name, layer.epsilon, channels, weights);
      const fits = before?.kind === 'convolution' && before.layer.activation === 'linear' && !before.layer.normalises;
      if (fits) steps[steps.length - 1] = { ...before, kernel: scaledKernel(before.kernel, scale, shift) };
      else steps.push({ kind: 'convolution', layer: pointwise(layer.name, channels), kernel: diagonal(scale, shift) });
    }
  }
  return steps;
}

/** tfjs [x, y, z, in, out] → ONNX [out, in, z, y, x]. */
function readKernel({ name, kernel, filters, hasBias }: ConvolutionLayer, weights: Weights, channels: number): Kernel {
  const [kx, ky, kz] = kernel;
  const stored = expected(weights, `${name}/kernel`, [kx, ky, kz, channels, filters]);
  const values = new Float32Array(stored.length);
  let at = 0;
  for (let o = 0; o < filters; o++)
    for (let c = 0; c < channels; c++)
      for (let z = 0; z < kz; z++)
        for (let y = 0; y < ky; y++)
          for (let x = 0; x < kx; x++) values[at++] = stored[(((x * ky + y) * kz + z) * channels + c) * filters + o]!;
  const bias = hasBias ? expected(weights, `${name}/bias`, [filters]) : null;
  return { dims: [filters, channels, kz, ky, kx], values, bias };
}

function scaledKernel({ dims, values, bias }: Kernel, scale: Float32Array, shift: Float32Array): Kernel {
  const per = values.length / scale.length;
  return {
    dims,
    values: values.map((v, n) => v * scale[Math.floor(n / per)]!),
    bias: shift.map((s, o) => (bias?.[o] ?? 0) * scale[o]! + s),
  };
}

/** (x − mean) · γ / √(variance + ε) + β as x · scale + shift. */
function batchNormFactors(name: string, epsilon: number, channels: number, weights: Weights) {
  const optional = (part: string, value: number): Float32Array =>
    weights.has(`${name}/${part}`)
      ? expected(weights, `${name}/${part}`, [channels])
      : new Float32Array(channels).fill(value);
  const mean = expected(weights, `${name}/moving_mean`, [channels]);
  const variance = expected(weights, `${name}/moving_variance`, [channels]);
  const gamma = optional('gamma', 1);
  const beta = optional('beta', 0);
  const scale = gamma.map((g, c) => g / Math.sqrt(variance[c]! + epsilon));
  return { scale, shift: beta.map((b, c) => b - mean[c]! * scale[c]!) };
}

function pointwise(name: string, filters: number): ConvolutionLayer {
  const one = [1, 1, 1] as const;
  return {
    kind: 'convolution',
    name,
    filters,
    kernel: one,
    dilation: one,
    hasBias: true,
    activation: 'linear',
    normalises: false,
  };
}

function diagonal(scale: Float32Array, shift: Float32Array): Kernel {
  const channels = scale.length;
  const values = new Float32Array(channels * channels);
  for (const [c, s] of scale.entries()) values[c * channels + c] = s;
  return { dims: [channels, channels, 1, 1, 1], values, bias: shift };
}

function convolutionAttributes({ kernel, dilation }: ConvolutionLayer): Record<string, AttributeValue> {
  const [kx, ky, kz] = kernel;
  const [dx, dy, dz] = dilation;
  const half = [dz * ((kz - 1) / 2), dy * ((ky - 1) / 2), dx * ((kx - 1) / 2)];
  return {
    kernel_shape: { ints: [kz, ky, kx] },
    dilations: { ints: [dz, dy, dx] },
    pads: { ints: [...half, ...half] },
    strides: { ints: [1, 1, 1] },
  };
}

function writeActivation(
  write: (operator: string, inputs: string[], name: string, attributes: Record<string, AttributeValue>) => void,
  activation: Exclude<Activation, 'linear'>,
  name: string,
): void {
  const [operator, attributes] = OPERATORS[activation];
  write(operator, [], `${name}.activated`, attributes);
}

function expected(weights: Weights, name: string, shape: readonly number[]): Float32Array {
  const found = weights.get(name);
  if (found?.shape.join() === shape.join()) return found.values;
  throw new LanternError(
    'model/damaged-weights',
    found
      ? `The network’s weight “${name}” has the shape ${found.shape.join(' × ')}; its layer needs ${shape.join(' × ')}.`
      : `The network’s weight “${name}” is missing.`,
    'Copy the folder again, with all of its files.',
  );
}
