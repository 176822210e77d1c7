/**
 * A tfjs network computed directly, in tfjs's own axes and in double precision: slow, and right. What a converted network is held
 * against (its golden case), because nothing of the conversion is used here.
 */
import type { Activation, BatchNormLayer, ConvolutionLayer, TfjsNetwork } from './tfjsNetwork.ts';
import type { TfjsWeight } from './tfjsWeights.ts';

/** [channel][x, y, z], z fastest: tfjs's order of axes. */
type Channels = Float64Array[];

/**
 * @param input [x, y, z] with z fastest
 * @returns scores [class][x, y, z], z fastest
 */
export function evaluateTfjs(
  network: TfjsNetwork,
  weights: ReadonlyMap<string, TfjsWeight>,
  input: Float64Array,
  side: number,
): Channels {
  let channels: Channels = [input];
  for (const layer of network.layers) {
    if (layer.kind === 'activation') channels = activate(channels, layer.activation);
    else if (layer.kind === 'batch-norm') channels = batchNorm(channels, layer, weights);
    else channels = activate(convolve(channels, layer, weights, side), layer.activation);
  }
  return channels;
}

function convolve(
  input: Channels,
  layer: ConvolutionLayer,
  weights: ReadonlyMap<string, TfjsWeight>,
  side: number,
): Channels {
  const { name, filters, kernel, dilation } = layer;
  const kernelValues = weights.get(`${name}/kernel`)?.values ?? new Float32Array(0);
  const bias = weights.get(`${name}/bias`)?.values;
  const [kx, ky, kz] = kernel;
  const output = Array.from({ length: filters }, (_, o) => new Float64Array(side ** 3).fill(bias?.[o] ?? 0));
  for (let tap = 0; tap < kx * ky * kz; tap++) {
    const dx = (Math.floor(tap / (ky * kz)) - (kx - 1) / 2) * dilation[0];
    const dy = ((Math.floor(tap / kz) % ky) - (ky - 1) / 2) * dilation[1];
    const dz = ((tap % kz) - (kz - 1) / 2) * dilation[2];
    for (const [c, from] of input.entries()) {
      for (const [o, to] of output.entries()) {
        const weight = kernelValues[(tap * input.length + c) * filters + o] ?? 0;
        addShifted(to, from, weight, [dx, dy, dz], side);
      }
    }
  }
  return layer.normalises ? output.map(normalised) : output;
}

/** to[x, y, z] += weight · from[x + dx, y + dy, z + dz], 0 outside. */
function addShifted(
  to: Float64Array,
  from: Float64Array,
  weight: number,
  [dx, dy, dz]: readonly [number, number, number],
  side: number,
): void {
  const first = (d: number): number => Math.max(0, -d);
  const end = (d: number): number => Math.min(side, side - d);
  for (let x = first(dx); x < end(dx); x++) {
    for (let y = first(dy); y < end(dy); y++) {
      const at = (x * side + y) * side;
      const source = ((x + dx) * side + y + dy) * side + dz;
      for (let z = first(dz); z < end(dz); z++) to[at + z]! += weight * from[source + z]!;
    }
  }
}

function normalised(channel: Float64Array): Float64Array {
  const mean = channel.reduce((sum, v) => sum + v, 0) / channel.length;
  const variance = channel.reduce((sum, v) => sum + (v - mean) ** 2, 0) / channel.length;
  return channel.map((v) => (v - mean) / Math.sqrt(variance + 1e-5));
}

function batchNorm(
  channels: Channels,
  { name, epsilon }: BatchNormLayer,
  weights: ReadonlyMap<string, TfjsWeight>,
): Channels {
  const part = (p: string, c: number, otherwise: number): number => weights.get(`${name}/${p}`)?.values[c] ?? otherwise;
  return channels.map((channel, c) => {
    const deviation = Math.sqrt(part('moving_variance', c, 1) + epsilon);
    return channel.map((v) => ((v - part('moving_mean', c, 0)) / deviation) * part('gamma', c, 1) + part('beta', c, 0));
  });
}

function activate(channels: Channels, activation: Activation): Channels {
  if (activation === 'softmax') return softmax(channels);
  const f = FUNCTIONS[activation];
  return f ? channels.map((channel) => channel.map(f)) : channels;
}

const FUNCTIONS: Readonly<Partial<Record<Activation, (x: number) => number>>> = {
  relu: (x) => Math.max(0, x),
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  selu: (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x)),
  gelu: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
  gelu_new: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
};

function softmax(channels: Channels): Channels {
  const sums = new Float64Array(channels[0]?.length ?? 0);
  const largest = sums.map((_, n) => Math.max(...channels.map((c) => c[n]!)));
  const powers = channels.map((channel) => channel.map((v, n) => Math.exp(v - largest[n]!)));
  for (const power of powers) for (const [n, p] of power.entries()) sums[n]! += p;
  return powers.map((power) => power.map((p, n) => p / sums[n]!));
}

/** The series to 1e-15 for small arguments, the continued fraction beyond. */
function erf(x: number): number {
  const a = Math.abs(x);
  if (a > 6) return Math.sign(x);
  if (a < 2.5) {
    let term = a;
    let sum = a;
    for (let n = 1; n < 60; n++) {
      term *= (-a * a) / n;
      sum += term / (2 * n + 1);
    }
    return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI);
  }
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / 2 / (a + fraction);
  return Math.sign(x) * (1 - Math.exp(-a * a) / (Math.sqrt(Math.PI) * (a + fraction)));
}
