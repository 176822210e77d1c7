/** Small 3D networks with made-up weights, node by node, to compare two ways of running them. */
import { type AttributeValue, ModelBuilder } from '#core/onnx/buildModel.ts';
import type { ModelProto } from '#core/onnx/onnxTypes.ts';
import type { Size3 } from '#core/onnx/sliced/slicedValue.ts';

/** Numbers between −0.5 and 0.5, the same on every run. */
export function randomFloats(count: number, seed: number): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
}

/** A network under construction: `now` is the last value, with its channels. */
export class NetworkDraft {
  readonly builder = new ModelBuilder();
  now = 'image';
  channels: number;
  #count = 0;

  constructor(channels = 1) {
    this.channels = channels;
  }

  weights(...dims: number[]): string {
    const count = dims.reduce((a, b) => a * b, 1);
    const fan = dims.slice(1).reduce((a, b) => a * b, 1);
    const values = randomFloats(count, 7 + this.#count).map((v) => (dims.length > 1 ? (3 * v) / Math.sqrt(fan) : v));
    return this.builder.floats(`w${this.#count++}`, dims, values);
  }

  node(operator: string, inputs: string[], attributes: Record<string, AttributeValue> = {}): this {
    this.now = this.builder.node(operator, [this.now, ...inputs], [`v${this.#count++}`], attributes);
    return this;
  }

  conv(channels: number, attributes: Record<string, AttributeValue> = {}, kernel = [3, 3, 3], groups = 1): this {
    const weights = this.weights(channels, this.channels / groups, ...kernel);
    const pads = kernel.map((k) => k >> 1);
    this.channels = channels;
    return this.node('Conv', [weights, this.weights(channels)], {
      kernel_shape: { ints: kernel },
      pads: { ints: [...pads, ...pads] },
      group: { int: groups },
      ...attributes,
    });
  }

  up(channels: number, step: number[]): this {
    const weights = this.weights(this.channels, channels, ...step);
    this.channels = channels;
    return this.node('ConvTranspose', [weights, this.weights(channels)], {
      kernel_shape: { ints: step },
      strides: { ints: step },
    });
  }

  norm(kind: 'BatchNormalization' | 'InstanceNormalization'): this {
    const c = this.channels;
    const positive = (): string =>
      this.builder.floats(
        `w${this.#count++}`,
        [c],
        randomFloats(c, this.#count).map((v) => 1 + v),
      );
    const more = kind === 'BatchNormalization' ? [this.weights(c), positive()] : [];
    return this.node(kind, [positive(), this.weights(c), ...more]);
  }

  join(other: string, channels: number): this {
    this.now = this.builder.node('Concat', [other, this.now], [`v${this.#count++}`], { axis: { int: 1 } });
    this.channels += channels;
    return this;
  }

  /** @param opset of ONNX: from 18 on, axes are inputs and no attributes */
  finish(inputChannels: number, size: Size3, opset = 16): ModelProto {
    return this.builder.build(
      [{ name: 'image', dims: [1, inputChannels, ...size] }],
      [{ name: this.now, dims: [1, this.channels, 'd', 'h', 'w'] }],
      { producer: 'draft', producerVersion: '1', opset, graphName: 'test' },
    );
  }
}
