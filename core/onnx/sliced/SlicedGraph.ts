/**
 * The network that is being written: the original's values as they are now (sliced, whole or constant), and the new nodes. Operators
 * read and write through it. The blocked operators (com.microsoft.nchwc) are the ones that the runtime itself puts in for 2D
 * convolutions. Next: sliceNetwork.ts.
 */
import { create } from '@bufbuild/protobuf';
import { type AttributeValue, ModelBuilder } from '../buildModel.ts';
import { nodeSchema } from '../onnxSchema.ts';
import type { NodeProto, TensorProto } from '../onnxTypes.ts';
import { paddedTo } from './blockedWeights.ts';
import { KnownTensors } from './KnownTensors.ts';
import { type ChannelPart, channelCount, NotSliced, type SlicedPart, type SlicedValue } from './slicedValue.ts';

export const BLOCKED_DOMAIN = 'com.microsoft.nchwc';

export class SlicedGraph extends KnownTensors {
  readonly builder = new ModelBuilder();
  /** Channels in a block on this machine. */
  readonly block: number;
  readonly #sliced = new Map<string, SlicedValue>();
  readonly #whole = new Set<string>();
  readonly #copiedConstants = new Set<string>();
  readonly #ints = new Map<string, string>();
  readonly #blockedOf = new Map<SlicedValue, readonly SlicedPart[]>();
  #count = 0;

  constructor(block: number, constants: ReadonlyMap<string, TensorProto>) {
    super(constants);
    this.block = block;
  }

  /** @returns a name that no value of the original has */
  fresh(about: string): string {
    return `sliced:${about}:${this.#count++}`;
  }

  node(
    operator: string,
    inputs: readonly string[],
    about: string,
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): string {
    return this.builder.node(operator, inputs, [this.fresh(about)], attributes);
  }

  blockedNode(
    operator: string,
    inputs: readonly string[],
    about: string,
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): string {
    return this.builder.node(operator, inputs, [this.fresh(about)], attributes, BLOCKED_DOMAIN);
  }

  floats(dims: readonly number[], values: Float32Array, about: string): string {
    return this.builder.floats(this.fresh(about), dims, values);
  }

  /** One initialiser for all that ask for the same numbers. */
  ints(values: readonly number[]): string {
    const key = values.join(' ');
    const known = this.#ints.get(key);
    if (known !== undefined) return known;
    const name = this.builder.ints(this.fresh('ints'), [values.length], values);
    this.#ints.set(key, name);
    return name;
  }

  addWhole(name: string): void {
    this.#whole.add(name);
  }

  setSliced(name: string, value: SlicedValue): void {
    this.#sliced.set(name, value);
  }

  /** @throws NotSliced when only the whole tensor is there */
  sliced(name: string | undefined): SlicedValue {
    const value = name === undefined ? undefined : this.#sliced.get(name);
    if (!value) throw new NotSliced(`${name} is not held in slices`);
    return value;
  }

  isSliced(name: string): boolean {
    return this.#sliced.has(name);
  }

  /** Parts that hold blocks only: others are brought into blocks. */
  blockedParts(value: SlicedValue): readonly SlicedPart[] {
    const known = this.#blockedOf.get(value);
    if (known) return known;
    const parts = value.parts.map((part) => (part.layout === 'blocked' ? part : this.#toBlocked(part, value.size[0])));
    this.#blockedOf.set(value, parts);
    return parts;
  }

  /** @returns [1, 1, H, W] or [1, C, H, W] in plain order */
  plainSlice(part: ChannelPart, z: number): string {
    if (part.layout === 'stack') return this.stackSlice(part.stack, z, z + 1, 1);
    const name = part.slices[z]!;
    if (part.layout === 'plain') return name;
    return this.blockedNode('ReorderOutput', [name], 'plain', { channels: { int: part.channels } });
  }

  /** Slices `from`, `from + step`, … below `to` of a single channel, as channels. */
  stackSlice(stack: string, from: number, to: number, step: number): string {
    const bounds = [[from], [to], [1], [step]].map((b) => this.ints(b));
    return this.node('Slice', [stack, ...bounds], 'taps');
  }

  /** Makes sure that the original's value can be named in the new network. */
  whole(name: string): string {
    if (name === '' || this.#whole.has(name)) return name;
    const constant = this.constant(name);
    if (constant) {
      if (!this.#copiedConstants.has(name)) this.builder.tensor(constant, name);
      this.#copiedConstants.add(name);
      return name;
    }
    const value = this.sliced(name);
    this.#join(value, name);
    this.#whole.add(name);
    return name;
  }

  /** The original's operator on other inputs, as one of many. */
  copyNode(node: NodeProto, inputs: readonly string[]): string {
    const name = this.fresh(node.opType);
    this.builder.copy(
      create(nodeSchema, { opType: node.opType, name, input: [...inputs], output: [name], attribute: node.attribute }),
    );
    return name;
  }

  /** The original's node as it was. */
  copy(node: NodeProto): void {
    for (const name of node.input) this.whole(name);
    this.builder.copy(node);
    for (const name of node.output) this.#whole.add(name);
  }

  #join(value: SlicedValue, name: string): void {
    const [depth, height, width] = value.size;
    const parts = value.parts.map((part) => {
      const shape = this.ints([1, part.channels, 1, height, width]);
      const slices = Array.from({ length: depth }, (_, z) =>
        this.node('Reshape', [this.plainSlice(part, z), shape], 'slice'),
      );
      const target = value.parts.length === 1 ? name : this.fresh('part');
      return this.builder.node('Concat', slices, [target], { axis: { int: 2 } });
    });
    if (parts.length > 1) this.builder.node('Concat', parts, [name], { axis: { int: 1 } });
    if (channelCount(value) === 0) throw new Error('a value without channels');
  }

  #toBlocked(part: ChannelPart, depth: number): SlicedPart {
    const missing = paddedTo(this.block, part.channels) - part.channels;
    const slices = Array.from({ length: depth }, (_, z) => {
      const plain = this.plainSlice(part, z);
      const full = missing === 0 ? plain : this.node('Pad', [plain, this.ints([0, 0, 0, 0, 0, missing, 0, 0])], 'full');
      return this.blockedNode('ReorderInput', [full], 'blocked');
    });
    return { layout: 'blocked', channels: part.channels, slices };
  }
}
