/**
 * Which layers can be computed in integers, and which values then stand in 8 bits: what those layers read and answer. ONNX Runtime's
 * processor kernels have Conv (of any dimensions), MatMul and Gemm in integers, and between them MaxPool, AveragePool, Concat, Add,
 * LeakyRelu, Resize and changes of shape; ConvTranspose and normalisations have no such kernel and stay float.
 * Next: quantiseNetwork.ts
 */
import type { NodeProto, TensorProto } from '../onnxTypes.ts';
import { FLOAT } from '../onnxTypes.ts';

export interface QuantisableLayer {
  readonly node: NodeProto;
  /** Of the output channels, in the weights. */
  readonly axis: number;
  /** Its answer, behind the ReLU where one follows: then both are one kernel. */
  readonly output: string;
}

/** What may stand between two layers without leaving the integers. */
export const PASSING = new Set([
  'MaxPool',
  'AveragePool',
  'GlobalAveragePool',
  'Concat',
  'Add',
  'LeakyRelu',
  'Resize',
  'Reshape',
  'Transpose',
  'Flatten',
  'Squeeze',
  'Unsqueeze',
]);

/** Of them, those whose answers are values that they read: their scale is that of their input. */
export const SAME_SCALE = new Set(['MaxPool', 'Reshape', 'Transpose', 'Flatten', 'Squeeze', 'Unsqueeze']);

export interface LayerContext {
  readonly nodes: readonly NodeProto[];
  readonly constants: ReadonlyMap<string, TensorProto>;
  readonly readers: ReadonlyMap<string, number>;
  readonly graphOutputs: ReadonlySet<string>;
}

/** In the order in which they run. */
export function quantisableLayers({ nodes, constants, readers, graphOutputs }: LayerContext): QuantisableLayer[] {
  return nodes.flatMap((node, n) => {
    const axis = outputAxis(node, constants);
    const [raw] = node.output;
    if (axis === null || raw === undefined || constants.has(node.input[0] ?? '')) return [];
    const after = nodes.slice(n + 1).find(({ input }) => input.includes(raw));
    const isFused = after?.opType === 'Relu' && readers.get(raw) === 1;
    const output = isFused ? (after.output[0] ?? raw) : raw;
    // What is answered to the caller must be float.
    return graphOutputs.has(raw) || graphOutputs.has(output) ? [] : [{ node, axis, output }];
  });
}

/** @returns null where it has no kernel in integers */
function outputAxis(node: NodeProto, constants: ReadonlyMap<string, TensorProto>): number | null {
  const [, weight = '', bias] = node.input;
  const weights = constants.get(weight);
  if ((node.domain !== '' && node.domain !== 'ai.onnx') || weights?.dataType !== FLOAT) return null;
  if (bias && constants.get(bias)?.dataType !== FLOAT) return null;
  const int = (name: string): bigint => node.attribute.find((a) => a.name === name)?.i ?? 0n;
  const isOne = (name: string): boolean => (node.attribute.find((a) => a.name === name)?.f ?? 1) === 1;
  switch (node.opType) {
    case 'Conv':
      return 0;
    case 'MatMul':
      return weights.dims.length === 2 ? 1 : null;
    case 'Gemm':
      return int('transA') === 0n && isOne('alpha') && isOne('beta') ? 1 - Number(int('transB')) : null;
    default:
      return null;
  }
}
