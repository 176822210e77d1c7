/** What a model says of its inputs and outputs. */
import type { ModelProto, ValueInfoProto } from './onnxTypes.ts';

export interface ModelValue {
  readonly name: string;
  /** TensorProto.DataType; 0 where it is no tensor. */
  readonly elementType: number;
  /** null = any size; undefined as a whole where the model does not say. */
  readonly dims: readonly (bigint | null)[] | undefined;
}

/** Inputs that a caller must give: initialisers may stand in the list of inputs too. */
export function modelInputs({ graph }: ModelProto): ModelValue[] {
  const given = new Set(graph?.initializer.map((t) => t.name));
  return (graph?.input ?? []).filter(({ name }) => !given.has(name)).map(modelValue);
}

export function modelOutputs({ graph }: ModelProto): ModelValue[] {
  return (graph?.output ?? []).map(modelValue);
}

export function modelValue({ name, type }: ValueInfoProto): ModelValue {
  if (type?.value.case !== 'tensorType') return { name, elementType: 0, dims: undefined };
  const { elemType, shape } = type.value.value;
  const dims = shape?.dim.map(({ value }) => (value.case === 'dimValue' ? value.value : null));
  return { name, elementType: elemType, dims };
}
