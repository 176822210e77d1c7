/** The constants of a network that is being rewritten, as its operators read them. */
import { FLOAT, INT64, type TensorProto } from '../onnxTypes.ts';
import { floatsOf, intsOf } from '../tensorValues.ts';
import { NotSliced } from './slicedValue.ts';

export class KnownTensors {
  readonly #constants: ReadonlyMap<string, TensorProto>;

  constructor(constants: ReadonlyMap<string, TensorProto>) {
    this.#constants = constants;
  }

  isConstant(name: string): boolean {
    return this.#constants.has(name);
  }

  constant(name: string): TensorProto | undefined {
    return this.#constants.get(name);
  }

  /** @throws NotSliced unless it is a constant of 32-bit floats */
  constantFloats(name: string | undefined): { readonly dims: readonly number[]; readonly values: Float32Array } {
    const tensor = name === undefined ? undefined : this.#constants.get(name);
    if (tensor?.dataType !== FLOAT) throw new NotSliced(`${name} is no constant of floats`);
    return { dims: tensor.dims.map(Number), values: floatsOf(tensor) };
  }

  /** @throws NotSliced unless it is a constant of 64-bit integers */
  constantInts(name: string | undefined): readonly number[] {
    const tensor = name === undefined ? undefined : this.#constants.get(name);
    if (tensor?.dataType !== INT64) throw new NotSliced(`${name} is no constant of integers`);
    return intsOf(tensor).map(Number);
  }
}
