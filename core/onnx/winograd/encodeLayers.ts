/**
 * Layers as the numbers that main/inference/winograd/kernels reads: one memory with a table of layers, their fields, their weights,
 * the values, and each thread's scratch.
 */
import { DOUBT_STEPS } from '../../inference/measureDoubt.ts';
import { filterColumns, filterPointFloats, filterPoints, TILE, TILE_POINTS } from './filterPoints.ts';
import {
  type Activation,
  type BlockedValue,
  CHUNK,
  chunksOf,
  inputsOf,
  type Kernel,
  type Layer,
  type LayerPlan,
  NO_ACTIVATION,
  pitchOf,
  planeVoxels,
  VOXEL_BYTES,
  voxelsOf,
} from './layer.ts';
import { ALIGNMENT, aligned, identity, LARGE_BYTES, type LayOut, layOut, type Place } from './layOut.ts';
import { tileOrder } from './planesInPlace.ts';

/** The numbers of `work` in kernels/threads.as.ts. */
const KERNELS = {
  convolve3: 0,
  convolve: 1,
  spread: 2,
  pool: 3,
  scale: 4,
  add: 5,
  sums: 6,
  squares: 7,
  normalise: 8,
  pack: 9,
  unpack: 10,
  move: 11,
} as const;

const ACTIVATIONS: Readonly<Record<Activation['kind'], number>> = { none: 0, relu: 1, elu: 2, clip: 3, leakyRelu: 4 };
/** How the last convolution answers: `mode` of kernels/rows.as.ts. */
const ANSWERS: Readonly<Record<Wish, number>> = { scores: 1, classes: 2, 'classes and doubt': 3 };
const FIELDS = 38;
/** A class is a byte. */
const MOST_CLASSES = 256;
/** What lies before all else: the kernels' own constants (kernels/constants.as.ts). */
const CONSTANTS_BYTES = 1024;
/** What a tile's points take while they are made (WORK_BYTES of kernels/convolve3.as.ts). */
const TILE_WORK_BYTES = 7168;
/** WebAssembly's own limit. */
const MOST_BYTES = 2 ** 32 - 65_536;
/** What a thread holds of a convolution's tiles at once: a usual second-level cache. */
const TILES_BYTES = 400_000;
/** Voxels of a row that are multiplied at once: a multiple of six. */
const SEGMENT = 24;

/**
 * What is asked of a network: its scores [classes][z][y][x] float32; the class of the highest, uint8 [z][y][x]; or that and how unsure the
 * scores are (measureDoubt.ts, of scores whose classes exclude one another), uint8 [z][y][x].
 */
export type Wish = 'scores' | 'classes' | 'classes and doubt';

export interface EncodedLayers {
  readonly bytes: number;
  /** Where the kernels' `control` stands. */
  readonly control: number;
  /** What must stand in the memory before a thread looks at it, by place. */
  readonly contents: readonly { readonly at: number; readonly words: Int32Array | Float32Array }[];
  /** What must stand in it before the first run: many filters take a while, and are in memory once. */
  readonly filters: readonly ((memory: ArrayBufferLike) => void)[];
  /** The image, [channel][z][y][x], float32. */
  readonly image: { readonly at: number; readonly floats: number };
  readonly answer: { readonly at: number; readonly length: number };
  /** Empty where it is not asked for. */
  readonly doubt: { readonly at: number; readonly bytes: number };
  /** Sums of scores, whose being finite says that all scores are; empty where scores are asked for. */
  readonly sums: { readonly at: number; readonly floats: number };
}

/** @returns null where the network can't answer the wish, or does not fit into the memory of 4 GB */
export function encodeLayers(
  plan: LayerPlan,
  wish: Wish,
  threads: number,
  largeBytes = LARGE_BYTES,
): EncodedLayers | null {
  const encoder = new Encoder(plan, { wish, threads, largeBytes });
  if ((wish !== 'scores' && !encoder.last) || encoder.leastBytes > MOST_BYTES) return null;
  const encoded = encoder.encode();
  return encoded.bytes > MOST_BYTES ? null : encoded;
}

class Encoder {
  /** The convolution whose result goes straight out. */
  readonly last: Layer | null;
  readonly #plan: LayerPlan;
  readonly #wish: Wish;
  readonly #threads: number;
  readonly #isPlanar: boolean;
  readonly #layOut: LayOut;
  readonly #contents: { at: number; words: Int32Array | Float32Array }[] = [];
  readonly #filters: ((memory: ArrayBufferLike) => void)[] = [];
  readonly #table: number[] = [];
  readonly #planeTables = new Map<string, number>();
  #end = CONSTANTS_BYTES;
  #scratch = 0;
  #values = 0;
  #image = 0;
  #answer = 0;
  #doubt = 0;
  #sums = 0;
  #sumCount = 0;

