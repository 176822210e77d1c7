/**
 * A 3D network as a list of layers on blocked values, in the order in which they run. What makes it: planLayers.ts; where values lie in
 * memory: layOut.ts; what computes it: main/inference/winograd/kernels.
 */
import type { Size3 } from '../sliced/slicedValue.ts';

/** Channels that lie together for a voxel. */
export const CHUNK = 8;
export const VOXEL_BYTES = CHUNK * Float32Array.BYTES_PER_ELEMENT;

/** [chunk of 8 channels][z][y][x][8], float32; told apart by identity. */
export interface BlockedValue {
  readonly channels: number;
  /** (D, H, W). */
  readonly size: Size3;
}

/** leakyRelu: `a` is the slope; elu: alpha; clip: the limits. */
export interface Activation {
  readonly kind: 'none' | 'relu' | 'leakyRelu' | 'elu' | 'clip';
  readonly a: number;
  readonly b: number;
}

export const NO_ACTIVATION: Activation = { kind: 'none', a: 0, b: 0 };

interface From {
  readonly input: BlockedValue;
  readonly output: BlockedValue;
  readonly activation: Activation;
}

/** [O][I][taps], as ONNX has them, with what follows folded in. */
export interface Kernel {
  readonly outputs: number;
  readonly inputs: number;
  readonly values: Float32Array;
  /** By output. */
  readonly bias: Float32Array;
}

/** 3 × 3 × 3, stride 1, padded by its dilation. */
export interface Convolution3 extends From {
  readonly kind: 'convolve3';
  readonly kernel: Kernel;
  readonly dilation: number;
}

export interface Convolution extends From {
  readonly kind: 'convolve';
  readonly kernel: Kernel;
  readonly taps: Size3;
  readonly strides: Size3;
  readonly dilations: Size3;
  readonly before: Size3;
}

/** A transposed convolution as wide as its step; values are [I][O][taps], as ONNX has them. */
export interface Spread extends From {
  readonly kind: 'spread';
  readonly kernel: Kernel;
  readonly step: Size3;
}

export interface Pool extends From {
  readonly kind: 'pool';
  readonly isMaximum: boolean;
  readonly step: Size3;
}

/** y = activation(scale · x + shift), by channel. */
export interface Scale extends From {
  readonly kind: 'scale';
  readonly scale: Float32Array;
  readonly shift: Float32Array;
}

export interface Add extends From {
  readonly kind: 'add';
  readonly other: BlockedValue;
}

export interface InstanceNorm extends From {
  readonly kind: 'instanceNorm';
  readonly gamma: Float32Array;
  readonly beta: Float32Array;
  readonly epsilon: number;
}

/** Costs nothing where the parts are written in their place. */
export interface Concatenation {
  readonly kind: 'concatenation';
  readonly parts: readonly BlockedValue[];
  readonly output: BlockedValue;
}

export type Layer = Convolution3 | Convolution | Spread | Pool | Scale | Add | InstanceNorm | Concatenation;

export interface LayerPlan {
  readonly layers: readonly Layer[];
  readonly input: BlockedValue;
  readonly output: BlockedValue;
}

export function inputsOf(layer: Layer): readonly BlockedValue[] {
  if (layer.kind === 'concatenation') return layer.parts;
  return layer.kind === 'add' ? [layer.input, layer.other] : [layer.input];
}

export function chunksOf({ channels }: Pick<BlockedValue, 'channels'>): number {
  return Math.ceil(channels / CHUNK);
}

export function voxelsOf({ size }: { readonly size: Size3 }): number {
  return size[0] * size[1] * size[2];
}

/** Voxels from row to row: an odd number of cache lines, so that rows do not meet in the cache. */
export function pitchOf({ size }: BlockedValue): number {
  return LINE_VOXELS * odd(Math.ceil(size[2] / LINE_VOXELS));
}

/** Voxels from plane to plane of a chunk, an odd number of cache lines too. */
export function planeVoxels(value: BlockedValue): number {
  return LINE_VOXELS * odd((value.size[1] * pitchOf(value)) / LINE_VOXELS);
}

/** A cache line is 64 bytes. */
const LINE_VOXELS = 64 / VOXEL_BYTES;

function odd(lines: number): number {
  return lines % 2 === 0 ? lines + 1 : lines;
}
