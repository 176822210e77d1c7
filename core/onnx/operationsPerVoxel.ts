/**
 * How much a network computes for each voxel that it is given: the multiplications and additions of its convolutions and matrix
 * products, which is where nearly all of its time goes. An estimate: borders and small operators are left out.
 */
import type { ModelProto, NodeProto, TensorProto } from './onnxTypes.ts';
import { floatsOf } from './tensorValues.ts';
import { modelInputs } from './valueShape.ts';

/** Operators that run other graphs: how often is not known beforehand. */
const BRANCHES = new Set(['If', 'Loop', 'Scan']);
/** Operators that are counted. */
const COUNTED = new Set(['Conv', 'ConvInteger', 'ConvTranspose', 'MatMul', 'Gemm']);
/** Operators that pass weights on in another form. */
const WEIGHT_FORMS = new Set(['Identity', 'DequantizeLinear', 'Cast']);

/** @returns floating point operations, a multiplication and an addition counted as two; null where it cannot be told */
export function operationsPerVoxel({ graph }: ModelProto): number | null {
  if (!graph) return null;
  const weights = new Map<string, TensorProto>(graph.initializer.map((tensor) => [tensor.name, tensor]));
  /** Of every value that depends on the image: its voxels, in those of the image. */
  const extents = new Map<string, number>();
  const [image] = modelInputs({ graph } as ModelProto);
  if (image) extents.set(image.name, 1);
  let operations = 0;
  for (const node of graph.node) {
    if (BRANCHES.has(node.opType)) return null;
    passOnWeights(node, weights);
    const extent = node.input.map((name) => extents.get(name)).find((e) => e !== undefined);
    if (extent === undefined) {
      if (COUNTED.has(node.opType)) return null;
      continue;
    }
    const after = extentAfter(node, extent, weights);
    const [, weight = ''] = node.input;
    const size = weights.get(weight)?.dims.reduce((product, d) => product * Number(d), 1);
    switch (node.opType) {
      case 'Conv':
      case 'ConvInteger':
        if (size === undefined || after === null) return null;
        operations += 2 * size * after;
        break;
      case 'ConvTranspose':
        if (size === undefined) return null;
        operations += 2 * size * extent;
        break;
      case 'MatMul':
      case 'Gemm':
        // A product of two values of the image (attention) grows otherwise than with its size.
        if (size === undefined) return null;
        operations += 2 * size * extent;
    }
    if (after !== null) for (const name of node.output) extents.set(name, after);
  }
  return operations > 0 ? operations : null;
}

function passOnWeights(node: NodeProto, weights: Map<string, TensorProto>): void {
  const constant = node.opType === 'Constant' ? node.attribute.find((a) => a.name === 'value')?.t : undefined;
  const passed = WEIGHT_FORMS.has(node.opType) ? weights.get(node.input[0] ?? '') : undefined;
  const tensor = constant ?? passed;
  if (tensor) weights.set(node.output[0] ?? '', tensor);
}

/** @returns null where the size is computed while it runs: then another input of the next operator tells it (a skip connection) */
function extentAfter(node: NodeProto, extent: number, weights: ReadonlyMap<string, TensorProto>): number | null {
  const strides = node.attribute.find((a) => a.name === 'strides')?.ints ?? [];
  const stride = strides.reduce((product, s) => product * Number(s), 1);
  switch (node.opType) {
    case 'Conv':
    case 'ConvInteger':
    case 'MaxPool':
    case 'AveragePool':
    case 'LpPool':
      return extent / stride;
    case 'ConvTranspose':
      return extent * stride;
    case 'Upsample':
      return scaled(extent, weights.get(node.input[1] ?? ''));
    case 'Resize':
      return scaled(extent, weights.get(node.input[2] ?? ''));
    case 'GlobalAveragePool':
    case 'GlobalMaxPool':
      return 0;
    case 'MaxUnpool':
      return extent * stride;
    case 'Shape':
    case 'Size':
      return null;
    default:
      return extent;
  }
}

function scaled(extent: number, scales: TensorProto | undefined): number | null {
  if (!scales || scales.dims[0] === 0n) return null;
  return floatsOf(scales).reduce((product, s) => product * s, extent);
}
