/**
 * Where the values of a network lie: each has memory only from the layer that writes it to the last that reads it, parts of a
 * concatenation lie in it, element-wise layers work in place, and a convolution over a large value writes into the planes that it has
 * just read.
 */
import {
  type BlockedValue,
  CHUNK,
  chunksOf,
  inputsOf,
  type Layer,
  type LayerPlan,
  planeVoxels,
  VOXEL_BYTES,
} from './layer.ts';
import { planesInPlace, SPARE_PLANES } from './planesInPlace.ts';

export interface Place {
  /** Bytes from the beginning of the values' memory. */
  readonly offset: number;
  readonly chunkBytes: number;
  /** Slot of each plane. */
  readonly planes: Int32Array;
}

export interface LayOut {
  readonly bytes: number;
  readonly places: ReadonlyMap<BlockedValue, Place>;
  /** Convolutions that write over what they read. */
  readonly inPlace: ReadonlySet<Layer>;
  /** Parts of a concatenation that lie elsewhere and are copied into it. */
  readonly copies: ReadonlySet<BlockedValue>;
}

/** Below it, a convolution has memory of its own: waiting for each other's planes would cost more. */
export const LARGE_BYTES = 256e6;
export const ALIGNMENT = 64;

interface Storage {
  bytes: number;
  from: number;
  to: number;
  offset: number;
}

/**
 * @param how `outside`: values that lie elsewhere (the image as it comes, scores as they go); `largeBytes`: values from which on
 *   convolutions work in place
 */
export function layOut(
  { layers, input, output }: LayerPlan,
  { outside, largeBytes }: { readonly outside: ReadonlySet<BlockedValue>; readonly largeBytes: number },
): LayOut {
  const readers = new Map<BlockedValue, Layer[]>();
  for (const layer of layers)
    for (const value of inputsOf(layer)) readers.set(value, [...(readers.get(value) ?? []), layer]);
  const isReadOnce = (value: BlockedValue): boolean => readers.get(value)?.length === 1 && value !== output;
  /** The value that another one lies in, and from which chunk on. */
  const within = new Map<BlockedValue, { whole: BlockedValue; chunk: number }>();
  /** Nobody reads it again, nor anything that lies in it. */
  const isDisposable = (value: BlockedValue): boolean =>
    isReadOnce(value) && [...within].every(([inner, { whole }]) => whole !== value || isDisposable(inner));
  const copies = new Set<BlockedValue>();
  const inPlace = new Set<Layer>();
  for (const layer of layers) {
    if (layer.kind === 'concatenation') {
      let channel = 0;
      for (const part of layer.parts) {
        // One that begins inside of a chunk can't lie there by itself.
        if (channel % CHUNK !== 0 || within.has(part) || part === input || part === output) copies.add(part);
        else within.set(part, { whole: layer.output, chunk: channel / CHUNK });
        channel += part.channels;
      }
    } else if (isElementwise(layer) && isDisposable(layer.input) && layer.input !== input) {
      // A part of a concatenation that is read by it alone can't be here too: its one reader is this layer.
      within.set(layer.input, { whole: layer.output, chunk: 0 });
    }
  }
  const isPart = new Set([...within.values()].map(({ whole }) => whole));
  for (const layer of layers) {
    if (layer.kind !== 'convolve3' || !isReadOnce(layer.input) || layer.input === input) continue;
    const { input: from, output: to } = layer;
    const isFree = [from, to].every((value) => !within.has(value) && !isPart.has(value));
    const isLarge = bytesOf(from) >= largeBytes && chunksOf(from) === chunksOf(to);
    // Other layers know no planes out of order.
    const onlyConvolutions = (readers.get(to) ?? []).every(({ kind }) => kind === 'convolve3' || kind === 'convolve');
    if (isLarge && isFree && onlyConvolutions && to !== output) inPlace.add(layer);
  }

  const chains = new Map<BlockedValue, { first: BlockedValue; planes: Int32Array; free: readonly number[] }>();
  for (const layer of layers) {
    if (layer.kind !== 'convolve3' || !inPlace.has(layer)) continue;
    const { input: from, output: to, dilation } = layer;
    const depth = from.size[0];
    const chain = chains.get(from) ?? { first: from, planes: identity(depth), free: spare(depth) };
    chains.set(from, chain);
    chains.set(to, { first: chain.first, ...planesInPlace(chain.planes, chain.free, dilation) });
  }

  const storages = new Map<BlockedValue, Storage>();
  const rootOf = (value: BlockedValue): { root: BlockedValue; chunk: number } => {
    const chain = chains.get(value);
    if (chain) return { root: chain.first, chunk: 0 };
    const inside = within.get(value);
    if (!inside) return { root: value, chunk: 0 };
    const outer = rootOf(inside.whole);
    return { root: outer.root, chunk: outer.chunk + inside.chunk };
  };
  const touch = (value: BlockedValue, at: number): void => {
    if (outside.has(value)) return;
    const { root } = rootOf(value);
    const storage = storages.get(root) ?? { bytes: 0, from: at, to: at, offset: 0 };
    const spareBytes = chains.has(root) ? SPARE_PLANES * chunksOf(root) * planeBytes(root) : 0;
    storage.bytes = Math.max(storage.bytes, bytesOf(root) + spareBytes);
    storage.from = Math.min(storage.from, at);
    storage.to = Math.max(storage.to, at);
    storages.set(root, storage);
  };
  touch(input, 0);
  for (const [n, layer] of layers.entries()) {
    for (const value of [...inputsOf(layer), layer.output]) touch(value, n);
  }
  touch(output, layers.length);

  const bytes = assignOffsets([...storages.values()]);
  const places = new Map<BlockedValue, Place>();
  for (const value of new Set([input, ...layers.flatMap((layer) => [...inputsOf(layer), layer.output])])) {
    if (outside.has(value)) continue;
    const { root, chunk } = rootOf(value);
    const chain = chains.get(value);
    const planes = chain?.planes ?? identity(value.size[0]);
    const chunkBytes = planeBytes(value) * (value.size[0] + (chain ? SPARE_PLANES : 0));
    places.set(value, { offset: storages.get(root)!.offset + chunk * chunkBytes, chunkBytes, planes });
  }
  return { bytes, places, inPlace, copies };
}

