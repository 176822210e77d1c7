/**
 * MetaImage: .mha in one file, .mhd with its raw file beside it. ITK reads its space as LPS, and so do we.
 * @see https://itk.org/Wiki/ITK/MetaIO/Documentation
 */
import { unzlibSync } from 'fflate';
import { LanternError } from '../errors/lanternError.ts';
import type { Vector3 } from '../geometry/points.ts';
import { voxelCount } from '../geometry/volumeGeometry.ts';
import type { Volume } from '../volume/volume.ts';
import { geometryFromAxes } from './affine.ts';
import { bytesPerFileScalar, cutShort, type FileScalarType, readRawScalars } from './rawScalars.ts';
import { numbersOf, readTextHeader, startsWithText } from './textHeader.ts';

const TYPES: Readonly<Record<string, FileScalarType>> = {
  MET_UCHAR: 'uint8',
  MET_CHAR: 'int8',
  MET_USHORT: 'uint16',
  MET_SHORT: 'int16',
  MET_UINT: 'uint32',
  MET_INT: 'int32',
  MET_ULONG_LONG: 'uint64',
  MET_LONG_LONG: 'int64',
  MET_FLOAT: 'float32',
  MET_DOUBLE: 'float64',
};

export function isMetaImage(bytes: Uint8Array): boolean {
  return startsWithText(bytes, 'ObjectType = Image');
}

/**
 * @param raw the bytes of the file that the header names
 * @throws volume/not-metaimage, volume/no-data-file, volume/not-3d, volume/unsupported-type, volume/cut-short, geometry/…
 */
export function readMetaImage(bytes: Uint8Array, raw?: Uint8Array): Volume {
  const { fields, end } = headerOf(bytes);
  const local = (fields.get('ElementDataFile') ?? '').toUpperCase() === 'LOCAL';
  const stored = local ? bytes.subarray(end) : raw;
  if (!stored) throw wrong('volume/no-data-file', 'The file that holds the voxels of this header is missing.');
  const type = TYPES[fields.get('ElementType') ?? ''];
  if (!type) throw wrong('volume/unsupported-type', 'The value type of this MetaImage file is not read.');
  const sizes = numbersOf(fields.get('DimSize') ?? '');
  const dimensions = Number(fields.get('NDims') ?? sizes.length);
  const channels = Number(fields.get('ElementNumberOfChannels') ?? 1);
  if (dimensions < 2 || dimensions > 3 || sizes.length !== dimensions || channels !== 1) {
    throw wrong('volume/not-3d', 'The file holds more or less than one volume of single values.');
  }
  const numbers = (names: readonly string[]) => names.flatMap((name) => numbersOf(fields.get(name) ?? ''));
  const spacing = numbers(['ElementSpacing']);
  const origin = numbers(['Offset', 'Position', 'Origin']);
  const matrix = numbers(['TransformMatrix', 'Rotation', 'Orientation']);
  const axis = (n: 0 | 1 | 2): Vector3 => {
    const s = spacing[n] ?? 1;
    const m = (c: number) =>
      (n < dimensions && c < dimensions ? matrix[n * dimensions + c] : undefined) ?? (n === c ? 1 : 0);
    return [s * m(0), s * m(1), s * m(2)];
  };
  const size: Vector3 = [sizes[0] ?? 0, sizes[1] ?? 0, sizes[2] ?? 1];
  const place: Vector3 = [origin[0] ?? 0, origin[1] ?? 0, origin[2] ?? 0];
  const geometry = geometryFromAxes([axis(0), axis(1), axis(2)], place, size);
  const count = voxelCount(geometry);
  const data = payload(stored, fields, count * bytesPerFileScalar(type));
  const bigEndian = isTrue(fields.get('BinaryDataByteOrderMSB') ?? fields.get('ElementByteOrderMSB'));
  return { geometry, scalars: readRawScalars(data, { type, count, littleEndian: !bigEndian, slope: 1, intercept: 0 }) };
}

function payload(stored: Uint8Array, fields: ReadonlyMap<string, string>, expected: number): Uint8Array {
  if (isTrue(fields.get('CompressedData'))) {
    try {
      return unzlibSync(stored);
    } catch {
      throw cutShort(0, expected);
    }
  }
  const skip = Number(fields.get('HeaderSize') ?? 0);
  return skip === -1 ? stored.subarray(Math.max(0, stored.length - expected)) : stored.subarray(Math.max(0, skip));
}

function headerOf(bytes: Uint8Array): { fields: ReadonlyMap<string, string>; end: number } {
  const header = readTextHeader(bytes, (line) => line.startsWith('ElementDataFile'));
  const fields = new Map<string, string>();
  for (const line of header?.lines ?? []) {
    const at = line.indexOf('=');
    if (at > 0) fields.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
  }
  if (!header || !fields.has('DimSize')) {
    throw wrong('volume/not-metaimage', 'This is not a MetaImage file, or its header is cut short.');
  }
  return { fields, end: header.end };
}

function isTrue(value: string | undefined): boolean {
  return (value ?? '').toLowerCase() === 'true';
}

function wrong(code: `volume/${string}`, sentence: string): LanternError {
  return new LanternError(code, sentence, 'Save the volume again as a single .mha or .nii.gz file.');
}
