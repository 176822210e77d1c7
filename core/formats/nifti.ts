/**
 * NIfTI-1 and -2, plain or gzipped, single file. RAS in the file, LPS in memory: converted here and nowhere else.
 * The array keeps its orientation. Next: niftiHeader.ts.
 * @see https://nifti.nimh.nih.gov/nifti-1
 */
import { gunzipSync, gzipSync } from 'fflate';
import { LanternError } from '../errors/lanternError.ts';
import { voxelCount } from '../geometry/volumeGeometry.ts';
import type { Volume } from '../volume/volume.ts';
import { isGzip, parseNiftiHeader, writeNiftiHeader } from './niftiHeader.ts';
import { readRawScalars } from './rawScalars.ts';

export { isNifti } from './niftiHeader.ts';

/**
 * @returns image or label map; slope and intercept applied
 * @throws volume/not-nifti, volume/not-3d, volume/cut-short, volume/unsupported-type, geometry/…
 */
export function readNifti(bytes: Uint8Array): Volume {
  const plain = isGzip(bytes) ? unzipped(bytes) : bytes;
  const header = parseNiftiHeader(plain);
  const scalars = readRawScalars(plain.subarray(header.dataOffset), {
    type: header.type,
    count: voxelCount(header.geometry),
    littleEndian: header.littleEndian,
    slope: header.slope,
    intercept: header.intercept,
  });
  return { geometry: header.geometry, scalars };
}

export interface NiftiOptions {
  /** At most 79 bytes are kept. */
  readonly description?: string;
  /** Goes into an extension of the header (code 6, plain text); others are kept by readers that do not know it. ASCII. */
  readonly comment?: string;
  readonly gzip?: boolean;
}

/** @returns a NIfTI-1 file, its affine both as sform and, where the axes are orthogonal, as qform */
export function writeNifti(volume: Volume, options: NiftiOptions = {}): Uint8Array {
  const header = writeNiftiHeader(volume, options.description ?? '', options.comment);
  const { scalars } = volume;
  const out = new Uint8Array(header.length + scalars.byteLength);
  out.set(header);
  out.set(new Uint8Array(scalars.buffer, scalars.byteOffset, scalars.byteLength), header.length);
  return options.gzip ? gzipSync(out, { level: 6, mtime: 0 }) : out;
}

function unzipped(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw new LanternError(
      'volume/cut-short',
      'The compressed file is damaged or cut short.',
      'Copy the file from its source again.',
      { cause: error },
    );
  }
}
