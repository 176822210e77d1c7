/**
 * The loop of the inference process: takes one run at a time, answers with progress and the mask.
 * Between two windows it listens for a cancel; in the middle of one it can't, so the host ends the process then.
 */
import ort from 'onnxruntime-node';
import { LanternError } from '#core/errors/lanternError.ts';
import type { Vector3 } from '#core/geometry/points.ts';
import { voxelCount } from '#core/geometry/volumeGeometry.ts';
import type { InferenceWarning } from '#core/inference/inferenceWarning.ts';
import { inputDims } from '#core/inference/inputTensor.ts';
import type { NamedTensor, SliceAnswer } from '#core/inference/instances/readFindings.ts';
import { runInstances } from '#core/inference/instances/runInstances.ts';
import { placesOfDoubt } from '#core/inference/placesOfDoubt.ts';
import { runModel, type WindowScores } from '#core/inference/runModel.ts';
import { singleLabels } from '#core/inference/sharedVoxels.ts';
import { gatePose, gateValues } from '#core/inference/voxelGate.ts';
import type { DecidedWindow, DecisionWish } from '#core/inference/WindowLooks.ts';
import type { Labelmap } from '#core/segmentation/labelmap.ts';
import { bytesOf, bytesPerScalar, scalarsFromBytes, type Volume } from '#core/volume/volume.ts';
import { coarseBytes, coarseLook, readyLook } from './coarseLook.ts';
import type { Explained, ExplainOrder, Measured } from './explanationMessages.ts';
import { guardMemory } from './guardMemory.ts';
import type { FromProcess, RunMember, RunOrder, ToProcess } from './inferenceMessages.ts';
import { KeptMemory } from './KeptMemory.ts';
import type { LoadedNetwork, NetworkAnswers } from './LoadedNetwork.ts';
import { LoadedNetworks } from './LoadedNetworks.ts';
import { explain } from './serveExplanation.ts';
import { receiveFromHost, sendToHost } from './voxelPipe.ts';
import { areKernelsTrusted } from './winograd/trustedKernels.ts';

class Cancelled extends Error {}

const voxelMemory = new KeptMemory();
const inputMemory = new KeptMemory();
/** What ran last stays loaded. */
const networks = new LoadedNetworks();
let cancelRequested = false;

export function serveRuns(): void {
  guardMemory();
  // While the host makes the first volume ready.
  void areKernelsTrusted();
  process.on('message', (message: ToProcess | ExplainOrder) => receive(message));
  // The host is gone: nobody waits for an answer any more.
  process.on('disconnect', () => process.exit(0));
}

function receive(message: ToProcess | ExplainOrder): void {
  cancelRequested = message.kind === 'cancel';
  if (message.kind !== 'cancel') void answer(message);
}

async function answer(order: RunOrder | ExplainOrder): Promise<void> {
  try {
    if (order.kind === 'run') await run(order);
    else {
      const measured = (mass: number) => send({ kind: 'measured', mass });
      await send(await explain(order, receiveVolumes(order), { networks, progress: told, measured }));
    }
  } catch (error) {
    if (error instanceof Cancelled) await send({ kind: 'cancelled' });
    else await send({ kind: 'failed', error: failureOf(error, order).toJSON() });
  }
}

/** All in one piece of kept memory, each at an offset that every type of voxel can begin at. */
function receiveVolumes(order: Pick<RunOrder, 'geometry' | 'scalarType' | 'companions'>): [Volume, ...Volume[]] {
  const parts = [order, ...order.companions].map(({ geometry, scalarType }) => ({
    geometry,
    scalarType,
    bytes: voxelCount(geometry) * bytesPerScalar(scalarType),
  }));
  const room = (bytes: number): number => Math.ceil(bytes / 8) * 8;
  const memory = voxelMemory.take(parts.reduce((sum, { bytes }) => sum + room(bytes), 0));
  let at = 0;
  const volumes = parts.map(({ geometry, scalarType, bytes }): Volume => {
    const part = new Uint8Array(memory, at, bytes);
    receiveFromHost(part);
    at += room(bytes);
    return { geometry, scalars: scalarsFromBytes(scalarType, part) };
  });
  return volumes as [Volume, ...Volume[]];
}

