/**
 * ONNX messages as this program reads and writes them. Whole numbers of 64 bits are bigint, because a hostile file may hold any of
 * them; raw tensor bytes are views of the file that was read, little-endian. The descriptor they follow: onnxSchema.ts.
 */
import type { Message } from '@bufbuild/protobuf';

export type ModelProto = Message<'onnx.ModelProto'> & {
  irVersion: bigint;
  producerName: string;
  producerVersion: string;
  domain: string;
  modelVersion: bigint;
  docString: string;
  graph?: GraphProto;
  opsetImport: OperatorSetIdProto[];
  metadataProps: StringStringEntryProto[];
  trainingInfo: Message[];
  functions: FunctionProto[];
};

export type OperatorSetIdProto = Message<'onnx.OperatorSetIdProto'> & { domain: string; version: bigint };

export type StringStringEntryProto = Message<'onnx.StringStringEntryProto'> & { key: string; value: string };

export type FunctionProto = Message<'onnx.FunctionProto'> & { name: string; domain: string; node: NodeProto[] };

export type GraphProto = Message<'onnx.GraphProto'> & {
  node: NodeProto[];
  name: string;
  initializer: TensorProto[];
  docString: string;
  input: ValueInfoProto[];
  output: ValueInfoProto[];
  valueInfo: ValueInfoProto[];
  sparseInitializer: SparseTensorProto[];
  metadataProps: StringStringEntryProto[];
};

export type NodeProto = Message<'onnx.NodeProto'> & {
  input: string[];
  output: string[];
  name: string;
  opType: string;
  attribute: AttributeProto[];
  docString: string;
  domain: string;
};

export type AttributeProto = Message<'onnx.AttributeProto'> & {
  name: string;
  /** AttributeType of this program's constants below. */
  type: number;
  f: number;
  i: bigint;
  s: Uint8Array;
  t?: TensorProto;
  g?: GraphProto;
  floats: number[];
  ints: bigint[];
  strings: Uint8Array[];
  tensors: TensorProto[];
  graphs: GraphProto[];
  sparseTensor?: SparseTensorProto;
  sparseTensors: SparseTensorProto[];
};

export type TensorProto = Message<'onnx.TensorProto'> & {
  name: string;
  dims: bigint[];
  /** A key of DATA_TYPES. */
  dataType: number;
  floatData: number[];
  int32Data: number[];
  int64Data: bigint[];
  doubleData: number[];
  uint64Data: bigint[];
  stringData: Uint8Array[];
  rawData: Uint8Array;
  externalData: StringStringEntryProto[];
  /** 1 = the values lie in another file. */
  dataLocation: number;
};

export type SparseTensorProto = Message<'onnx.SparseTensorProto'> & {
  values?: TensorProto;
  indices?: TensorProto;
  dims: bigint[];
};

export type Dimension = Message<'onnx.Dimension'> & {
  value:
    | { case: 'dimValue'; value: bigint }
    | { case: 'dimParam'; value: string }
    | { case: undefined; value?: undefined };
};

export type TensorType = Message<'onnx.TensorType'> & {
  elemType: number;
  shape?: Message<'onnx.TensorShapeProto'> & { dim: Dimension[] };
};

export type TypeProto = Message<'onnx.TypeProto'> & {
  value: { case: 'tensorType'; value: TensorType } | { case: undefined; value?: undefined };
};

export type ValueInfoProto = Message<'onnx.ValueInfoProto'> & { name: string; type?: TypeProto };

export const AttributeType = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  ints: 7,
} as const;

export const EXTERNAL = 1;

/** TensorProto.DataType: name, and bits of one value (0 = of no fixed size). */
export const DATA_TYPES: Readonly<Record<number, { readonly name: string; readonly bits: number }>> = {
  1: { name: 'float', bits: 32 },
  2: { name: 'uint8', bits: 8 },
  3: { name: 'int8', bits: 8 },
  4: { name: 'uint16', bits: 16 },
  5: { name: 'int16', bits: 16 },
  6: { name: 'int32', bits: 32 },
  7: { name: 'int64', bits: 64 },
  8: { name: 'string', bits: 0 },
  9: { name: 'bool', bits: 8 },
  10: { name: 'float16', bits: 16 },
  11: { name: 'double', bits: 64 },
  12: { name: 'uint32', bits: 32 },
  13: { name: 'uint64', bits: 64 },
  14: { name: 'complex64', bits: 64 },
  15: { name: 'complex128', bits: 128 },
  16: { name: 'bfloat16', bits: 16 },
  17: { name: 'float8e4m3fn', bits: 8 },
  18: { name: 'float8e4m3fnuz', bits: 8 },
  19: { name: 'float8e5m2', bits: 8 },
  20: { name: 'float8e5m2fnuz', bits: 8 },
  21: { name: 'uint4', bits: 4 },
  22: { name: 'int4', bits: 4 },
  23: { name: 'float4e2m1', bits: 4 },
};

export const FLOAT = 1;
export const INT64 = 7;