function isElementwise(layer: Layer): layer is Layer & { readonly kind: 'scale' | 'add' | 'instanceNorm' } {
  return layer.kind === 'scale' || layer.kind === 'add' || layer.kind === 'instanceNorm';
}

/** Largest first, each at the lowest place where nothing else lives at the same time. @returns bytes altogether */
function assignOffsets(storages: readonly Storage[]): number {
  const placed: Storage[] = [];
  let end = 0;
  for (const storage of [...storages].sort((a, b) => b.bytes - a.bytes)) {
    const neighbours = placed
      .filter(({ from, to }) => from <= storage.to && to >= storage.from)
      .sort((a, b) => a.offset - b.offset);
    let offset = 0;
    for (const other of neighbours) {
      if (offset + storage.bytes <= other.offset) break;
      offset = Math.max(offset, aligned(other.offset + other.bytes));
    }
    storage.offset = offset;
    placed.push(storage);
    end = Math.max(end, offset + storage.bytes);
  }
  return aligned(end);
}

function bytesOf(value: BlockedValue): number {
  return chunksOf(value) * planeBytes(value) * value.size[0];
}

/** Of one chunk. */
function planeBytes(value: BlockedValue): number {
  return planeVoxels(value) * VOXEL_BYTES;
}

export function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/** Planes in their own order. */
export function identity(depth: number): Int32Array {
  return Int32Array.from({ length: depth }, (_, z) => z);
}

function spare(depth: number): number[] {
  return Array.from({ length: SPARE_PLANES }, (_, n) => depth + n);
}
