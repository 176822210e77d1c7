/**
 * The messages of ONNX as a protocol buffers descriptor: field numbers, kinds, nothing else. Fields of later versions that are not
 * named here are kept by the library as they came, so a model that is read and written loses nothing.
 * @see onnx/onnx.proto (IR version 11). Next: onnxTypes.ts, readModel.ts.
 */
import { create, createFileRegistry, type Message } from '@bufbuild/protobuf';
import type { GenMessage } from '@bufbuild/protobuf/codegenv2';
import {
  type DescriptorProto,
  DescriptorProtoSchema,
  FieldDescriptorProtoSchema,
  FieldOptionsSchema,
  FileDescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  OneofDescriptorProtoSchema,
  FieldDescriptorProto_Type as Type,
} from '@bufbuild/protobuf/wkt';
import type { ModelProto, NodeProto, TensorProto, ValueInfoProto } from './onnxTypes.ts';

/** Field → "number kind", with `[]` for repeated, `[packed]` for repeated in one piece, `|` before the kind for a member of `value`. */
const MESSAGES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ModelProto: {
    ir_version: '1 int64',
    producer_name: '2 string',
    producer_version: '3 string',
    domain: '4 string',
    model_version: '5 int64',
    doc_string: '6 string',
    graph: '7 GraphProto',
    opset_import: '8 [] OperatorSetIdProto',
    metadata_props: '14 [] StringStringEntryProto',
    training_info: '20 [] TrainingInfoProto',
    functions: '25 [] FunctionProto',
  },
  OperatorSetIdProto: { domain: '1 string', version: '2 int64' },
  StringStringEntryProto: { key: '1 string', value: '2 string' },
  TrainingInfoProto: {
    initialization: '1 GraphProto',
    algorithm: '2 GraphProto',
    initialization_binding: '3 [] StringStringEntryProto',
    update_binding: '4 [] StringStringEntryProto',
  },
  FunctionProto: {
    name: '1 string',
    input: '4 [] string',
    output: '5 [] string',
    attribute: '6 [] string',
    node: '7 [] NodeProto',
    doc_string: '8 string',
    opset_import: '9 [] OperatorSetIdProto',
    domain: '10 string',
    attribute_proto: '11 [] AttributeProto',
    value_info: '12 [] ValueInfoProto',
    overload: '13 string',
    metadata_props: '14 [] StringStringEntryProto',
  },
  GraphProto: {
    node: '1 [] NodeProto',
    name: '2 string',
    initializer: '5 [] TensorProto',
    doc_string: '10 string',
    input: '11 [] ValueInfoProto',
    output: '12 [] ValueInfoProto',
    value_info: '13 [] ValueInfoProto',
    quantization_annotation: '14 [] TensorAnnotation',
    sparse_initializer: '15 [] SparseTensorProto',
    metadata_props: '16 [] StringStringEntryProto',
  },
  TensorAnnotation: { tensor_name: '1 string', quant_parameter_tensor_names: '2 [] StringStringEntryProto' },
  NodeProto: {
    input: '1 [] string',
    output: '2 [] string',
    name: '3 string',
    op_type: '4 string',
    attribute: '5 [] AttributeProto',
    doc_string: '6 string',
    domain: '7 string',
    overload: '8 string',
    metadata_props: '9 [] StringStringEntryProto',
  },
  AttributeProto: {
    name: '1 string',
    f: '2 float',
    i: '3 int64',
    s: '4 bytes',
    t: '5 TensorProto',
    g: '6 GraphProto',
    floats: '7 [] float',
    ints: '8 [] int64',
    strings: '9 [] bytes',
    tensors: '10 [] TensorProto',
    graphs: '11 [] GraphProto',
    doc_string: '13 string',
    tp: '14 TypeProto',
    type_protos: '15 [] TypeProto',
    type: '20 int32',
    ref_attr_name: '21 string',
    sparse_tensor: '22 SparseTensorProto',
    sparse_tensors: '23 [] SparseTensorProto',
  },
  TensorProto: {
    dims: '1 [] int64',
    data_type: '2 int32',
    segment: '3 TensorSegment',
    float_data: '4 [packed] float',
    int32_data: '5 [packed] int32',
    string_data: '6 [] bytes',
    int64_data: '7 [packed] int64',
    name: '8 string',
    raw_data: '9 bytes',
    double_data: '10 [packed] double',
    uint64_data: '11 [packed] uint64',
    doc_string: '12 string',
    external_data: '13 [] StringStringEntryProto',
    data_location: '14 int32',
    metadata_props: '16 [] StringStringEntryProto',
  },
  TensorSegment: { begin: '1 int64', end: '2 int64' },
  SparseTensorProto: { values: '1 TensorProto', indices: '2 TensorProto', dims: '3 [] int64' },
  ValueInfoProto: {
    name: '1 string',
    type: '2 TypeProto',
    doc_string: '3 string',
    metadata_props: '4 [] StringStringEntryProto',
  },
  TypeProto: {
    tensor_type: '1 |TensorType',
    sequence_type: '4 |SequenceType',
    map_type: '5 |MapType',
    denotation: '6 string',
    opaque_type: '7 |OpaqueType',
    sparse_tensor_type: '8 |TensorType',
    optional_type: '9 |SequenceType',
  },
  TensorType: { elem_type: '1 int32', shape: '2 TensorShapeProto' },
  SequenceType: { elem_type: '1 TypeProto' },
  MapType: { key_type: '1 int32', value_type: '2 TypeProto' },
  OpaqueType: { domain: '1 string', name: '2 string' },
  TensorShapeProto: { dim: '1 [] Dimension' },
  Dimension: { dim_value: '1 |int64', dim_param: '2 |string', denotation: '3 string' },
};

