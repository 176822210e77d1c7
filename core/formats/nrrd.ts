/**
 * NRRD, raw or gzipped, header and data in one file. The space of the file is turned into LPS here and nowhere else.
 * The array keeps its orientation.
 * @see https://teem.sourceforge.net/nrrd/format.html
 */
import { gunzipSync, gzipSync, strToU8 } from 'fflate';
import { LanternError } from '../errors/lanternError.ts';
import type { Vector3 } from '../geometry/points.ts';
import { type VolumeGeometry, voxelCount } from '../geometry/volumeGeometry.ts';
import { type ScalarType, scalarTypeOf, type Volume } from '../volume/volume.ts';
import { geometryFromAxes } from './affine.ts';
import { bytesPerFileScalar, cutShort, type FileScalarType, readRawScalars } from './rawScalars.ts';
import { numbersOf, readTextHeader, startsWithText } from './textHeader.ts';

const TYPES: Readonly<Record<string, FileScalarType>> = Object.fromEntries(
  (
    [
      ['uint8', 'uchar', 'unsigned char', 'uint8', 'uint8_t'],
      ['int8', 'signed char', 'int8', 'int8_t'],
      ['int16', 'short', 'short int', 'signed short', 'signed short int', 'int16', 'int16_t'],
      ['uint16', 'ushort', 'unsigned short', 'unsigned short int', 'uint16', 'uint16_t'],
      ['int32', 'int', 'signed int', 'int32', 'int32_t'],
      ['uint32', 'uint', 'unsigned int', 'uint32', 'uint32_t'],
      ['int64', 'longlong', 'long long', 'long long int', 'int64', 'int64_t'],
      ['uint64', 'ulonglong', 'unsigned long long', 'unsigned long long int', 'uint64', 'uint64_t'],
      ['float32', 'float'],
      ['float64', 'double'],
    ] as [FileScalarType, ...string[]][]
  ).flatMap(([type, ...names]) => names.map((name) => [name, type])),
);

/** Names of the spaces, and the signs that turn them into LPS. */
const SPACES: Readonly<Record<string, Vector3>> = {
  'left-posterior-superior': [1, 1, 1],
  lps: [1, 1, 1],
  'right-anterior-superior': [-1, -1, 1],
  ras: [-1, -1, 1],
  'left-anterior-superior': [1, -1, 1],
  las: [1, -1, 1],
};

export function isNrrd(bytes: Uint8Array): boolean {
  return startsWithText(bytes, 'NRRD000');
}

/**
 * @throws volume/not-nrrd, volume/detached, volume/not-3d, volume/unsupported-type, volume/unsupported-encoding,
 * volume/unknown-space, volume/cut-short, geometry/…
 */
