/** A copy of a network that also answers values in its middle, for calibration. */
import { create } from '@bufbuild/protobuf';
import { valueInfoSchema } from '../onnxSchema.ts';
import { FLOAT, type ModelProto } from '../onnxTypes.ts';
import { modelInputs } from '../valueShape.ts';

/** @param values names; the image itself among them is left out, the caller has it */
export function observedCopy(model: ModelProto, values: readonly string[]): ModelProto {
  const { graph } = model;
  if (!graph) throw new Error('a network without a graph');
  const known = new Set([...modelInputs(model), ...graph.output].map(({ name }) => name));
  // Without a shape: the runtime infers it.
  const type = { value: { case: 'tensorType' as const, value: { elemType: FLOAT } } };
  const added = values
    .filter((name) => !known.has(name))
    .map((name) => create(valueInfoSchema, { name, type } as object));
  return { ...model, graph: { ...graph, output: [...graph.output, ...added] } };
}
