/** The frames of a pixel data element as stored values, whatever their compression. Runs in the reading process. */
import dicomParser, { type DataSet, type Element } from 'dicom-parser';
import { bytesPerPixel, type PixelDescription, type StoredValues, storedValues } from '../../core/dicom/pixelValues.ts';
import { decodeRle } from '../../core/dicom/rle.ts';
import { EXPLICIT_VR_BIG_ENDIAN, transferSyntax } from '../../core/dicom/transferSyntaxes.ts';
import { LanternError } from '../../core/errors/lanternError.ts';
import { decodeCompressed } from './decodeCompressed.ts';
import { decodeRle16 } from './simdPixels.ts';

/**
 * @returns one array a frame
 * @throws dicom/damaged-pixels, dicom/unsupported-pixels
 */
export async function decodeFrames(
  dataSet: DataSet,
  transferSyntaxUid: string,
  description: PixelDescription,
  frames: number,
): Promise<StoredValues[]> {
  const element = dataSet.elements['x7fe00010'];
  if (!element) throw missing();
  const pixels = description.rows * description.columns;
  const frameBytes = pixels * bytesPerPixel(description);
  const syntax = transferSyntax(transferSyntaxUid);
  if (!element.encapsulatedPixelData) {
    if (syntax.pixels !== 'native') throw damaged();
    if (element.length < frameBytes * frames) throw short(element.length, frameBytes * frames);
    const bytes = dataSet.byteArray;
    const bigEndian = transferSyntaxUid === EXPLICIT_VR_BIG_ENDIAN;
    return Array.from({ length: frames }, (_, n) => {
      const start = element.dataOffset + n * frameBytes;
      return storedValues(bytes.subarray(start, start + frameBytes), description, bigEndian);
    });
  }
  const values: StoredValues[] = [];
  for (let n = 0; n < frames; n++) {
    const frame = encapsulatedFrame(dataSet, element, n, frames);
    const decoded =
      syntax.pixels === 'rle'
        ? unpacked(frame, pixels, bytesPerPixel(description))
        : await decodeCompressed(frame, syntax, description);
    if (decoded.length < frameBytes) throw short(decoded.length, frameBytes);
    values.push(storedValues(decoded.subarray(0, frameBytes), description));
  }
  return values;
}

function unpacked(frame: Uint8Array, pixels: number, bytes: number): Uint8Array {
  return bytes === 2 ? decodeRle16(frame, pixels) : decodeRle(frame, pixels, bytes);
}

/** One frame's bytes; a frame may be spread over many fragments. @see DICOM PS3.5 annex A.4 */
function encapsulatedFrame(dataSet: DataSet, element: Element, index: number, frames: number): Uint8Array {
  const fragments = element.fragments ?? [];
  if (fragments.length === 0) throw missing();
  const join = (from: number, count: number) =>
    dicomParser.readEncapsulatedPixelDataFromFragments(dataSet, element, from, count);
  if (frames === 1) return join(0, fragments.length);
  if (fragments.length === frames) return join(index, 1);
  const table = element.basicOffsetTable ?? [];
  const offsets = table.length === frames ? table : dicomParser.createJPEGBasicOffsetTable(dataSet, element);
  if (offsets.length !== frames) throw damaged();
  return dicomParser.readEncapsulatedImageFrame(dataSet, element, index, offsets);
}

function missing(): LanternError {
  return new LanternError(
    'dicom/no-pixels',
    'The file has no pixel data; it may have been cut short.',
    'Copy the file from its source again.',
  );
}

function short(have: number, need: number): LanternError {
  const percent = Math.floor((100 * have) / need);
  return new LanternError(
    'dicom/damaged-pixels',
    `The pixel data is cut short: ${percent} % of it is there.`,
    'Copy the file from its source again.',
  );
}

function damaged(): LanternError {
  return new LanternError(
    'dicom/damaged-pixels',
    'The pixel data of this file is damaged or cut short.',
    'Copy the file from its source again.',
  );
}