const SCALARS: Readonly<Record<string, Type>> = {
  int32: Type.INT32,
  int64: Type.INT64,
  uint64: Type.UINT64,
  float: Type.FLOAT,
  double: Type.DOUBLE,
  string: Type.STRING,
  bytes: Type.BYTES,
};

/** What a field holds, for whoever walks the bytes without building objects (measureModel.ts). */
export interface WireField {
  /** A message's name, or a scalar's. */
  readonly kind: string;
  readonly isMessage: boolean;
  readonly repeated: boolean;
}

const parsed = new Map(
  Object.entries(MESSAGES).map(([name, fields]) => [
    name,
    Object.entries(fields).map(([field, spec]) => ({ field, ...parseSpec(spec) })),
  ]),
);

/** By message and field number. */
export const wireFields: ReadonlyMap<string, ReadonlyMap<number, WireField>> = new Map(
  [...parsed].map(([name, fields]) => [name, new Map(fields.map((f) => [f.number, f]))]),
);

const registry = createFileRegistry(
  create(FileDescriptorProtoSchema, {
    name: 'onnx.proto',
    package: 'onnx',
    syntax: 'proto2',
    messageType: [...parsed.keys()].map(messageDescriptor),
  }),
  () => undefined,
);

export const modelSchema = schema<ModelProto>('ModelProto');
export const nodeSchema = schema<NodeProto>('NodeProto');
export const tensorSchema = schema<TensorProto>('TensorProto');
export const valueInfoSchema = schema<ValueInfoProto>('ValueInfoProto');

function schema<T extends Message>(name: string): GenMessage<T> {
  const found = registry.getMessage(`onnx.${name}`);
  if (!found) throw new Error(`onnx.${name} is not described`);
  return found as unknown as GenMessage<T>;
}

function parseSpec(spec: string): WireField & { number: number; packed: boolean; inValue: boolean } {
  const [number = '', ...rest] = spec.split(' ');
  const last = rest.at(-1) ?? '';
  const kind = last.replace('|', '');
  return {
    number: Number(number),
    kind,
    isMessage: !(kind in SCALARS),
    repeated: rest.length > 1,
    packed: rest[0] === '[packed]',
    inValue: last.startsWith('|'),
  };
}

function messageDescriptor(name: string): DescriptorProto {
  const fields = parsed.get(name) ?? [];
  return create(DescriptorProtoSchema, {
    name,
    field: fields.map(({ field, number, kind, isMessage, repeated, packed, inValue }) =>
      create(FieldDescriptorProtoSchema, {
        name: field,
        number,
        label: repeated ? Label.REPEATED : Label.OPTIONAL,
        ...(isMessage ? { type: Type.MESSAGE, typeName: `.onnx.${kind}` } : { type: SCALARS[kind]! }),
        ...(packed && { options: create(FieldOptionsSchema, { packed: true }) }),
        ...(inValue && { oneofIndex: 0 }),
      }),
    ),
    oneofDecl: fields.some((f) => f.inValue) ? [create(OneofDescriptorProtoSchema, { name: 'value' })] : [],
  });
}
