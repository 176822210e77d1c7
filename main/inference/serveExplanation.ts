/** One explanation in the inference process: the network's runs for it, in order, with progress between them. Called by serveRuns.ts. */
import ort from 'onnxruntime-node';
import { LanternError } from '#core/errors/lanternError.ts';
import type { Vector3 } from '#core/geometry/points.ts';
import { explainSegment } from '#core/inference/explain/explainSegment.ts';
import { runAttention } from '#core/inference/explain/runAttention.ts';
import { inputDims } from '#core/inference/inputTensor.ts';
import type { WindowScores } from '#core/inference/WindowLooks.ts';
import { bytesOf, type Volume } from '#core/volume/volume.ts';
import type { Explained, ExplainOrder } from './explanationMessages.ts';
import type { LoadedNetworks } from './LoadedNetworks.ts';
import { sendToHost } from './voxelPipe.ts';

export interface ExplanationMeans {
  readonly networks: LoadedNetworks;
  /** Tells the host; throws where it has cancelled. */
  progress(done: number, total: number, secondsLeft: number | null): Promise<void>;
  /** Tells the host what it may begin with when this is interrupted. */
  measured(mass: number): Promise<void>;
}

export async function explain(
  order: ExplainOrder,
  [volume, ...companions]: readonly [Volume, ...Volume[]],
  { networks, progress, measured }: ExplanationMeans,
): Promise<Explained> {
  const { asked } = order;
  const [member] = order.members;
  const { manifest } = member;
  let networkMs = 0;
  let runs = 0;
  const ask = async (values: Float32Array, size: Vector3, wanted: string | null): Promise<WindowScores> => {
    const network = await networks.network(member, order);
    const { inputNames, outputNames } = network.plain;
    const [input] = inputNames;
    const output = wanted ?? outputNames[0];
    if (input === undefined || output === undefined || !outputNames.includes(output)) throw missing(manifest.name);
    const tensor = new ort.Tensor('float32', values, inputDims(manifest.input, size));
    const { answers, milliseconds } = await network.run(tensor, [output]);
    const answer = answers[output];
    networkMs += milliseconds;
    runs++;
    if (!(answer?.data instanceof Float32Array)) throw missing(manifest.name);
    return { dims: answer.dims, scores: answer.data };
  };
  const told = (done: number, total: number): Promise<void> =>
    progress(done, total, runs === 0 ? null : ((networkMs / runs) * (total - done)) / 1000);

  // Before the volume is prepared: a network that can't be loaded is told at once.
  await networks.network(member, order);
  if (asked.kind === 'occlusion') {
    const runWindow = (values: Float32Array, size: Vector3) => ask(values, size, null);
    const hooks = { runWindow, progress: told, measured, known: asked.known };
    const segment = await explainSegment(volume, manifest, asked.segment, hooks, companions);
    return { kind: 'explained', networkSeconds: networkMs / 1000, found: { kind: 'occlusion', segment } };
  }
  const readMap = (values: Float32Array, size: Vector3) => ask(values, size, asked.map.output);
  const hooks = { readMap, progress: told };
  const { values, lowest, highest } = await runAttention(volume, manifest, asked.map, hooks, companions);
  sendToHost(bytesOf(values));
  return { kind: 'explained', networkSeconds: networkMs / 1000, found: { kind: 'attention', lowest, highest } };
}

function missing(name: string): LanternError {
  return new LanternError(
    'model/output-missing',
    `“${name}” does not answer as its manifest says: an output is missing or holds no floats.`,
    'Get the model pack again from its maker.',
  );
}
