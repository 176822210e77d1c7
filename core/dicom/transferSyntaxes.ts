/**
 * Transfer syntaxes: how a file's data set and pixels are encoded. Next: rle.ts, pixelValues.ts.
 * @see DICOM PS3.5 section 10 and annex A
 */

export type PixelCoding = 'native' | 'rle' | 'jpeg' | 'jpeg-ls' | 'jpeg-2000' | 'htj2k' | 'jpeg-xl' | 'unsupported';

export interface TransferSyntax {
  readonly uid: string;
  readonly name: string;
  readonly pixels: PixelCoding;
  /** The decoder may give other values than the scanner stored. */
  readonly lossy: boolean;
}

const TABLE: readonly (readonly [uid: string, name: string, pixels: PixelCoding, lossy: boolean])[] = [
  ['1.2.840.10008.1.2', 'Implicit VR Little Endian', 'native', false],
  ['1.2.840.10008.1.2.1', 'Explicit VR Little Endian', 'native', false],
  ['1.2.840.10008.1.2.1.99', 'Deflated Explicit VR Little Endian', 'native', false],
  ['1.2.840.10008.1.2.2', 'Explicit VR Big Endian', 'native', false],
  ['1.2.840.10008.1.2.5', 'RLE Lossless', 'rle', false],
  ['1.2.840.10008.1.2.4.50', 'JPEG Baseline', 'jpeg', true],
  ['1.2.840.10008.1.2.4.51', 'JPEG Extended', 'jpeg', true],
  ['1.2.840.10008.1.2.4.53', 'JPEG Spectral Selection', 'jpeg', true],
  ['1.2.840.10008.1.2.4.55', 'JPEG Full Progression', 'jpeg', true],
  ['1.2.840.10008.1.2.4.57', 'JPEG Lossless', 'jpeg', false],
  ['1.2.840.10008.1.2.4.70', 'JPEG Lossless, first-order prediction', 'jpeg', false],
  ['1.2.840.10008.1.2.4.80', 'JPEG-LS Lossless', 'jpeg-ls', false],
  ['1.2.840.10008.1.2.4.81', 'JPEG-LS Near-Lossless', 'jpeg-ls', true],
  ['1.2.840.10008.1.2.4.90', 'JPEG 2000 Lossless', 'jpeg-2000', false],
  ['1.2.840.10008.1.2.4.91', 'JPEG 2000', 'jpeg-2000', true],
  ['1.2.840.10008.1.2.4.110', 'JPEG XL Lossless', 'jpeg-xl', false],
  ['1.2.840.10008.1.2.4.111', 'JPEG XL, recompressed JPEG', 'jpeg-xl', true],
  ['1.2.840.10008.1.2.4.112', 'JPEG XL', 'jpeg-xl', true],
  ['1.2.840.10008.1.2.4.201', 'High-Throughput JPEG 2000 Lossless', 'htj2k', false],
  ['1.2.840.10008.1.2.4.202', 'High-Throughput JPEG 2000 Lossless, RPCL', 'htj2k', false],
  ['1.2.840.10008.1.2.4.203', 'High-Throughput JPEG 2000', 'htj2k', true],
];

const BY_UID = new Map(TABLE.map(([uid, name, pixels, lossy]) => [uid, { uid, name, pixels, lossy }]));

export const IMPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2';
export const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
export const EXPLICIT_VR_BIG_ENDIAN = '1.2.840.10008.1.2.2';

/** @returns the syntax; `pixels: 'unsupported'` for one that Lantern cannot decode (MPEG, private, …) */
export function transferSyntax(uid: string): TransferSyntax {
  return BY_UID.get(uid) ?? { uid, name: uid === '' ? 'none' : uid, pixels: 'unsupported', lossy: false };
}
