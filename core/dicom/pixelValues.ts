/**
 * From the bytes of one frame to the stored values: byte order, unused high bits, sign. Next: modalityValues.ts.
 * @see DICOM PS3.5 section 8.1.1
 */
import { LanternError } from '../errors/lanternError.ts';

export interface PixelDescription {
  readonly rows: number;
  readonly columns: number;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
}

export type StoredValues = Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array;

export function bytesPerPixel(description: PixelDescription): number {
  return description.bitsAllocated / 8;
}

/**
 * @returns the description, if pixels can be laid out by it
 * @throws dicom/unsupported-pixels
 */
export function checkedPixelDescription(description: PixelDescription): PixelDescription {
  const { rows, columns, bitsAllocated, bitsStored, highBit } = description;
  const possible =
    [8, 16, 32].includes(bitsAllocated) &&
    bitsStored >= 1 &&
    bitsStored <= bitsAllocated &&
    highBit >= bitsStored - 1 &&
    highBit < bitsAllocated &&
    rows >= 1 &&
    columns >= 1;
  if (!possible) {
    throw new LanternError(
      'dicom/unsupported-pixels',
      `Pixels of ${bitsStored} bits in ${bitsAllocated} (${columns} × ${rows}) are not possible or not supported.`,
      'Export the image again with 8 or 16 bits a pixel.',
    );
  }
  return description;
}

/**
 * @param bytes exactly one frame, rows × columns × bytes a pixel
 * @returns the stored values, a copy or a view of `bytes`
 */
export function storedValues(bytes: Uint8Array, description: PixelDescription, bigEndian = false): StoredValues {
  const values = typed(bytes, description, bigEndian);
  const { bitsAllocated, bitsStored, highBit } = description;
  if (bitsStored === bitsAllocated) return values;
  return withoutUnusedBits(values, bitsStored, highBit, description.signed);
}

function typed(bytes: Uint8Array, { bitsAllocated, signed }: PixelDescription, bigEndian: boolean): StoredValues {
  if (bitsAllocated === 8) return signed ? new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length) : bytes;
  const width = bitsAllocated / 8;
  const whole = bigEndian ? reversed(bytes, width) : bytes.byteOffset % width === 0 ? bytes : bytes.slice();
  const buffer = whole.buffer as ArrayBuffer;
  const count = Math.floor(whole.length / width);
  if (bitsAllocated === 16) {
    return signed ? new Int16Array(buffer, whole.byteOffset, count) : new Uint16Array(buffer, whole.byteOffset, count);
  }
  return signed ? new Int32Array(buffer, whole.byteOffset, count) : new Uint32Array(buffer, whole.byteOffset, count);
}

function reversed(bytes: Uint8Array, width: number): Uint8Array {
  const out = new Uint8Array(bytes.length);
  for (let at = 0; at + width <= bytes.length; at += width) {
    for (let b = 0; b < width; b++) out[at + b] = bytes[at + width - 1 - b]!;
  }
  return out;
}

/** Overlay bits or rubbish may stand above the high bit; the sign is the high bit's. */
function withoutUnusedBits(values: StoredValues, bitsStored: number, highBit: number, signed: boolean): StoredValues {
  const up = 32 - 1 - highBit;
  const down = 32 - bitsStored;
  const out = values.slice();
  if (signed) for (let n = 0; n < out.length; n++) out[n] = (values[n]! << up) >> down;
  else for (let n = 0; n < out.length; n++) out[n] = (values[n]! << up) >>> down;
  return out;
}
