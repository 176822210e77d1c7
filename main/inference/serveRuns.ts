/**
 * The loop of the inference process: takes one run at a time, answers with progress and the mask.
 * Between two windows it listens for a cancel; in the middle of one it can't, so the host ends the process then.
 */
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import ort from 'onnxruntime-node';
import { LanternError } from '#core/errors/lanternError.ts';
import type { Vector3 } from '#core/geometry/points.ts';
import { voxelCount } from '#core/geometry/volumeGeometry.ts';
import { placesOfDoubt } from '#core/inference/placesOfDoubt.ts';
import { type RunHooks, runModel, type WindowScores } from '#core/inference/runModel.ts';
import { bytesOf, bytesPerScalar, scalarsFromBytes } from '#core/volume/volume.ts';
import type { FromProcess, RunMember, RunOrder, ToProcess } from './inferenceMessages.ts';
import { KeptMemory } from './KeptMemory.ts';
import { LoadedNetworks } from './LoadedNetworks.ts';
import { receiveFromHost, sendToHost } from './voxelPipe.ts';

class Cancelled extends Error {}

const voxelMemory = new KeptMemory();
const inputMemory = new KeptMemory();
/** What ran last stays loaded. */
const networks = new LoadedNetworks();
let cancelRequested = false;

export function serveRuns(): void {
  const ceilingBytes = Number(process.argv[3]);
  if (ceilingBytes > 0) {
    const entry = process.argv[1] ?? fileURLToPath(import.meta.url);
    new Worker(entry, { workerData: ceilingBytes }).unref();
  }
  process.on('message', (message: ToProcess) => receive(message));
  // The host is gone: nobody waits for an answer any more.
  process.on('disconnect', () => process.exit(0));
}

function receive(message: ToProcess): void {
  cancelRequested = message.kind === 'cancel';
  if (message.kind === 'run') void answer(message);
}

async function answer(order: RunOrder): Promise<void> {
  try {
    const byteLength = voxelCount(order.geometry) * bytesPerScalar(order.scalarType);
    const bytes = new Uint8Array(voxelMemory.take(byteLength), 0, byteLength);
    receiveFromHost(bytes);
    await run(order, bytes);
  } catch (error) {
    if (error instanceof Cancelled) await send({ kind: 'cancelled' });
    else await send({ kind: 'failed', error: failureOf(error, order).toJSON() });
  }
}

async function run(order: RunOrder, bytes: Uint8Array): Promise<void> {
  const [first] = order.members;
  // Before the volume is prepared: a network that can't be loaded is told at once.
  await networks.session(first, order);
  let networkMs = 0;
  let windows = 0;

  const volume = { geometry: order.geometry, scalars: scalarsFromBytes(order.scalarType, bytes) };
  const hooks: RunHooks = {
    async runWindow(values: Float32Array, [ni, nj, nk]: Vector3, n: number): Promise<WindowScores> {
      const member = order.members[n] ?? first;
      const session = await networks.session(member, order);
      const { input, output } = endsOf(session, member);
      const from = performance.now();
      const answers = await session.run({ [input]: new ort.Tensor('float32', values, [1, 1, nk, nj, ni]) }, [output]);
      networkMs += performance.now() - from;
      windows++;
      const tensor = answers[output];
      if (!(tensor?.data instanceof Float32Array)) throw wrongOutput(member, `holds ${tensor?.type ?? 'nothing'}`);
      return { dims: tensor.dims, scores: tensor.data };
    },
    async progress(done, total) {
      const secondsLeft = windows === 0 ? null : ((networkMs / windows) * (total - done)) / 1000;
      await send({ kind: 'progress', done, total, secondsLeft });
      // A turn of the event loop, in which a cancel arrives.
      await new Promise((resolve) => setImmediate(resolve));
      if (cancelRequested) throw new Cancelled();
    },
    allocate: (length) => new Float32Array(inputMemory.take(4 * length), 0, length),
    maskPart: (voxels) => sendToHost(bytesOf(voxels)),
  };
  const { ways, doubt: wish } = order;
  const members = order.members.map(({ manifest }) => manifest);
  const { labelmap, doubt, trace, warnings } = await runModel(volume, first.manifest, hooks, {
    members,
    ways,
    doubt: wish,
  });
  if (wish !== 'no') sendToHost(doubt ?? new Uint8Array(voxelCount(order.geometry)));
  const places = doubt && placesOfDoubt({ geometry: order.geometry, labels: labelmap.voxels, doubt, ...first.manifest });
  await send({ kind: 'done', trace, warnings, places, networkSeconds: networkMs / 1000 });
}

function endsOf(session: ort.InferenceSession, member: RunMember): { input: string; output: string } {
  const [input] = session.inputNames;
  const [output] = session.outputNames;
  if (input === undefined || output === undefined) throw wrongOutput(member, 'is missing');
  return { input, output };
}

function wrongOutput({ manifest }: RunMember, how: string): LanternError {
  return new LanternError(
    'model/output-missing',
    `“${manifest.name}” does not answer as its manifest says: the output ${how}.`,
    'Get the model pack again from its maker.',
  );
}

function failureOf(error: unknown, order: RunOrder): LanternError {
  if (error instanceof LanternError) return error;
  const text = error instanceof Error ? error.message : '';
  if (/alloc|out of memory|array length/i.test(text)) {
    return new LanternError(
      'model/out-of-memory',
      `There was not enough memory to run “${order.members[0].manifest.name}” on this series.`,
      'Close other programs, or use a machine with more memory.',
      { cause: error },
    );
  }
  return new LanternError(
    'model/run-failed',
    `“${order.members[0].manifest.name}” stopped: its network does not fit what its manifest says of it.`,
    'Get the model pack again from its maker.',
    { cause: error },
  );
}

function send(message: FromProcess): Promise<void> {
  return new Promise((resolve) => {
    // An error means that the host is gone; 'disconnect' then ends this process.
    process.send?.(message, undefined, undefined, () => resolve());
  });
}
