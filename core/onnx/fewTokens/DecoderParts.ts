/** The exported decoder to read from, and the model that is written instead: what is written gives values under names of the export. */
import { LanternError } from '../../errors/lanternError.ts';
import type { AttributeValue, ModelBuilder } from '../buildModel.ts';
import { constantsOf } from '../constants.ts';
import type { GraphProto, NodeProto, TensorProto } from '../onnxTypes.ts';
import { floatsOf } from '../tensorValues.ts';

export class DecoderParts {
  readonly builder: ModelBuilder;
  readonly nodes: readonly NodeProto[];
  readonly constants: ReadonlyMap<string, TensorProto>;
  readonly #byName: ReadonlyMap<string, NodeProto>;

  constructor(graph: GraphProto, builder: ModelBuilder) {
    const { constants, nodes } = constantsOf(graph);
    this.builder = builder;
    this.nodes = nodes;
    this.constants = constants;
    this.#byName = new Map(nodes.map((node) => [node.name, node]));
  }

  /** @returns the name of what the node reads there @throws model/unexpected-tensor where the export has no such node */
  read(nodeName: string, place: number): string {
    const name = this.#byName.get(nodeName)?.input[place];
    if (name === undefined) throw anotherNetwork(nodeName);
    return name;
  }

  /** A weight that a node reads. @throws model/unexpected-tensor */
  weight(nodeName: string, place: number): Float32Array {
    const tensor = this.constants.get(this.read(nodeName, place));
    if (!tensor) throw anotherNetwork(nodeName);
    return floatsOf(tensor);
  }

  /** @param to names the result @param attributes as ModelBuilder's @returns `to` */
  node(
    operator: string,
    inputs: readonly string[],
    to: string,
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): string {
    return this.builder.node(operator, inputs, [to], attributes);
  }

  /** As ONNX's Reshape: 0 keeps a dimension, −1 takes the rest. */
  reshape(from: string, dims: readonly number[], to: string): string {
    return this.node('Reshape', [from, this.builder.ints(`${to}:dims`, [dims.length], dims)], to);
  }

  transpose(from: string, perm: readonly number[], to: string): string {
    return this.node('Transpose', [from], to, { perm: { ints: perm } });
  }

  floats(name: string, dims: readonly number[], values: Float32Array): string {
    return this.builder.floats(name, dims, values);
  }
}

/** @param missing node or value that the export has */
export function anotherNetwork(missing: string): LanternError {
  return new LanternError(
    'model/unexpected-tensor',
    `The decoder of the prompt tool is not the one that this version of Lantern knows (“${missing}” is missing).`,
    'Install the program again; from source, run npm ci.',
  );
}
