/** The NIfTI-1 (348 bytes) and NIfTI-2 (540 bytes) headers. RAS millimetres in the file, LPS in the geometry. */
import { LanternError } from '../errors/lanternError.ts';
import type { Vector3 } from '../geometry/points.ts';
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';
import { type ScalarType, scalarTypeOf, type Volume } from '../volume/volume.ts';
import { type Affine, geometryFromRasAffine, type Row, rasAffine } from './affine.ts';
import { affineFromQuaternion, quaternionFromAxes } from './niftiQuaternion.ts';
import type { FileScalarType } from './rawScalars.ts';

export interface NiftiHeader {
  readonly geometry: VolumeGeometry;
  readonly type: FileScalarType;
  readonly littleEndian: boolean;
  readonly dataOffset: number;
  readonly slope: number;
  readonly intercept: number;
}

const TYPES: Readonly<Record<number, FileScalarType>> = {
  2: 'uint8',
  4: 'int16',
  8: 'int32',
  16: 'float32',
  64: 'float64',
  256: 'int8',
  512: 'uint16',
  768: 'uint32',
  1024: 'int64',
  1280: 'uint64',
};

const CODES: Readonly<Record<ScalarType, number>> = {
  uint8: 2,
  int16: 4,
  int32: 8,
  float32: 16,
  int8: 256,
  uint16: 512,
};

/** Metres, millimetres, micrometres; 0 is unknown and taken as millimetres, as everybody does. */
const MM_PER_UNIT: Readonly<Record<number, number>> = { 1: 1000, 3: 0.001 };

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** @returns whether plain bytes begin with a NIfTI header (a gzipped file is known by its name) */
export function isNifti(bytes: Uint8Array): boolean {
  return versionOf(bytes) !== null;
}

function versionOf(bytes: Uint8Array): { version: 1 | 2; littleEndian: boolean } | null {
  if (bytes.length < 348) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = view.getInt32(0, true);
  const swapped = view.getInt32(0, false);
  const magic = (at: number, text: string) => [...text].every((c, n) => bytes[at + n] === c.charCodeAt(0));
  if ((size === 348 || swapped === 348) && magic(344, 'n+1')) return { version: 1, littleEndian: size === 348 };
  if ((size === 540 || swapped === 540) && magic(4, 'n+2') && bytes.length >= 540) {
    return { version: 2, littleEndian: size === 540 };
  }
  return null;
}

/** Field offsets and readers of either version. */
interface Fields {
  dim(n: number): number;
  pixdim(n: number): number;
  readonly datatype: number;
  readonly dataOffset: number;
  readonly slope: number;
  readonly intercept: number;
  readonly units: number;
  readonly qformCode: number;
  readonly sformCode: number;
  quatern(n: number): number;
  qoffset(n: number): number;
  srow(row: number, column: number): number;
}

function fieldsOf(view: DataView, version: 1 | 2, le: boolean): Fields {
  const f32 = (at: number) => view.getFloat32(at, le);
  const f64 = (at: number) => view.getFloat64(at, le);
  if (version === 1) {
    return {
      dim: (n) => view.getInt16(40 + 2 * n, le),
      pixdim: (n) => f32(76 + 4 * n),
      datatype: view.getInt16(70, le),
      dataOffset: f32(108),
      slope: f32(112),
      intercept: f32(116),
      units: view.getUint8(123),
      qformCode: view.getInt16(252, le),
      sformCode: view.getInt16(254, le),
      quatern: (n) => f32(256 + 4 * n),
      qoffset: (n) => f32(268 + 4 * n),
      srow: (row, column) => f32(280 + 16 * row + 4 * column),
    };
  }
  return {
    dim: (n) => Number(view.getBigInt64(16 + 8 * n, le)),
    pixdim: (n) => f64(104 + 8 * n),
    datatype: view.getInt16(12, le),
    dataOffset: Number(view.getBigInt64(168, le)),
    slope: f64(176),
    intercept: f64(184),
    units: view.getInt32(500, le),
    qformCode: view.getInt32(344, le),
    sformCode: view.getInt32(348, le),
    quatern: (n) => f64(352 + 8 * n),
    qoffset: (n) => f64(376 + 8 * n),
    srow: (row, column) => f64(400 + 32 * row + 8 * column),
  };
}

