/**
 * A network for voxels that are larger than those it was trained on: dilated convolutions reach over as many millimetres as before, so
 * that it sees as far as it is used to (on a grid three times as coarse a MeshNet's look agrees with its full answer with Dice 0.65
 * instead of 0.03, docs/decisions/0007).
 */
import type { ModelProto, NodeProto } from './onnxTypes.ts';
import { intsOf } from './sliced/nodeAttributes.ts';
import { modelInputs } from './valueShape.ts';

/**
 * @param factor how much larger the voxels are, above 1
 * @returns null where no convolution over the image's axes is dilated, or one of them does not state how it keeps its size
 */
export function dividedDilations(model: ModelProto, factor: number): ModelProto | null {
  const { graph } = model;
  // What sees a window slice by slice, or as a whole, sees no farther for a dilation.
  const axes = (modelInputs(model)[0]?.dims?.length ?? 0) - 2;
  const dilated = graph?.node.filter((node) => node.opType === 'Conv' && isDilated(node, axes)) ?? [];
  if (!graph || dilated.length === 0 || !dilated.every(keepsSize)) return null;
  const node = graph.node.map((one) => (dilated.includes(one) ? divided(one, factor) : one));
  // Shapes that were noted inside of the network are those of before.
  return { ...model, graph: { ...graph, node, valueInfo: [] } };
}

function isDilated(node: NodeProto, axes: number): boolean {
  const dilations = intsOf(node, 'dilations', []);
  return dilations.length === axes && dilations.some((dilation) => dilation > 1);
}

/** Padded on either side by dilation × (kernel − 1) ÷ 2, in steps of one voxel. */
function keepsSize(node: NodeProto): boolean {
  const kernel = intsOf(node, 'kernel_shape', []);
  const reach = intsOf(node, 'dilations', []).map((dilation, axis) => (dilation * ((kernel[axis] ?? 0) - 1)) / 2);
  const pads = intsOf(node, 'pads', []);
  return (
    kernel.every((size) => size % 2 === 1) &&
    intsOf(node, 'strides', []).every((stride) => stride === 1) &&
    pads.length === 2 * reach.length &&
    pads.every((pad, n) => pad === reach[n % reach.length])
  );
}

function divided(node: NodeProto, factor: number): NodeProto {
  const kernel = intsOf(node, 'kernel_shape', []);
  const dilations = intsOf(node, 'dilations', []).map((dilation) => Math.max(1, Math.round(dilation / factor)));
  const pads = dilations.map((dilation, axis) => (dilation * ((kernel[axis] ?? 1) - 1)) / 2);
  const changed: Readonly<Record<string, readonly number[]>> = { dilations, pads: [...pads, ...pads] };
  const attribute = node.attribute.map((one) => {
    const ints = changed[one.name];
    return ints ? { ...one, ints: ints.map(BigInt) } : one;
  });
  return { ...node, attribute };
}
