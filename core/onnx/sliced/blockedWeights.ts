/**
 * Weights of 2D convolutions in the orders that the runtime's blocked kernels read (O and I = output and input channels, b = the block
 * of the processor: 8 or 16). Channels that fill up the last block have weight 0. @see MLAS, MlasReorderFilterOIHWBiBo
 */

export function paddedTo(block: number, channels: number): number {
  return Math.ceil(channels / block) * block;
}

/** Values in the order [O][I][H][W]. */
export interface Kernel2d {
  readonly outputs: number;
  readonly inputs: number;
  readonly height: number;
  readonly width: number;
  readonly values: Float32Array;
}

/** @returns [O / b][I / b][H][W][b of I][b of O] */
export function blockedKernel({ outputs, inputs, height, width, values }: Kernel2d, block: number): Float32Array {
  const inputBlocks = Math.ceil(inputs / block);
  const points = height * width;
  const blocked = new Float32Array(paddedTo(block, outputs) * inputBlocks * block * points);
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      const tile = (Math.floor(o / block) * inputBlocks + Math.floor(i / block)) * points;
      const place = (i % block) * block + (o % block);
      const from = (o * inputs + i) * points;
      for (let p = 0; p < points; p++) blocked[(tile + p) * block * block + place] = values[from + p]!;
    }
  }
  return blocked;
}

/** For plain inputs of fewer channels than a block, and for depthwise kernels (inputs = 1). @returns [O / b][I][H][W][b of O] */
export function outputBlockedKernel({ outputs, inputs, height, width, values }: Kernel2d, block: number): Float32Array {
  const each = inputs * height * width;
  const blocked = new Float32Array(paddedTo(block, outputs) * each);
  for (let o = 0; o < outputs; o++) {
    const first = Math.floor(o / block) * each;
    for (let n = 0; n < each; n++) blocked[(first + n) * block + (o % block)] = values[o * each + n]!;
  }
  return blocked;
}

export function paddedVector(values: ArrayLike<number>, block: number): Float32Array {
  const padded = new Float32Array(paddedTo(block, values.length));
  padded.set(values);
  return padded;
}
