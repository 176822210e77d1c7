/** Values as file formats store them to the arrays that Lantern holds: byte order, wide types, slope and intercept. */
import { LanternError } from '../errors/lanternError.ts';
import { allocateScalars, type Scalars, type ScalarType, scalarsFromBytes } from '../volume/volume.ts';

export type FileScalarType = ScalarType | 'uint32' | 'int64' | 'uint64' | 'float64';

const BYTES: Readonly<Record<FileScalarType, number>> = {
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  int32: 4,
  float32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  float64: 8,
};

export function bytesPerFileScalar(type: FileScalarType): number {
  return BYTES[type];
}

export interface RawLayout {
  readonly type: FileScalarType;
  readonly count: number;
  readonly littleEndian: boolean;
  /** 1 and 0 when the values are used as they are. */
  readonly slope: number;
  readonly intercept: number;
}

/**
 * @param bytes at least count × bytes a value
 * @returns the type as it is where it can be held; wide integers as int32 where they fit, everything else as float32
 * @throws volume/cut-short
 */
export function readRawScalars(bytes: Uint8Array, layout: RawLayout): Scalars {
  const { type, count, littleEndian, slope, intercept } = layout;
  const width = BYTES[type];
  if (bytes.length < width * count) throw cutShort(bytes.length, width * count);
  const plain = slope === 1 && intercept === 0;
  const exact = plain && isScalarType(type);
  if (exact && (littleEndian || width === 1)) return scalarsFromBytes(type, bytes.slice(0, width * count));
  const value = valueReader(bytes, type, littleEndian);
  if (exact) return filled(allocateScalars(type, count), value);
  if (plain && type !== 'float64') {
    let fits = true;
    for (let n = 0; n < count && fits; n++) fits = (value(n) | 0) === value(n);
    if (fits) return filled(new Int32Array(count), value);
  }
  return filled(new Float32Array(count), (n) => value(n) * slope + intercept);
}

function filled(out: Scalars, value: (n: number) => number): Scalars {
  for (let n = 0; n < out.length; n++) out[n] = value(n);
  return out;
}

function isScalarType(type: FileScalarType): type is ScalarType {
  return type !== 'uint32' && type !== 'int64' && type !== 'uint64' && type !== 'float64';
}

function valueReader(bytes: Uint8Array, type: FileScalarType, le: boolean): (n: number) => number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (type) {
    case 'uint8':
      return (n) => view.getUint8(n);
    case 'int8':
      return (n) => view.getInt8(n);
    case 'uint16':
      return (n) => view.getUint16(2 * n, le);
    case 'int16':
      return (n) => view.getInt16(2 * n, le);
    case 'uint32':
      return (n) => view.getUint32(4 * n, le);
    case 'int32':
      return (n) => view.getInt32(4 * n, le);
    case 'float32':
      return (n) => view.getFloat32(4 * n, le);
    case 'int64':
      return (n) => Number(view.getBigInt64(8 * n, le));
    case 'uint64':
      return (n) => Number(view.getBigUint64(8 * n, le));
    case 'float64':
      return (n) => view.getFloat64(8 * n, le);
  }
}

export function cutShort(have: number, need: number): LanternError {
  return new LanternError(
    'volume/cut-short',
    `The file is cut short: ${Math.floor((100 * have) / need)} % of its values are there.`,
    'Copy the file from its source again.',
  );
}