async function run(order: RunOrder): Promise<void> {
  const [first] = order.members;
  // Before the voxels are taken: a network that can't be loaded is told at once, and threads fetch its memory while the voxels come.
  const loaded = await networks.network(first, order);
  const from = performance.now();
  const ready = order.coarse ? await readyLook(first, order.geometry, loaded) : null;
  const readySeconds = (performance.now() - from) / 1000;
  const volumes = receiveVolumes(order);
  const gated = volumes.flatMap((one, n) => {
    const modality = order.modalities?.[n];
    return modality === undefined ? [] : gateValues(first.manifest, one, modality);
  });
  /** Called only after the coarse look was sent, which it would delay by some tenths of a second. */
  const gatePoses = (): InferenceWarning[] =>
    order.modalities ? volumes.flatMap((one) => gatePose(first.manifest, one)) : [];
  let networkMs = 0;
  let windows = 0;
  let rewritten = false;

  const [volume, ...companions] = volumes;
  /** The coarse look's own, while it lasts. */
  let ofLook: LoadedNetwork | null = null;
  const networkOf = async (member: RunMember): Promise<LoadedNetwork> =>
    ofLook ?? (await networks.network(member, order));
  const ask = async (
    member: RunMember,
    values: Float32Array,
    size: Vector3,
    outputs: (session: ort.InferenceSession) => string[],
  ): Promise<NetworkAnswers> => {
    const network = await networkOf(member);
    const { plain } = network;
    requireInput(plain, member);
    const dims = inputDims(member.manifest.input, size);
    // torchvision's detectors take the image without the batch's dimension.
    const [stated] = plain.inputMetadata;
    const unbatched = stated?.isTensor === true && stated.shape.length === dims.length - 1;
    const tensor = new ort.Tensor('float32', values, unbatched ? dims.slice(1) : dims);
    const { answers, isRewritten, milliseconds } = await network.run(tensor, outputs(plain));
    rewritten ||= isRewritten;
    networkMs += milliseconds;
    windows++;
    return answers;
  };
  const hooks = {
    async runWindow(values: Float32Array, size: Vector3, n: number): Promise<WindowScores> {
      const member = order.members[n] ?? first;
      const [tensor] = Object.values(await ask(member, values, size, (session) => [outputOf(session, member)]));
      if (!(tensor?.data instanceof Float32Array)) throw wrongOutput(member, 'holds no 32-bit floats');
      return { dims: tensor.dims, scores: tensor.data };
    },
    async decideWindow(
      values: Float32Array,
      size: Vector3,
      n: number,
      wish: DecisionWish,
    ): Promise<DecidedWindow | null> {
      const member = order.members[n] ?? first;
      const network = await networkOf(member);
      const dims = inputDims(member.manifest.input, size);
      requireInput(network.plain, member);
      const decided = await network.decide(values, dims, member.manifest.classes.length, wish);
      if (!decided) return null;
      rewritten = true;
      networkMs += decided.milliseconds;
      windows++;
      return decided;
    },
    async runSlice(values: Float32Array, size: Vector3): Promise<SliceAnswer> {
      const names = first.manifest.output.instances?.tensors;
      if (!names) throw wrongOutput(first, 'is not named');
      const answers = await ask(first, values, size, (session) => {
        for (const name of Object.values(names)) {
          if (!session.outputNames.includes(name)) throw wrongOutput(first, `“${name}” is missing`);
        }
        return Object.values(names);
      });
      const { boxes, scores, labels, masks } = names;
      const tensor = (name: string): NamedTensor => namedTensor(answers[name], name, first);
      return { boxes: tensor(boxes), scores: tensor(scores), labels: tensor(labels), masks: tensor(masks) };
    },
    async progress(done: number, total: number): Promise<void> {
      const secondsLeft = windows === 0 ? null : ((networkMs / windows) * (total - done)) / 1000;
      await told(done, total, secondsLeft);
    },
    allocate: (length: number) => new Float32Array(inputMemory.take(4 * length), 0, length),
    maskPart: (voxels: Labelmap['voxels']) => sendToHost(bytesOf(voxels)),
  };
  if (first.manifest.output.kind === 'instances') {
    gated.push(...gatePoses());
    const { instances, trace, warnings } = await runInstances(volume, companions, first.manifest, hooks);
    await send({
      kind: 'done',
      trace,
      warnings: [...gated, ...warnings],
      instances,
      places: null,
      networkSeconds: networkMs / 1000,
      rewritten,
      windows: { all: windows, skipped: 0 },
      coarse: null,
    });
    return;
  }
  const { ways, doubt: wish } = order;
  const members = order.members.map(({ manifest }) => manifest);
  const early = order.coarse
    ? await coarseLook(volumes, first, ready, {
        ...hooks,
        progress: listenForCancel,
        lookThrough(network) {
          ofLook = network;
        },
      })
    : null;
  if (early) {
    await send({ kind: 'coarse', isKnown: early.labelmap !== null });
    sendToHost(early.labelmap ? bytesOf(early.labelmap.voxels) : new Uint8Array(coarseBytes(first.manifest, volume)));
    // What the full run takes is measured without it.
    networkMs = 0;
    windows = 0;
    rewritten = false;
  }
  gated.push(...gatePoses());
  const { labelmap, doubt, trace, warnings, ...ran } = await runModel(volume, first.manifest, hooks, {
    members,
    companions,
    ways,
    doubt: wish,
  });
  if (wish !== 'no') sendToHost(doubt ?? new Uint8Array(voxelCount(order.geometry)));
  const places =
    doubt &&
    placesOfDoubt({
      geometry: order.geometry,
      labels: singleLabels(first.manifest, labelmap).voxels,
      doubt,
      ...first.manifest,
    });
  await send({
    kind: 'done',
    trace,
    warnings: [...gated, ...warnings],
    instances: null,
    places,
    networkSeconds: networkMs / 1000,
    rewritten,
    windows: ran.windows,
    coarse: early && { seconds: readySeconds + early.seconds, agreement: early.agreementWith(labelmap) },
  });
}

