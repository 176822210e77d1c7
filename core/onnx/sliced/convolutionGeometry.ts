/** Where a 3D convolution reads: its windows along depth, height and width. */
import type { NodeProto } from '../onnxTypes.ts';
import { intsOf, textOf } from './nodeAttributes.ts';
import { NotSliced, type Size3 } from './slicedValue.ts';

export interface ConvolutionGeometry {
  readonly kernel: Size3;
  readonly strides: Size3;
  readonly dilations: Size3;
  readonly before: Size3;
  readonly after: Size3;
  /** Of the input. */
  readonly depth: number;
  readonly output: Size3;
}

/** @param dims of the weights. @throws NotSliced */
export function convolutionGeometry(node: NodeProto, size: Size3, dims: readonly number[]): ConvolutionGeometry {
  if (dims.length !== 5) throw new NotSliced('not a 3D convolution');
  if (textOf(node, 'auto_pad', 'NOTSET') !== 'NOTSET') throw new NotSliced('auto_pad');
  const three = (name: string): Size3 => triple(intsOf(node, name, [1, 1, 1]));
  const [strides, dilations, kernel] = [three('strides'), three('dilations'), triple(dims.slice(2))];
  const pads = intsOf(node, 'pads', [0, 0, 0, 0, 0, 0]);
  const [before, after] = [triple(pads.slice(0, 3)), triple(pads.slice(3))];
  const along = (a: 0 | 1 | 2): number =>
    Math.floor((size[a] + before[a] + after[a] - dilations[a] * (kernel[a] - 1) - 1) / strides[a]) + 1;
  const output: Size3 = [along(0), along(1), along(2)];
  if (output.some((n) => n < 1) || pads.some((p) => p < 0)) throw new NotSliced('nothing is left');
  return { kernel, strides, dilations, before, after, depth: size[0], output };
}

/** The kernel's taps along the depth that meet a slice, for output slice z. */
export function tapsAt(geometry: ConvolutionGeometry, z: number): { readonly tap: number; readonly from: number }[] {
  const { kernel, strides, dilations, before, depth } = geometry;
  return Array.from({ length: kernel[0] }, (_, tap) => ({
    tap,
    from: z * strides[0] - before[0] + tap * dilations[0],
  })).filter(({ from }) => from >= 0 && from < depth);
}

export function triple(values: readonly number[]): Size3 {
  const [a, b, c] = values;
  if (a === undefined || b === undefined || c === undefined || values.length !== 3)
    throw new NotSliced('not three numbers');
  return [a, b, c];
}