export function readNrrd(bytes: Uint8Array): Volume {
  const header = isNrrd(bytes) ? readTextHeader(bytes, (line) => line === '') : null;
  if (!header) throw wrong('volume/not-nrrd', 'This is not an NRRD file, or its header is cut short.');
  const fields = new Map<string, string>();
  for (const line of header.lines.slice(1)) {
    const match = /^([^#:][^:]*): (.*)$/.exec(line);
    if (match?.[1] !== undefined) fields.set(match[1].trim().toLowerCase(), (match[2] ?? '').trim());
  }
  if (fields.has('data file') || fields.has('datafile')) {
    throw wrong('volume/detached', 'The voxels of this NRRD header are in another file; only single files are read.');
  }
  const type = TYPES[(fields.get('type') ?? '').toLowerCase()];
  if (!type) throw wrong('volume/unsupported-type', 'The value type of this NRRD file is not read.');
  const geometry = geometryOf(fields);
  const count = voxelCount(geometry);
  const data = decoded(bytes.subarray(header.end), fields, count * bytesPerFileScalar(type));
  const littleEndian = (fields.get('endian') ?? 'little').toLowerCase() === 'little';
  return { geometry, scalars: readRawScalars(data, { type, count, littleEndian, slope: 1, intercept: 0 }) };
}

function geometryOf(fields: ReadonlyMap<string, string>): VolumeGeometry {
  const sizes = numbersOf(fields.get('sizes') ?? '');
  const words = (fields.get('space directions') ?? '').match(/none|\([^)]*\)/g) ?? [];
  const spacings = (fields.get('spacings') ?? '').split(/\s+/).filter((word) => word !== '');
  // Axes of length 1 that carry no space (a single component) are dropped.
  const kept = sizes
    .map((size, axis) => ({ size, axis }))
    .filter(({ size, axis }) => !(size === 1 && (words[axis] === 'none' || (sizes.length > 3 && axis > 2))));
  if (kept.length < 2 || kept.length > 3 || Number(fields.get('dimension')) !== sizes.length) {
    throw wrong('volume/not-3d', 'The file holds more or less than one volume of single values.');
  }
  const size: Vector3 = [kept[0]?.size ?? 0, kept[1]?.size ?? 0, kept[2]?.size ?? 1];
  const origin = numbersOf(fields.get('space origin') ?? '0 0 0');
  const space = (fields.get('space') ?? '').toLowerCase();
  const signs = space === '' ? SPACES['lps'] : SPACES[space];
  if (!signs) throw wrong('volume/unknown-space', `The space "${space}" of this NRRD file is not a patient's.`);
  const turned = (v: readonly number[]): Vector3 => [
    signs[0] * (v[0] ?? 0),
    signs[1] * (v[1] ?? 0),
    signs[2] * (v[2] ?? 0),
  ];
  const axis = (n: 0 | 1 | 2): Vector3 => {
    const source = kept[n]?.axis;
    const word = source === undefined ? undefined : words[source];
    if (word !== undefined && word !== 'none') return turned(numbersOf(word));
    const spacing = source === undefined ? 1 : Number(spacings[source] ?? 1);
    return [n === 0 ? spacing : 0, n === 1 ? spacing : 0, n === 2 ? spacing : 0];
  };
  return geometryFromAxes([axis(0), axis(1), axis(2)], turned(origin), size);
}

function decoded(data: Uint8Array, fields: ReadonlyMap<string, string>, expected: number): Uint8Array {
  let start = 0;
  for (let skip = Number(fields.get('line skip') ?? 0); skip > 0; skip--) start = data.indexOf(0x0a, start) + 1;
  const byteSkip = Number(fields.get('byte skip') ?? 0);
  const encoding = (fields.get('encoding') ?? 'raw').toLowerCase();
  if (encoding === 'raw') {
    return byteSkip === -1 ? data.subarray(Math.max(0, data.length - expected)) : data.subarray(start + byteSkip);
  }
  if (encoding !== 'gzip' && encoding !== 'gz') {
    throw wrong('volume/unsupported-encoding', `The encoding "${encoding}" of this NRRD file is not read.`);
  }
  let plain: Uint8Array;
  try {
    plain = gunzipSync(data.subarray(start));
  } catch {
    throw cutShort(0, expected);
  }
  return plain.subarray(Math.max(0, byteSkip));
}

const NAMES: Readonly<Record<ScalarType, string>> = {
  uint8: 'uint8',
  int8: 'int8',
  uint16: 'uint16',
  int16: 'int16',
  int32: 'int32',
  float32: 'float',
};

export interface NrrdOptions {
  readonly gzip?: boolean;
  /** Lines "key:=value" after the fields; Slicer reads its segment names from them. */
  readonly keyValues?: Readonly<Record<string, string>>;
}

/** @returns an NRRD file in LPS */
export function writeNrrd(volume: Volume, options: NrrdOptions = {}): Uint8Array {
  const { geometry, scalars } = volume;
  const vector = (v: readonly number[]) => `(${v.map(String).join(',')})`;
  const directions = geometry.direction.map((axis, n) => vector(axis.map((x) => x * (geometry.spacingMm[n] ?? 1))));
  const lines = [
    'NRRD0004',
    `type: ${NAMES[scalarTypeOf(scalars)]}`,
    'dimension: 3',
    'space: left-posterior-superior',
    `sizes: ${geometry.size.join(' ')}`,
    `space directions: ${directions.join(' ')}`,
    'kinds: domain domain domain',
    'endian: little',
    `encoding: ${options.gzip ? 'gzip' : 'raw'}`,
    `space origin: ${vector(geometry.originLps)}`,
    ...Object.entries(options.keyValues ?? {}).map(
      ([key, value]) => `${key}:=${value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
    ),
    '',
    '',
  ];
  const header = strToU8(lines.join('\n'));
  const raw = new Uint8Array(scalars.buffer, scalars.byteOffset, scalars.byteLength);
  const data = options.gzip ? gzipSync(raw, { level: 6, mtime: 0 }) : raw;
  const out = new Uint8Array(header.length + data.length);
  out.set(header);
  out.set(data, header.length);
  return out;
}

function wrong(code: `volume/${string}`, sentence: string): LanternError {
  return new LanternError(code, sentence, 'Save the volume again as a single .nrrd or .nii.gz file.');
}