/** @throws Cancelled */
async function told(done: number, total: number, secondsLeft: number | null): Promise<void> {
  await send({ kind: 'progress', done, total, secondsLeft });
  await listenForCancel();
}

/** A turn of the event loop, in which a cancel arrives. @throws Cancelled */
async function listenForCancel(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (cancelRequested) throw new Cancelled();
}

function requireInput(session: ort.InferenceSession, member: RunMember): void {
  if (session.inputNames[0] === undefined) throw wrongOutput(member, 'has no image to come from');
}

function outputOf(session: ort.InferenceSession, member: RunMember): string {
  const [output] = session.outputNames;
  if (output === undefined) throw wrongOutput(member, 'is missing');
  return output;
}

function namedTensor(value: NetworkAnswers[string] | undefined, name: string, member: RunMember): NamedTensor {
  const data = value?.data;
  if (!value || !ArrayBuffer.isView(data)) throw wrongOutput(member, `“${name}” holds no tensor`);
  return { dims: value.dims, data: data as Float32Array | BigInt64Array };
}

function wrongOutput({ manifest }: RunMember, how: string): LanternError {
  return new LanternError(
    'model/output-missing',
    `“${manifest.name}” does not answer as its manifest says: the output ${how}.`,
    'Get the model pack again from its maker.',
  );
}

function failureOf(error: unknown, order: Pick<RunOrder, 'members'>): LanternError {
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

function send(message: FromProcess | Explained | Measured): Promise<void> {
  return new Promise((resolve) => {
    // An error means that the host is gone; 'disconnect' then ends this process.
    process.send?.(message, undefined, undefined, () => resolve());
  });
}
