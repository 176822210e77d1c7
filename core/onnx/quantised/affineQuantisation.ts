/**
 * The arithmetic of 8-bit networks: real = scale · (integer − zero point). Activations are uint8 with a zero point, weights int8 without,
 * one scale for each output channel, biases int32 in the product of both scales.
 * @see ONNX operators QuantizeLinear, DequantizeLinear. Next: quantiseNetwork.ts
 */

export interface Quantisation {
  readonly scale: number;
  /** 0 … 255: the integer that stands for 0 exactly, so that padding stays 0. */
  readonly zeroPoint: number;
}

export interface ValueRange {
  readonly min: number;
  readonly max: number;
}

/**
 * Weights use 7 of the 8 bits: without VNNI the runtime adds pairs of uint8 · int8 products in 16 bits, which saturate at 32 767.
 * 2 · 255 · 64 = 32 640 does not. With VNNI it costs half a step of a weight, and the answer is the same on every processor.
 */
export const LARGEST_WEIGHT = 64;

/** Scales below it would overflow when they are divided by. */
const LEAST_SCALE = 1e-30;

/** @returns uint8 for all of the range, 0 included. A range of nothing gets a scale all the same */
export function activationQuantisation({ min, max }: ValueRange): Quantisation {
  const [low, high] = [Math.min(0, min), Math.max(0, max)];
  const scale = Math.fround((high - low) / 255);
  if (!(scale > LEAST_SCALE)) return { scale: 1, zeroPoint: 0 };
  return { scale, zeroPoint: clamp(roundHalfToEven(-low / scale), 0, 255) };
}

/** As QuantizeLinear does it: half steps go to the even integer, what lies outside saturates. */
export function quantise(value: number, { scale, zeroPoint }: Quantisation): number {
  return clamp(roundHalfToEven(value / scale) + zeroPoint, 0, 255);
}

export function dequantise(integer: number, { scale, zeroPoint }: Quantisation): number {
  return scale * (integer - zeroPoint);
}

export interface QuantisedWeights {
  /** In the order of the weights. */
  readonly values: Int8Array;
  /** By channel. */
  readonly scales: Float32Array;
}

/** @param axis of the output channels */
export function quantiseWeights(weights: Float32Array, dims: readonly number[], axis: number): QuantisedWeights {
  const channels = dims[axis] ?? 1;
  const inner = dims.slice(axis + 1).reduce((product, d) => product * d, 1);
  const channelAt = (n: number): number => Math.floor(n / inner) % channels;
  const largest = new Float32Array(channels);
  for (let n = 0; n < weights.length; n++) {
    const c = channelAt(n);
    largest[c] = Math.max(largest[c]!, Math.abs(weights[n]!));
  }
  const scales = largest.map((most) => (most / LARGEST_WEIGHT > LEAST_SCALE ? most / LARGEST_WEIGHT : 1));
  const values = new Int8Array(weights.length);
  for (let n = 0; n < weights.length; n++) {
    values[n] = clamp(roundHalfToEven(weights[n]! / scales[channelAt(n)]!), -LARGEST_WEIGHT, LARGEST_WEIGHT);
  }
  return { values, scales };
}

/** @returns null where a bias is too large for its scale: then the layer must stay as it is */
export function quantiseBias(bias: Float32Array, inputScale: number, weightScales: Float32Array): Int32Array | null {
  const values = new Int32Array(bias.length);
  for (const [n, value] of bias.entries()) {
    const integer = roundHalfToEven(value / Math.fround(inputScale * weightScales[n]!));
    if (Math.abs(integer) > 2 ** 30) return null;
    values[n] = integer;
  }
  return values;
}

function roundHalfToEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
