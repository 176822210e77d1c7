/**
 * Whether this program's own kernels compute here what the runtime computes: a small network must give the same both ways before any is
 * trusted, once per process, in some hundredths of a second.
 */
import ort from 'onnxruntime-node';
import { convolutionNetwork } from '#core/inference/onnx/convolutionNetwork.ts';
import { readModel } from '#core/onnx/readModel.ts';
import { planLayers } from '#core/onnx/winograd/planLayers.ts';
import { createSession } from '../session.ts';
import { prepareNetwork, WinogradNetwork } from './WinogradNetwork.ts';

const SIDE = 10;
const TOLERANCE = 1e-4;

let known: Promise<boolean> | null = null;

export function areKernelsTrusted(): Promise<boolean> {
  known ??= compared().catch(() => false);
  return known;
}

async function compared(): Promise<boolean> {
  const network = convolutionNetwork({ widths: [8, 20], classes: 3 });
  const plan = planLayers(readModel(network), [SIDE, SIDE, SIDE]);
  const prepared = plan && prepareNetwork(plan, 'scores');
  if (!prepared) return false;
  const image = Float32Array.from({ length: SIDE ** 3 }, (_, n) => ((n * 2654435761) % 4093) / 4093);
  const session = await createSession(network, 'cpu');
  const answer = await session.run({ image: new ort.Tensor('float32', image, [1, 1, SIDE, SIDE, SIDE]) });
  const plain = answer['scores']?.data;
  await session.release();
  const own = await WinogradNetwork.start(prepared);
  try {
    const { data } = own.scores(image);
    if (!(plain instanceof Float32Array) || plain.length !== data.length) return false;
    const scale = plain.reduce((most, v) => Math.max(most, Math.abs(v)), 1e-6);
    return plain.every((v, n) => Math.abs(v - data[n]!) <= TOLERANCE * scale);
  } finally {
    await own.release();
  }
}
