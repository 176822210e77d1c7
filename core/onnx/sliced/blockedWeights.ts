/**
 * Weights of 2D convolutions in the orders that the runtime's blocked kernels read (O and I = output and input channels, b = the block
 * of the processor: 8 or 16). Channels that fill up the last block have weight 0. @see MLAS, MlasReorderFilterOIHWBiBo
 */

export function paddedTo(block: number, channels: number): number {
  return Math.ceil(channels / block) * block;
}

/** One 2D kernel out of a bigger one. */
export interface KernelView {
  readonly outputs: number;
  readonly inputs: number;
  readonly height: number;
  readonly width: number;
  at(output: number, input: number, y: number, x: number): number;
}

/** @returns [O / b][I / b][H][W][b of I][b of O] */
export function blockedKernel(view: KernelView, block: number): Float32Array {
  const { outputs, inputs, height, width } = view;
  const inputBlocks = Math.ceil(inputs / block);
  const values = new Float32Array(paddedTo(block, outputs) * inputBlocks * block * height * width);
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      const tile = (Math.floor(o / block) * inputBlocks + Math.floor(i / block)) * height * width;
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          values[((tile + y * width + x) * block + (i % block)) * block + (o % block)] = view.at(o, i, y, x);
        }
      }
    }
  }
  return values;
}

/** For plain inputs of fewer channels than a block, and for depthwise kernels (inputs = 1). @returns [O / b][I][H][W][b of O] */
export function outputBlockedKernel(view: KernelView, block: number): Float32Array {
  const { outputs, inputs, height, width } = view;
  const values = new Float32Array(paddedTo(block, outputs) * inputs * height * width);
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const at = ((Math.floor(o / block) * inputs + i) * height + y) * width + x;
          values[at * block + (o % block)] = view.at(o, i, y, x);
        }
      }
    }
  }
  return values;
}

export function paddedVector(values: ArrayLike<number>, block: number): Float32Array {
  const padded = new Float32Array(paddedTo(block, values.length));
  padded.set(values);
  return padded;
}
