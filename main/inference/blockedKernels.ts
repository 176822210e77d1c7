/**
 * Whether this machine's runtime has the blocked 2D kernels that rewritten networks (core/onnx/sliced) are made of, and how large its
 * blocks are. A small network must give the same both ways before any is trusted: once per process, some hundredths of a second.
 */
import ort from 'onnxruntime-node';
import { convolutionNetwork } from '#core/inference/onnx/convolutionNetwork.ts';
import { ModelBuilder } from '#core/onnx/buildModel.ts';
import { readModel, writeModel } from '#core/onnx/readModel.ts';
import { BLOCKED_DOMAIN } from '#core/onnx/sliced/SlicedGraph.ts';
import { sliceNetwork } from '#core/onnx/sliced/sliceNetwork.ts';
import { createSession, createSlicedSession } from './session.ts';

/** Larger than any block that there is. */
const CHANNELS = 64;
const SIDE = 8;
const TOLERANCE = 1e-5;

let known: Promise<number | null> | null = null;

/** @returns channels in a block; null where networks must run as they are */
export function blockSize(): Promise<number | null> {
  known ??= measuredBlock().catch(() => null);
  return known;
}

async function measuredBlock(): Promise<number | null> {
  const block = await orderOfChannels();
  if (block === null) return null;
  const network = convolutionNetwork({ widths: [8, 16, 24], classes: 3 });
  const sliced = sliceNetwork(readModel(network), [SIDE, SIDE, SIDE], block);
  if (!sliced) throw new Error('the trial network is no 3D network');
  const sessions = [await createSession(network, 'cpu'), await createSlicedSession(writeModel(sliced.model))];
  const values = Float32Array.from({ length: SIDE ** 3 }, (_, n) => ((n * 2654435761) % 4093) / 4093);
  const feed = { image: new ort.Tensor('float32', values, [1, 1, SIDE, SIDE, SIDE]) };
  const [plain, rewritten] = await Promise.all(sessions.map(async (s) => (await s.run(feed))['scores']?.data));
  await Promise.all(sessions.map((s) => s.release()));
  if (!(plain instanceof Float32Array && rewritten instanceof Float32Array)) return null;
  const scale = plain.reduce((most, v) => Math.max(most, Math.abs(v)), 1e-6);
  return plain.every((v, n) => Math.abs(v - rewritten[n]!) <= TOLERANCE * scale) ? block : null;
}

/** Two voxels in many channels show after how many channels the second voxel comes. */
async function orderOfChannels(): Promise<number | null> {
  const builder = new ModelBuilder();
  builder.node('ReorderInput', ['image'], ['blocked'], {}, BLOCKED_DOMAIN);
  const dims = [1, CHANNELS, 1, 2];
  const ends = [{ name: 'image', dims }] as const;
  const model = builder.build(ends, [{ name: 'blocked', dims }], {
    producer: 'lantern',
    producerVersion: '1',
    opset: 17,
    graphName: 'order',
  });
  const session = await createSlicedSession(writeModel(model));
  // The value of a voxel is 2 · channel + column.
  const values = Float32Array.from({ length: 2 * CHANNELS }, (_, n) => n);
  const answer = await session.run({ image: new ort.Tensor('float32', values, dims) });
  await session.release();
  const order = answer['blocked']?.data;
  if (!(order instanceof Float32Array)) return null;
  const block = order.indexOf(1);
  return block > 1 && block < CHANNELS ? block : null;
}
