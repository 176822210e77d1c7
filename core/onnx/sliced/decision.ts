/**
 * The class of each voxel, decided slice by slice inside of the network: the highest score, of equal ones the first. The scores of a
 * whole volume are many times as large as the volume; so they live for a slice only.
 */
import type { ValueShape } from '../buildModel.ts';
import type { ModelValue } from '../valueShape.ts';
import type { SlicedGraph } from './SlicedGraph.ts';

/** [D, H, W], bytes: the channel with the highest score. */
export const CLASSES_OUTPUT = 'sliced:classes';
/** [D]: the sum of each slice's scores, which is finite if all of them are. */
export const SUMS_OUTPUT = 'sliced:sums';

const UINT8 = 2;

/** @returns the outputs of the new network; null where the scores are not one value in slices, or have more classes than a byte */
export function decision(graph: SlicedGraph, outputs: readonly ModelValue[]): ValueShape[] | null {
  const [scores, ...others] = outputs;
  if (!scores || others.length > 0 || !graph.isSliced(scores.name)) return null;
  const value = graph.sliced(scores.name);
  const [part, ...more] = value.parts;
  if (!part || more.length > 0 || part.channels > 256) return null;
  const [depth, height, width] = value.size;
  const classes: string[] = [];
  const sums: string[] = [];
  const one = graph.ints([1]);
  for (let z = 0; z < depth; z++) {
    const plain = graph.plainSlice(part, z);
    const best = graph.node('ArgMax', [plain], 'best', { axis: { int: 1 }, keepdims: { int: 0 } });
    classes.push(graph.node('Cast', [best], 'class', { to: { int: UINT8 } }));
    sums.push(graph.node('Reshape', [graph.node('ReduceSum', [plain], 'sum', { keepdims: { int: 0 } }), one], 'sum'));
  }
  graph.builder.node('Concat', classes, [CLASSES_OUTPUT], { axis: { int: 0 } });
  graph.builder.node('Concat', sums, [SUMS_OUTPUT], { axis: { int: 0 } });
  return [
    { name: CLASSES_OUTPUT, dims: [depth, height, width], elementType: UINT8 },
    { name: SUMS_OUTPUT, dims: [depth] },
  ];
}
