/**
 * Two output slices of a 3-tap kernel from four 2D convolutions instead of six: Winograd's F(2, 3) along the depth. With the input
 * slices d0 … d3 and taps g0, g1, g2:
 *   m0 = g0 (d0 − d2)   m1 = (g0 + g1 + g2)/2 (d1 + d2)   m2 = (g0 − g1 + g2)/2 (d2 − d1)   m3 = g2 (d1 − d3)
 *   first = m0 + m1 + m2   second = m1 − m2 − m3
 * The halves are exact, and no factor is above 1: rounding stays what it is. @see Lavin & Gray, arXiv 1509.09308
 */
import { type ConvolutionGeometry, tapsAt } from './convolutionGeometry.ts';
import type { SlicedGraph } from './SlicedGraph.ts';
import { OPEN_END, sliceSum, type Term } from './sliceSum.ts';

/** A blocked part of the input and its kernels: the taps along the depth, mixed. */
export interface MixableInput {
  readonly slices: readonly string[];
  /** @returns the name of Σ mix[t] · tap t */
  kernel(mix: readonly number[]): string;
}

export interface PairedSums {
  /** What the chain of each of the two starts with, and what is still to be added. */
  readonly first: { readonly start: string; readonly terms: readonly Term[] };
  readonly second: { readonly start: string; readonly terms: readonly Term[] };
}

/** @returns pairs of output slices (z, z + dilation) that have both middle slices; the others stay alone */
export function pairsOfSlices(geometry: ConvolutionGeometry): [number, number][] {
  const { kernel, strides, dilations, output } = geometry;
  if (kernel[0] !== 3 || strides[0] !== 1) return [];
  const pairs: [number, number][] = [];
  const step = dilations[0];
  for (let z = 0; z + step < output[0]; z++) {
    if (Math.floor(z / step) % 2 === 1) continue;
    const has = (slice: number, tap: number): boolean => tapsAt(geometry, slice).some((t) => t.tap === tap);
    if (has(z, 1) && has(z, 2)) pairs.push([z, z + step]);
  }
  return pairs;
}

export function pairedSums(
  graph: SlicedGraph,
  geometry: ConvolutionGeometry,
  inputs: readonly MixableInput[],
  z: number,
): PairedSums {
  const step = geometry.dilations[0];
  const at = z - geometry.before[0];
  const term = (slice: string, kernel: string): Term => ({ slice, weights: kernel });
  const middles = inputs.map(({ slices }) => ({ d1: slices[at + step]!, d2: slices[at + 2 * step]! }));
  const m1 = sliceSum(
    graph,
    geometry,
    inputs.map((input, n) => {
      const { d1, d2 } = middles[n]!;
      return term(graph.node('Add', [d1, d2], 'sum'), input.kernel([0.5, 0.5, 0.5]));
    }),
    OPEN_END,
  );
  const m2 = sliceSum(
    graph,
    geometry,
    inputs.map((input, n) => {
      const { d1, d2 } = middles[n]!;
      return term(graph.node('Sub', [d2, d1], 'difference'), input.kernel([0.5, -0.5, 0.5]));
    }),
    OPEN_END,
  );
  const first = inputs.map((input, n) => {
    const d0 = input.slices[at];
    const { d2 } = middles[n]!;
    // Beyond the edge lie zeros.
    if (d0 === undefined) return term(d2, input.kernel([-1, 0, 0]));
    return term(graph.node('Sub', [d0, d2], 'difference'), input.kernel([1, 0, 0]));
  });
  const second = inputs.map((input, n) => {
    const d3 = input.slices[at + 3 * step];
    const { d1 } = middles[n]!;
    if (d3 === undefined) return term(d1, input.kernel([0, 0, -1]));
    return term(graph.node('Sub', [d3, d1], 'difference'), input.kernel([0, 0, 1]));
  });
  return {
    first: { start: graph.node('Add', [m1, m2], 'both'), terms: first },
    second: { start: graph.node('Sub', [m1, m2], 'apart'), terms: second },
  };
}
