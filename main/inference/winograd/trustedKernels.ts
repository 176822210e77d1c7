/**
 * Whether this program's own kernels compute here what the runtime computes: a small network with layers of each kind must give the same
 * scores both ways before any is trusted, once per process, in some tenths of a second.
 */
import ort from 'onnxruntime-node';
import type { ModelProto } from '#core/onnx/onnxTypes.ts';
import { writeModel } from '#core/onnx/readModel.ts';
import type { Size3 } from '#core/onnx/sliced/slicedValue.ts';
import { planLayers } from '#core/onnx/winograd/planLayers.ts';
import { NetworkDraft } from '../networkDraft.ts';
import { createSession } from '../session.ts';
import { prepareNetwork, WinogradNetwork } from './WinogradNetwork.ts';

export const TRIAL_SIZE: Size3 = [12, 12, 12];
const TOLERANCE = 1e-4;

let known: Promise<boolean> | null = null;

export function areKernelsTrusted(): Promise<boolean> {
  known ??= compared().catch(() => false);
  return known;
}

async function compared(): Promise<boolean> {
  const model = trialNetwork();
  const plan = planLayers(model, TRIAL_SIZE);
  const prepared = plan && prepareNetwork(plan, 'scores');
  if (!prepared) return false;
  const image = Float32Array.from(
    { length: TRIAL_SIZE[0] * TRIAL_SIZE[1] * TRIAL_SIZE[2] },
    (_, n) => ((n * 2654435761) % 4093) / 4093,
  );
  // Its threads come while the runtime begins.
  const own = WinogradNetwork.begin(prepared);
  try {
    const session = await createSession(writeModel(model), 'cpu');
    const answer = await session.run({ image: new ort.Tensor('float32', image, [1, 1, ...TRIAL_SIZE]) });
    const plain = Object.values(answer)[0]?.data;
    await session.release();
    await own.ready;
    const { data } = own.scores(image);
    if (!(plain instanceof Float32Array) || plain.length !== data.length) return false;
    const scale = plain.reduce((most, v) => Math.max(most, Math.abs(v)), 1e-6);
    return plain.every((v, n) => Math.abs(v - data[n]!) <= TOLERANCE * scale);
  } finally {
    await own.release();
  }
}

/** A U-Net of one level: layers of each kind, and each activation. */
export function trialNetwork(): ModelProto {
  const draft = new NetworkDraft(1)
    .conv(5)
    .node('Elu', [], { alpha: { float: 1 } })
    .norm('InstanceNormalization');
  const skip = draft.node('Relu', []).now;
  draft.node('MaxPool', [], { kernel_shape: { ints: [2, 2, 2] }, strides: { ints: [2, 2, 2] } });
  draft.conv(12, { dilations: { ints: [2, 2, 2] }, pads: { ints: [2, 2, 2, 2, 2, 2] } });
  const around = draft.node('LeakyRelu', [], { alpha: { float: 0.1 } }).now;
  draft.conv(12, {}, [1, 3, 5]).node('Add', [around]).up(6, [2, 2, 2]).join(skip, 5);
  const [low, high] = [
    draft.builder.floats('low', [], Float32Array.of(-2)),
    draft.builder.floats('high', [], Float32Array.of(2)),
  ];
  return draft
    .conv(9)
    .norm('BatchNormalization')
    .node('Clip', [low, high])
    .conv(3, {}, [1, 1, 1])
    .finish(1, TRIAL_SIZE);
}
