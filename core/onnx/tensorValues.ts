/** Between TensorProto and typed arrays. Raw bytes are little-endian, as all machines that this program runs on. */
import { create } from '@bufbuild/protobuf';
import { LanternError } from '../errors/lanternError.ts';
import { tensorSchema } from './onnxSchema.ts';
import { DATA_TYPES, FLOAT, INT64, type TensorProto } from './onnxTypes.ts';

export function tensorFromFloats(name: string, dims: readonly number[], values: Float32Array): TensorProto {
  const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return create(tensorSchema, { name, dims: dims.map(BigInt), dataType: FLOAT, rawData });
}

export function tensorFromInts(name: string, dims: readonly number[], values: readonly number[]): TensorProto {
  const rawData = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  return create(tensorSchema, { name, dims: dims.map(BigInt), dataType: INT64, rawData });
}

/** @returns a view where the bytes are aligned, else a copy. @throws model/unexpected-tensor unless it is float32 */
export function floatsOf(tensor: TensorProto): Float32Array {
  if (tensor.dataType !== FLOAT) throw unexpected(tensor, 'float');
  if (tensor.rawData.length === 0) return Float32Array.from(tensor.floatData);
  const { buffer, byteOffset, byteLength } = aligned(tensor.rawData, 4);
  return new Float32Array(buffer, byteOffset, byteLength >> 2);
}

/** @throws model/unexpected-tensor unless it is int64 */
export function intsOf(tensor: TensorProto): bigint[] {
  if (tensor.dataType !== INT64) throw unexpected(tensor, 'int64');
  if (tensor.rawData.length === 0) return tensor.int64Data;
  const bytes = aligned(tensor.rawData, 8);
  return [...new BigInt64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 3)];
}

/** Not `slice`: a Buffer's shares its memory. */
function aligned(bytes: Uint8Array, width: number): Uint8Array {
  return bytes.byteOffset % width ? Uint8Array.from(bytes) : bytes;
}

function unexpected(tensor: TensorProto, wanted: string): LanternError {
  const type = DATA_TYPES[tensor.dataType]?.name ?? String(tensor.dataType);
  return new LanternError(
    'model/unexpected-tensor',
    `The network’s tensor “${tensor.name}” holds ${type} where ${wanted} is needed.`,
    'Get an export of the model in 32-bit floating point.',
  );
}
