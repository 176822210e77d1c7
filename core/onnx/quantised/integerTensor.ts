/** Tensors of small integers, as quantised networks hold them. */
import { create } from '@bufbuild/protobuf';
import { tensorSchema } from '../onnxSchema.ts';
import type { TensorProto } from '../onnxTypes.ts';

/** TensorProto.DataType */
const UINT8 = 2;
const INT8 = 3;
const INT32 = 6;

export function integerTensor(
  name: string,
  dims: readonly number[],
  values: Uint8Array | Int8Array | Int32Array,
): TensorProto {
  const dataType = values instanceof Uint8Array ? UINT8 : values instanceof Int8Array ? INT8 : INT32;
  const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return create(tensorSchema, { name, dims: dims.map(BigInt), dataType, rawData });
}
