/**
 * From a file's bytes to its data set: with or without preamble and meta group, deflated or not. Runs in the reading process.
 * @see DICOM PS3.10 section 7.1
 */
import { inflateRawSync } from 'node:zlib';
import dicomParser, { type DataSet } from 'dicom-parser';
import { EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN } from '../../core/dicom/transferSyntaxes.ts';
import { LanternError } from '../../core/errors/lanternError.ts';

export interface DicomFile {
  readonly dataSet: DataSet;
  readonly transferSyntaxUid: string;
}

/** A deflated data set may be no larger than this, or it is a bomb. */
const MAXIMUM_INFLATED = 512 * 2 ** 20;

/** @returns whether the bytes can be DICOM at all: the magic word, or a first tag of group 2 or 8 */
export function looksLikeDicom(bytes: Uint8Array): boolean {
  return hasPreamble(bytes) || headlessSyntax(bytes) !== null || startsWithMeta(bytes);
}

/**
 * @throws dicom/damaged when the data set cannot be read to its end
 */
export function parseDicomFile(bytes: Uint8Array): DicomFile {
  try {
    if (hasPreamble(bytes)) return parse(bytes);
    if (startsWithMeta(bytes)) return parse(withPreamble(bytes));
    const syntax = headlessSyntax(bytes);
    if (syntax !== null) {
      return { dataSet: dicomParser.parseDicom(bytes, { TransferSyntaxUID: syntax }), transferSyntaxUid: syntax };
    }
  } catch (error) {
    throw damaged(error);
  }
  throw damaged(null);
}

function parse(bytes: Uint8Array): DicomFile {
  const dataSet = dicomParser.parseDicom(bytes, { inflater });
  const element = dataSet.elements['x00020010'];
  if (!element) throw new Error('no transfer syntax');
  const uid = Buffer.from(bytes.subarray(element.dataOffset, element.dataOffset + element.length)).toString('latin1');
  return { dataSet, transferSyntaxUid: uid.replace(/\0.*$/, '').trim() };
}

function inflater(bytes: Uint8Array, position: number): Uint8Array {
  const inflated = inflateRawSync(bytes.subarray(position), { maxOutputLength: MAXIMUM_INFLATED });
  return Buffer.concat([bytes.subarray(0, position), inflated]);
}

function hasPreamble(bytes: Uint8Array): boolean {
  return bytes.length > 132 && Buffer.from(bytes.subarray(128, 132)).toString('latin1') === 'DICM';
}

function startsWithMeta(bytes: Uint8Array): boolean {
  return bytes.length > 16 && bytes[0] === 2 && bytes[1] === 0 && isVr(bytes);
}

function withPreamble(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(132 + bytes.length);
  whole.set([0x44, 0x49, 0x43, 0x4d], 128);
  whole.set(bytes, 132);
  return whole;
}

/** A bare data set starts with group 8; two capitals after the tag are an explicit VR. */
function headlessSyntax(bytes: Uint8Array): string | null {
  if (bytes.length < 16 || bytes[0] !== 8 || bytes[1] !== 0 || bytes[3] !== 0) return null;
  return isVr(bytes) ? EXPLICIT_VR_LITTLE_ENDIAN : IMPLICIT_VR_LITTLE_ENDIAN;
}

function isVr(bytes: Uint8Array): boolean {
  const capital = (byte: number | undefined) => byte !== undefined && byte >= 0x41 && byte <= 0x5a;
  return capital(bytes[4]) && capital(bytes[5]);
}

function damaged(cause: unknown): LanternError {
  return new LanternError(
    'dicom/damaged',
    'This DICOM file is damaged or cut short.',
    'Copy the file from its source again.',
    { cause },
  );
}
