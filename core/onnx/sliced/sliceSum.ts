/** One output slice of a convolution: a chain of 2D convolutions, each adding to the one before in place. */
import type { AttributeValue } from '../buildModel.ts';
import type { ConvolutionGeometry } from './convolutionGeometry.ts';
import type { SlicedGraph } from './SlicedGraph.ts';
import { NotSliced } from './slicedValue.ts';

/** A 2D tensor and the kernel that reads it. */
export interface Term {
  readonly slice: string;
  readonly weights: string;
}

export interface ChainEnd {
  /** Name of the bias, '' = none. */
  readonly bias: string;
  readonly activation: Readonly<Record<string, AttributeValue>>;
}

export const OPEN_END: ChainEnd = { bias: '', activation: {} };

/**
 * @param start name of a slice to add to, '' = none; nothing else may read it
 * @returns the name of the sum
 */
export function sliceSum(
  graph: SlicedGraph,
  { kernel, strides, dilations, before, after }: ConvolutionGeometry,
  terms: readonly Term[],
  { bias, activation }: ChainEnd,
  { start = '', group = 1 } = {},
): string {
  if (terms.length === 0) throw new NotSliced('a slice of nothing but padding');
  const plane = {
    kernel_shape: { ints: kernel.slice(1) },
    strides: { ints: strides.slice(1) },
    dilations: { ints: dilations.slice(1) },
    pads: { ints: [before[1], before[2], after[1], after[2]] },
    group: { int: group },
  };
  return terms.reduce((sum, { slice, weights }, n) => {
    const isLast = n === terms.length - 1;
    const inputs = [slice, weights, isLast ? bias : '', sum];
    while (inputs.at(-1) === '') inputs.pop();
    return graph.blockedNode('Conv', inputs, 'sum', { ...plane, ...(isLast && activation) });
  }, start);
}
