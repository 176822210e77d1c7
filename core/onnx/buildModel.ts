/**
 * Writes networks node by node: names are given by the caller, tensors are float32 or int64, the result is a whole model. What reads
 * it: readModel.ts. Every dimension that is a text stands for any size.
 */
import { create } from '@bufbuild/protobuf';
import { modelSchema, nodeSchema } from './onnxSchema.ts';
import { AttributeType, FLOAT, type ModelProto, type NodeProto, type TensorProto } from './onnxTypes.ts';
import { tensorFromFloats, tensorFromInts } from './tensorValues.ts';

export type AttributeValue =
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly text: string }
  | { readonly tensor: TensorProto };

export interface ValueShape {
  readonly name: string;
  readonly dims: readonly (number | string)[];
  /** TensorProto.DataType; default: float32. */
  readonly elementType?: number;
}

export interface ModelOrigin {
  readonly producer: string;
  readonly producerVersion: string;
  /** Of ai.onnx. */
  readonly opset: number;
  readonly graphName: string;
}

/** IR versions that runtimes of the opset's time read. @see onnx/docs/Versioning.md */
const IR_VERSION = 9n;

export class ModelBuilder {
  readonly #nodes: NodeProto[] = [];
  readonly #tensors: TensorProto[] = [];
  readonly #domains = new Set<string>();

  /**
   * @param domain the operator set, '' = ai.onnx; another one is imported in its version 1
   * @returns the first output's name
   */
  node(
    operator: string,
    inputs: readonly string[],
    outputs: readonly [string, ...string[]],
    attributes: Readonly<Record<string, AttributeValue>> = {},
    domain = '',
  ): string {
    if (domain !== '') this.#domains.add(domain);
    const attribute = Object.entries(attributes).map(([name, value]) => ({ name, ...attributeFields(value) }));
    this.#nodes.push(
      create(nodeSchema, {
        opType: operator,
        domain,
        name: outputs[0],
        input: [...inputs],
        output: [...outputs],
        attribute,
      }),
    );
    return outputs[0];
  }

  /** @returns its name */
  floats(name: string, dims: readonly number[], values: Float32Array): string {
    this.#tensors.push(tensorFromFloats(name, dims, values));
    return name;
  }

  /** @returns its name */
  ints(name: string, dims: readonly number[], values: readonly number[]): string {
    this.#tensors.push(tensorFromInts(name, dims, values));
    return name;
  }

  /** A tensor of another model, under this name. */
  tensor(tensor: TensorProto, name: string): void {
    this.#tensors.push({ ...tensor, name });
  }

  /** A node of another model as it is; its inputs must stand under the same names here. */
  copy(node: NodeProto): void {
    if (node.domain !== '' && node.domain !== 'ai.onnx') this.#domains.add(node.domain);
    this.#nodes.push(node);
  }

  build(inputs: readonly ValueShape[], outputs: readonly ValueShape[], origin: ModelOrigin): ModelProto {
    return create(modelSchema, {
      irVersion: IR_VERSION,
      producerName: origin.producer,
      producerVersion: origin.producerVersion,
      opsetImport: [
        { domain: '', version: BigInt(origin.opset) },
        ...[...this.#domains].map((domain) => ({ domain, version: 1n })),
      ],
      graph: {
        name: origin.graphName,
        node: this.#nodes,
        initializer: this.#tensors,
        input: inputs.map(valueInfo),
        output: outputs.map(valueInfo),
      },
    });
  }
}

function attributeFields(value: AttributeValue): object {
  if ('int' in value) return { type: AttributeType.int, i: BigInt(value.int) };
  if ('ints' in value) return { type: AttributeType.ints, ints: value.ints.map(BigInt) };
  if ('floats' in value) return { type: AttributeType.floats, floats: [...value.floats] };
  if ('float' in value) return { type: AttributeType.float, f: value.float };
  if ('tensor' in value) return { type: AttributeType.tensor, t: value.tensor };
  const codes = Array.from(value.text, (c) => c.charCodeAt(0));
  return { type: AttributeType.string, s: Uint8Array.from(codes) };
}

function valueInfo({ name, dims, elementType = FLOAT }: ValueShape): object {
  const dim = dims.map((d) => ({
    value: typeof d === 'number' ? { case: 'dimValue', value: BigInt(d) } : { case: 'dimParam', value: d },
  }));
  return { name, type: { value: { case: 'tensorType', value: { elemType: elementType, shape: { dim } } } } };
}