/** @throws volume/not-nifti, volume/not-3d, volume/unsupported-type, geometry/… */
export function parseNiftiHeader(bytes: Uint8Array): NiftiHeader {
  const found = versionOf(bytes);
  if (!found) {
    throw new LanternError(
      'volume/not-nifti',
      'This is not a single NIfTI file (.nii), or it is cut short.',
      'Choose a .nii or .nii.gz file.',
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields = fieldsOf(view, found.version, found.littleEndian);
  const dimensions = fields.dim(0);
  const extents = Array.from({ length: 7 }, (_, n) => (n < dimensions ? fields.dim(n + 1) : 1));
  const volumes = extents.slice(3).reduce((a, b) => a * Math.max(1, b), 1);
  if (dimensions < 2 || dimensions > 7 || volumes !== 1) {
    throw new LanternError(
      'volume/not-3d',
      volumes > 1 ? `The file holds ${volumes} volumes; only single ones are read.` : 'The file holds no volume.',
      'Split it into single volumes first.',
    );
  }
  const type = TYPES[fields.datatype];
  if (!type) {
    throw new LanternError(
      'volume/unsupported-type',
      `Values of NIfTI type ${fields.datatype} (colour, complex or unknown) are not read.`,
      'Save the volume as numbers of 8 to 64 bits.',
    );
  }
  const size: Vector3 = [extents[0] ?? 0, extents[1] ?? 0, extents[2] ?? 0];
  const { slope, intercept } = fields;
  const scaled = Number.isFinite(slope) && slope !== 0 && Number.isFinite(intercept);
  return {
    geometry: geometryFromRasAffine(affineOf(fields, size), size),
    type,
    littleEndian: found.littleEndian,
    dataOffset: Math.max(found.version === 1 ? 352 : 544, Math.round(fields.dataOffset) || 0),
    slope: scaled ? slope : 1,
    intercept: scaled ? intercept : 0,
  };
}

/** sform, else qform, else spacing alone with the origin in the middle and x to the left, as nibabel does. */
function affineOf(fields: Fields, size: Vector3): Affine {
  const mm = MM_PER_UNIT[fields.units & 7] ?? 1;
  const scaled = (affine: Affine): Affine => affine.map((row) => row.map((v) => v * mm)) as unknown as Affine;
  const spacing: Vector3 = [
    fields.pixdim(1),
    fields.pixdim(2),
    size[2] === 1 ? fields.pixdim(3) || 1 : fields.pixdim(3),
  ];
  if (fields.sformCode > 0) {
    const row = (r: number): Row => [fields.srow(r, 0), fields.srow(r, 1), fields.srow(r, 2), fields.srow(r, 3)];
    return scaled([row(0), row(1), row(2)]);
  }
  if (fields.qformCode > 0) {
    const quaternion: Vector3 = [fields.quatern(0), fields.quatern(1), fields.quatern(2)];
    const offset: Vector3 = [fields.qoffset(0), fields.qoffset(1), fields.qoffset(2)];
    return scaled(affineFromQuaternion(quaternion, fields.pixdim(0) < 0 ? -1 : 1, spacing, offset));
  }
  const middle = (axis: 0 | 1 | 2) => ((size[axis] - 1) / 2) * spacing[axis];
  return scaled([
    [-spacing[0], 0, 0, middle(0)],
    [0, spacing[1], 0, -middle(1)],
    [0, 0, spacing[2], -middle(2)],
  ]);
}

/** Of text in plain ASCII. @see https://nifti.nimh.nih.gov/nifti-1/documentation/nifti1fields/nifti1fields_pages/extension.html */
const COMMENT = 6;

/** @param comment ASCII @returns header, extension flag and, with a comment, its extension: a multiple of 16 bytes */
export function writeNiftiHeader(volume: Volume, description: string, comment = ''): Uint8Array {
  const { geometry, scalars } = volume;
  const extension = comment === '' ? 0 : 16 * Math.ceil((8 + comment.length) / 16);
  const bytes = new Uint8Array(352 + extension);
  const view = new DataView(bytes.buffer);
  const text = (at: number, value: string, limit: number) => {
    for (let n = 0; n < Math.min(value.length, limit); n++) bytes[at + n] = value.charCodeAt(n) & 0x7f;
  };
  const affine = rasAffine(geometry);
  const { qfac, quaternion, orthogonal } = quaternionFromAxes(affine, geometry.spacingMm);
  view.setInt32(0, 348, true);
  const extents = [3, ...geometry.size, 1, 1, 1, 1];
  for (const [n, extent] of extents.entries()) view.setInt16(40 + 2 * n, extent, true);
  view.setInt16(70, CODES[scalarTypeOf(scalars)], true);
  view.setInt16(72, 8 * scalars.BYTES_PER_ELEMENT, true);
  const pixdim = [qfac, ...geometry.spacingMm, 0, 0, 0, 0];
  for (const [n, value] of pixdim.entries()) view.setFloat32(76 + 4 * n, value, true);
  view.setFloat32(108, bytes.length, true);
  view.setFloat32(112, 1, true);
  view.setUint8(123, 2);
  text(148, description, 79);
  view.setInt16(252, orthogonal ? 1 : 0, true);
  view.setInt16(254, 1, true);
  for (const [n, value] of quaternion.entries()) view.setFloat32(256 + 4 * n, value, true);
  for (const [n, row] of affine.entries()) {
    view.setFloat32(268 + 4 * n, row[3], true);
    for (const [c, value] of row.entries()) view.setFloat32(280 + 16 * n + 4 * c, value, true);
  }
  text(344, 'n+1', 3);
  if (extension > 0) {
    bytes[348] = 1;
    view.setInt32(352, extension, true);
    view.setInt32(356, COMMENT, true);
    text(360, comment, comment.length);
  }
  return bytes;
}
