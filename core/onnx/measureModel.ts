/**
 * Counts what a file would become before any object is built for it: a few megabytes of empty messages could otherwise fill the
 * memory. Walks the bytes with the library's reader and onnxSchema.ts. Next: readModel.ts.
 */
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { wireFields } from './onnxSchema.ts';

export interface ModelMeasure {
  /** Messages of any kind; the largest networks in clinics have some ten thousand. */
  readonly messages: number;
  /** Numbers and texts that become values of their own: attributes, dimensions, tensors that are not raw bytes. */
  readonly values: number;
  readonly depth: number;
}

const DEEPEST = 100;

/** @throws RangeError, Error of the reader where the bytes are no protocol buffers */
export function measureModel(bytes: Uint8Array): ModelMeasure {
  const reader = new BinaryReader(bytes);
  let messages = 0;
  let values = 0;
  let deepest = 0;

  const walk = (name: string, end: number, depth: number): void => {
    if (depth > DEEPEST) throw new RangeError(`messages lie more than ${DEEPEST} deep`);
    messages++;
    deepest = Math.max(deepest, depth);
    const fields = wireFields.get(name);
    while (reader.pos < end) {
      const [number, wireType] = reader.tag();
      const field = fields?.get(number);
      if (!field || wireType !== WireType.LengthDelimited) {
        // An unknown field is kept as an object of its own.
        values++;
        reader.skip(wireType, number);
      } else if (field.isMessage) {
        const length = reader.uint32();
        walk(field.kind, reader.pos + length, depth + 1);
      } else {
        values += packedValues(field.kind, reader.bytes());
      }
    }
    if (reader.pos !== end) throw new RangeError('a message ends outside of the one that holds it');
  };
  walk('ModelProto', bytes.byteLength, 1);
  return { messages, values, depth: deepest };
}

function packedValues(kind: string, bytes: Uint8Array): number {
  switch (kind) {
    case 'bytes':
    case 'string':
      return 1;
    case 'float':
      return bytes.length >> 2;
    case 'double':
      return bytes.length >> 3;
    default: {
      // Each number ends with a byte below 128.
      let count = 0;
      for (let n = 0; n < bytes.length; n++) if (bytes[n]! < 128) count++;
      return count;
    }
  }
}