  constructor(
    plan: LayerPlan,
    { wish, threads, largeBytes }: { readonly wish: Wish; readonly threads: number; readonly largeBytes: number },
  ) {
    this.#plan = plan;
    this.#wish = wish;
    this.#threads = threads;
    const { layers, input, output } = plan;
    const readersOf = (value: BlockedValue): readonly Layer[] =>
      layers.filter((layer) => inputsOf(layer).includes(value));
    const final = layers.find((layer) => layer.output === output);
    const isLast = final?.kind === 'convolve' && readersOf(output).length === 0 && output.channels <= MOST_CLASSES;
    this.last = isLast ? final : null;
    this.#isPlanar =
      input.channels === 1 && input !== output && readersOf(input).every(({ kind }) => kind === 'convolve3');
    const outside = new Set([...(this.#isPlanar ? [input] : []), ...(this.last ? [output] : [])]);
    this.#layOut = layOut(plan, { outside, largeBytes });
  }

  /** What the values alone take: known before any weight is looked at. */
  get leastBytes(): number {
    return this.#layOut.bytes;
  }

  encode(): EncodedLayers {
    const { layers, input, output } = this.#plan;
    const voxels = voxelsOf(output);
    const control = this.#take(ALIGNMENT);
    this.#image = this.#take(input.channels * voxelsOf(input) * 4);
    this.#answer = this.#take(this.#wish === 'scores' ? output.channels * voxels * 4 : voxels);
    this.#doubt = this.#take(this.#doubtBytes);
    this.#values = this.#take(this.#layOut.bytes);
    if (!this.#isPlanar) this.#pack(input);
    for (const layer of layers) this.#add(layer);
    if (!this.last) this.#unpack(output);
    const steps = this.#table.length / 3;
    const table = this.#put(Int32Array.from(this.#table));
    const counters = this.#take(steps * 8);
    const scratchBytes = aligned(this.#scratch) + ALIGNMENT;
    const scratch = this.#take(scratchBytes * this.#threads);
    this.#contents.push({ at: counters, words: new Int32Array(steps * 2) });
    const words = Int32Array.of(0, 0, this.#threads, steps, table, counters, scratch, scratchBytes);
    this.#contents.push({ at: control, words });
    return {
      ...{ bytes: this.#end, control, contents: this.#contents, filters: this.#filters },
      image: { at: this.#image, floats: input.channels * voxelsOf(input) },
      answer: { at: this.#answer, length: this.#wish === 'scores' ? output.channels * voxels : voxels },
      doubt: { at: this.#doubt, bytes: this.#doubtBytes },
      sums: { at: this.#sums, floats: this.#sumCount },
    };
  }

  get #doubtBytes(): number {
    return this.#wish === 'classes and doubt' ? voxelsOf(this.#plan.output) : 0;
  }

  #add(layer: Layer): void {
    switch (layer.kind) {
      case 'convolve3':
        this.#convolve3(layer);
        break;
      case 'convolve':
        this.#convolve(layer);
        break;
      case 'spread':
        this.#spread(layer);
        break;
      case 'pool': {
        const fields = this.#between(layer.input, layer.output);
        const [outDepth, outHeight, outWidth] = layer.output.size;
        fields.set([layer.isMaximum ? 0 : 1, 0, outHeight, outWidth, outDepth], 16);
        fields.set(layer.step, 23);
        this.#step('pool', fields, chunksOf(layer.input) * outDepth * outHeight);
        break;
      }
      case 'scale':
        this.#scale(layer);
        break;
      case 'add': {
        const fields = this.#planeWise(layer.input, layer.output, layer.activation);
        const other = this.#layOut.places.get(layer.other)!;
        fields.set([this.#values + other.offset, other.chunkBytes], 16);
        this.#step('add', fields, chunksOf(layer.input) * layer.input.size[0]);
        break;
      }
      case 'instanceNorm': {
        const units = chunksOf(layer.input) * layer.input.size[0];
        const fields = this.#planeWise(layer.input, layer.output, layer.activation);
        fields.set([this.#byChannel(layer.gamma, layer.input), this.#byChannel(layer.beta, layer.input)], 11);
        fields.set([this.#take(units * 64), this.#take(units * 64)], 18);
        this.#needScratch(64);
        new Float32Array(fields.buffer)[20] = layer.epsilon;
        for (const kernel of ['sums', 'squares', 'normalise'] as const) this.#step(kernel, fields, units);
        break;
      }
      case 'concatenation': {
        const { output, parts } = layer;
        const whole = this.#layOut.places.get(output)!;
        let channel = 0;
        for (const part of parts) {
          if (this.#layOut.copies.has(part)) {
            const fields = this.#planeWise(part, part, NO_ACTIVATION);
            fields.set([this.#values + whole.offset, whole.chunkBytes], 4);
            fields[16] = channel;
            this.#step('move', fields, part.channels * part.size[0]);
          }
          channel += part.channels;
        }
      }
    }
  }

  #convolve3(layer: Layer & { kind: 'convolve3' }): void {
    const { input, output, kernel, dilation } = layer;
    const perTile = TILE_POINTS * VOXEL_BYTES * (chunksOf(input) + chunksOf(output));
    const block = Math.min(24, Math.max(6, Math.floor(TILES_BYTES / perTile / 6) * 6));
    this.#needScratch(TILE_WORK_BYTES + block * perTile + 2 * 64 * TILE_POINTS);
    const [nz, ny, nx] = input.size.map((n) => Math.ceil(Math.ceil(n / dilation) / TILE)) as [number, number, number];
    const plane = ny * nx * dilation * dilation;
    const fields = this.#between(input, output, layer.activation);
    fields.set([this.#putFilterPoints(kernel), this.#bias(kernel)], 11);
    fields.set(
      [
        dilation,
        block,
        ny,
        nx,
        0,
        plane * nz * dilation,
        this.#isPlanar && input === this.#plan.input ? 1 : 0,
        pitchOf(output),
        kernel.inputs,
      ],
      16,
    );
    if (!this.#layOut.inPlace.has(layer)) {
      this.#step('convolve3', fields, Math.ceil((plane * nz * dilation) / block));
      return;
    }
    for (const { phase, tile } of tileOrder(input.size[0], dilation)) {
      const own = fields.slice();
      const first = (tile * dilation + phase) * plane;
      own.set([first, first + plane], 20);
      this.#step('convolve3', own, Math.ceil(plane / block));
    }
  }

  #convolve(layer: Layer & { kind: 'convolve' }): void {
    const { input, output, kernel, taps, strides, dilations, before } = layer;
    const count = taps[0] * taps[1] * taps[2];
    this.#needScratch(SEGMENT * VOXEL_BYTES * (count * chunksOf(input) + chunksOf(output)));
    const weights = filterColumns(kernel, count, (o, i, t) => (o * kernel.inputs + i) * count + t);
    const isLast = layer === this.last;
    const fields = this.#between(input, output, layer.activation);
    const [outDepth, outHeight, outWidth] = output.size;
    const units = outDepth * outHeight * Math.ceil(outWidth / SEGMENT);
    if (isLast) {
      // The whole planes, one channel after the other.
      fields.set([this.#answer, voxelsOf(output) * 4, chunksOf(output)], 4);
      if (this.#wish !== 'scores') [this.#sums, this.#sumCount] = [this.#take(units * 4), units];
    }
    fields.set([this.#put(weights), this.#bias(kernel)], 11);
    fields.set([isLast ? ANSWERS[this.#wish] : 0, SEGMENT, outHeight, outWidth], 16);
    fields.set([...taps, ...strides, ...dilations, ...before, output.channels, this.#sums], 20);
    fields[36] = this.#doubt;
    new Float32Array(fields.buffer)[37] = DOUBT_STEPS / Math.log(output.channels);
    this.#step('convolve', fields, units);
  }

  #spread({ input, output, kernel, step, activation }: Layer & { kind: 'spread' }): void {
    const count = step[0] * step[1] * step[2];
    this.#needScratch(SEGMENT * VOXEL_BYTES * (chunksOf(input) + chunksOf(output)));
    const byTap = Array.from({ length: count }, (_, tap) =>
      filterColumns(kernel, 1, (o, i) => (i * kernel.outputs + o) * count + tap),
    );
    const each = byTap[0]!.length;
    const weights = new Float32Array(each * count);
    for (const [tap, values] of byTap.entries()) weights.set(values, tap * each);
    const fields = this.#between(input, output, activation);
    fields.set([this.#put(weights), this.#bias(kernel)], 11);
    fields[17] = SEGMENT;
    fields.set(step, 23);
    const [depth, height, width] = input.size;
    this.#step('spread', fields, depth * height * Math.ceil(width / SEGMENT));
  }

  #scale({ input, output, scale, shift, activation }: Layer & { kind: 'scale' }): void {
    const fields = this.#planeWise(input, output, activation);
    fields.set([this.#byChannel(scale, input), this.#byChannel(shift, input)], 11);
    this.#step('scale', fields, chunksOf(input) * input.size[0]);
  }

  #pack(input: BlockedValue): void {
    const fields = this.#planeWise(input, input, NO_ACTIVATION);
    fields[0] = this.#image;
    fields[16] = input.channels;
    this.#step('pack', fields, chunksOf(input) * input.size[0]);
  }

  #unpack(output: BlockedValue): void {
    const fields = this.#planeWise(output, output, NO_ACTIVATION);
    fields[4] = this.#answer;
    this.#step('unpack', fields, output.channels * output.size[0]);
  }

  /** Fields of layers that know planes by their tables. */
  #between(input: BlockedValue, output: BlockedValue, activation?: Activation): Int32Array {
    const fields = new Int32Array(FIELDS);
    const isImage = this.#isPlanar && input === this.#plan.input;
    const [, height, width] = input.size;
    const from = this.#layOut.places.get(input);
    const to = this.#layOut.places.get(output);
    if (isImage) fields.set([this.#image, 0, 1, this.#planes(identity(input.size[0]), height * width * 4)]);
    else if (from) fields.set(this.#ends(input, from));
    if (to) fields.set(this.#ends(output, to), 4);
    fields.set(input.size, 8);
    fields.set([pitchOf(input), pitchOf(output)], 34);
    if (activation) setActivation(fields, activation);
    return fields;
  }

  #ends(value: BlockedValue, { offset, chunkBytes, planes }: Place): number[] {
    const table = this.#planes(planes, planeVoxels(value) * VOXEL_BYTES);
    return [this.#values + offset, chunkBytes, chunksOf(value), table];
  }

  /** Fields of element-wise layers. */
  #planeWise(input: BlockedValue, output: BlockedValue, activation: Activation): Int32Array {
    const fields = new Int32Array(FIELDS);
    const [from, to] = [this.#layOut.places.get(input), this.#layOut.places.get(output)];
    if (from) fields.set([this.#values + from.offset, from.chunkBytes]);
    if (to) fields.set([this.#values + to.offset, to.chunkBytes], 4);
    const [depth, height, width] = input.size;
    fields.set([planeVoxels(input), depth], 8);
    fields.set([width, height, pitchOf(input)], 21);
    setActivation(fields, activation);
    return fields;
  }

  #planes(slots: Int32Array, planeBytes: number): number {
    const key = `${planeBytes} ${slots.join()}`;
    const known = this.#planeTables.get(key);
    if (known !== undefined) return known;
    const at = this.#put(slots.map((slot) => slot * planeBytes));
    this.#planeTables.set(key, at);
    return at;
  }

  #bias({ bias, outputs }: Kernel): number {
    return this.#byChannel(bias, { channels: outputs });
  }

  #byChannel(values: Float32Array, { channels }: { readonly channels: number }): number {
    const padded = new Float32Array(chunksOf({ channels }) * CHUNK);
    padded.set(values);
    return this.#put(padded);
  }

  #step(kernel: keyof typeof KERNELS, fields: Int32Array, units: number): void {
    this.#table.push(KERNELS[kernel], this.#put(fields), units);
  }

  #put(words: Int32Array | Float32Array): number {
    const at = this.#take(words.byteLength);
    this.#contents.push({ at, words });
    return at;
  }

  #putFilterPoints(kernel: Kernel): number {
    const floats = filterPointFloats(kernel);
    const at = this.#take(4 * floats);
    this.#filters.push((memory) => filterPoints(kernel, new Float32Array(memory, at, floats)));
    return at;
  }

  #take(bytes: number): number {
    const at = this.#end;
    this.#end += aligned(bytes);
    return at;
  }

  #needScratch(bytes: number): void {
    this.#scratch = Math.max(this.#scratch, bytes);
  }
}

function setActivation(fields: Int32Array, { kind, a, b }: Activation): void {
  fields[13] = ACTIVATIONS[kind];
  new Float32Array(fields.buffer).set([a, b], 14);
}
