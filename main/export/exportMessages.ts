/**
 * An order for a file on its way to the export process: everything but voxels and files as JSON, those as blocks of bytes behind
 * it, each beginning at a multiple of eight so that it can be used where it lies. Answers come back in the same frames.
 */
import type { LanternErrorData } from '#core/errors/lanternError.ts';
import { type ScalarType, scalarsFromBytes, scalarTypeOf } from '#core/volume/volume.ts';
import type { ExportOrder } from './exportSource.ts';

const ALIGNMENT = 8;

interface Block {
  readonly type: ScalarType;
  readonly bytes: number;
}

interface OrderHeader {
  /** Without bulk data: the order's arrays are empty in it. */
  readonly order: ExportOrder;
  readonly blocks: readonly Block[];
}

/** What the process says: how far it is, and at last the file's bytes (the message's body), or why there are none. */
export type ExportAnswer =
  | {
      readonly kind: 'progress';
      readonly progress: readonly [done: number, total: number, unit: string, phase: string];
    }
  | { readonly kind: 'done'; readonly notes: readonly string[] }
  | { readonly kind: 'failed'; readonly error: LanternErrorData }
  /** A bug, with its stack. */
  | { readonly kind: 'bug'; readonly stack: string };

const NOTHING = new Uint8Array(0);

export function encodeOrder(order: ExportOrder): { header: OrderHeader; blocks: Uint8Array[] } {
  const { source, volume, series } = order;
  const arrays = [
    ...(volume ? [volume.scalars] : []),
    ...source.layers.map(({ voxels }) => voxels),
    ...(series?.dicomFiles ?? []),
  ];
  const light: ExportOrder = {
    ...order,
    source: { ...source, layers: source.layers.map(({ size }) => ({ size, voxels: NOTHING })) },
    volume: volume && { ...volume, scalars: NOTHING },
    series: series && { ...series, dicomFiles: series.dicomFiles?.map(() => NOTHING) ?? null },
  };
  return {
    header: { order: light, blocks: arrays.map((a) => ({ type: scalarTypeOf(a), bytes: a.byteLength })) },
    blocks: arrays.flatMap((a) => [
      new Uint8Array(a.buffer, a.byteOffset, a.byteLength),
      new Uint8Array(padding(a.byteLength)),
    ]),
  };
}

/** @returns the order; its arrays are views of the body */
export function decodeOrder(header: unknown, body: Uint8Array): ExportOrder {
  const { order, blocks } = header as OrderHeader;
  let at = 0;
  const arrays = blocks.map(({ type, bytes }) => {
    const array = scalarsFromBytes(type, body.subarray(at, at + bytes));
    at += bytes + padding(bytes);
    return array;
  });
  const next = <T>(): T => arrays.shift() as T;
  const { source, volume, series } = order;
  // In the order in which they were sent.
  const ownVolume = volume && { ...volume, scalars: next<typeof volume.scalars>() };
  const layers = source.layers.map(({ size }) => ({ size, voxels: next<Uint8Array | Uint16Array>() }));
  const dicomFiles = series?.dicomFiles?.map(() => next<Uint8Array>()) ?? null;
  return { ...order, source: { ...source, layers }, volume: ownVolume, series: series && { ...series, dicomFiles } };
}

function padding(bytes: number): number {
  return (ALIGNMENT - (bytes % ALIGNMENT)) % ALIGNMENT;
}
