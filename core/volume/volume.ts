/**
 * An image volume in memory: one typed array on a grid. Values are the modality's (HU for CT) after `slope` and `intercept`.
 * Array order: i fastest, then j, then k.
 */
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';

export type ScalarType = 'uint8' | 'int8' | 'uint16' | 'int16' | 'int32' | 'float32';
export type Scalars = Uint8Array | Int8Array | Uint16Array | Int16Array | Int32Array | Float32Array;

export interface Volume {
  readonly geometry: VolumeGeometry;
  /** Modality values, rescale already applied: what is stored is what is measured. */
  readonly scalars: Scalars;
}

const ARRAYS = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  int32: Int32Array,
  float32: Float32Array,
} as const;

export function bytesPerScalar(type: ScalarType): number {
  return ARRAYS[type].BYTES_PER_ELEMENT;
}

/** @returns a typed view of little-endian bytes; copies only where the bytes are not aligned */
export function scalarsFromBytes(type: ScalarType, bytes: Uint8Array): Scalars {
  const Type = ARRAYS[type];
  const aligned = bytes.byteOffset % Type.BYTES_PER_ELEMENT === 0 ? bytes : bytes.slice();
  return new Type(
    aligned.buffer as ArrayBuffer,
    aligned.byteOffset,
    Math.floor(aligned.byteLength / Type.BYTES_PER_ELEMENT),
  );
}

/** @returns a view of the same memory */
export function bytesOf(scalars: Scalars): Uint8Array {
  return new Uint8Array(scalars.buffer, scalars.byteOffset, scalars.byteLength);
}

export function allocateScalars(type: ScalarType, count: number): Scalars {
  return new ARRAYS[type](count);
}

export function scalarTypeOf(scalars: Scalars): ScalarType {
  if (scalars instanceof Uint8Array) return 'uint8';
  if (scalars instanceof Int8Array) return 'int8';
  if (scalars instanceof Uint16Array) return 'uint16';
  if (scalars instanceof Int16Array) return 'int16';
  if (scalars instanceof Int32Array) return 'int32';
  return 'float32';
}
