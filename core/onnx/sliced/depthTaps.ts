/** A 3D kernel seen as 2D kernels along its depth, and mixtures of them. */
import type { Kernel2d } from './blockedWeights.ts';

export interface Kernel3d {
  readonly outputs: number;
  /** Of one group. */
  readonly inputs: number;
  readonly depth: number;
  readonly height: number;
  readonly width: number;
  /** [O][I][D][H][W] */
  readonly values: Float32Array;
}

export function scaledOutputs(kernel: Kernel3d, scale: Float32Array | null): Kernel3d {
  if (!scale) return kernel;
  const each = kernel.values.length / kernel.outputs;
  return { ...kernel, values: kernel.values.map((w, n) => w * scale[Math.floor(n / each)]!) };
}

/** @returns the 2D kernel Σ mix[t] · tap t, from `count` input channels after `first` */
export function mixedTaps(kernel: Kernel3d, mix: readonly number[], first: number, count: number): Kernel2d {
  const { outputs, inputs, depth, height, width, values } = kernel;
  const points = height * width;
  const mixed = new Float32Array(outputs * count * points);
  for (const [t, factor] of mix.entries()) {
    if (factor === 0) continue;
    for (let o = 0; o < outputs; o++) {
      for (let i = 0; i < count; i++) {
        const from = ((o * inputs + first + i) * depth + t) * points;
        const to = (o * count + i) * points;
        for (let p = 0; p < points; p++) mixed[to + p]! += factor * values[from + p]!;
      }
    }
  }
  return { outputs, inputs: count, height, width, values: mixed };
}

/** @returns the taps of one input channel as the input channels of a 2D kernel */
export function tapsAsInputs(kernel: Kernel3d, taps: readonly number[], channel: number): Kernel2d {
  const { outputs, height, width } = kernel;
  const points = height * width;
  const values = new Float32Array(outputs * taps.length * points);
  for (const [n, tap] of taps.entries()) {
    const mix = Array.from({ length: kernel.depth }, (_, t) => (t === tap ? 1 : 0));
    const single = mixedTaps(kernel, mix, channel, 1).values;
    for (let o = 0; o < outputs; o++) {
      values.set(single.subarray(o * points, (o + 1) * points), (o * taps.length + n) * points);
    }
  }
  return { outputs, inputs: taps.length, height, width, values };
}
