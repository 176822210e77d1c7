/**
 * Scales by channel came with operator set 13. Older networks are raised to it: operators whose attributes became inputs are rewritten,
 * the others that our networks use mean the same in both. @see onnx/docs/Changelog.md
 */
import { create } from '@bufbuild/protobuf';
import { LanternError } from '../../errors/lanternError.ts';
import { nodeSchema } from '../onnxSchema.ts';
import type { ModelProto, NodeProto, TensorProto } from '../onnxTypes.ts';
import { tensorFromInts } from '../tensorValues.ts';

const WITH_CHANNEL_SCALES = 13;
const OLDEST = 11;

/** Attribute that became the second input in version 13. */
const MOVED: Readonly<Record<string, string>> = {
  Squeeze: 'axes',
  Unsqueeze: 'axes',
  ReduceSum: 'axes',
  Split: 'split',
};
/** Before 13 they flattened all axes from `axis` on. Only over the last axis is that the same. */
const FLATTENED = new Set(['Softmax', 'LogSoftmax', 'Hardmax']);

export interface RaisedNodes {
  readonly nodes: readonly NodeProto[];
  /** New constants that they read. */
  readonly tensors: readonly TensorProto[];
  readonly opset: number;
}

function opsetOf({ opsetImport }: ModelProto): number {
  return Number(opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0n);
}

/** @throws model/old-operators */
export function raiseOpset(model: ModelProto, nodes: readonly NodeProto[]): RaisedNodes {
  const opset = opsetOf(model);
  if (opset >= WITH_CHANNEL_SCALES) return { nodes, tensors: [], opset };
  if (opset < OLDEST) throw tooOld(`its operator set is ${opset}`);
  const tensors: TensorProto[] = [];
  const raised = nodes.map((node): NodeProto => {
    if (FLATTENED.has(node.opType) && node.attribute.find(({ name }) => name === 'axis')?.i !== -1n) {
      throw tooOld(`its ${node.opType} means something else in a newer operator set`);
    }
    const moved = node.attribute.find(({ name }) => name === MOVED[node.opType]);
    if (!moved) return node;
    const name = `raised:${node.output[0]}`;
    tensors.push(tensorFromInts(name, [moved.ints.length], moved.ints.map(Number)));
    const { opType, domain, output } = node;
    const attribute = node.attribute.filter((a) => a !== moved);
    return create(nodeSchema, {
      opType,
      domain,
      name: node.name,
      input: [node.input[0] ?? '', name],
      output,
      attribute,
    });
  });
  return { nodes: raised, tensors, opset: WITH_CHANNEL_SCALES };
}

function tooOld(why: string): LanternError {
  return new LanternError(
    'model/old-operators',
    `This network cannot be quantised: ${why}.`,
    `Ask the model’s maker for an export with operator set ${WITH_CHANNEL_SCALES} or newer.`,
  );
}
