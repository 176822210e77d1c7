/**
 * The inference process in its mode `trials`: runs single windows through networks that are compared, as the engine would run each, and
 * looks at inner values for calibration. What it is shown it forgets. Next: trialMessages.ts
 */
import ort from 'onnxruntime-node';
import { LanternError } from '#core/errors/lanternError.ts';
import { observeBins, observeRange } from '#core/onnx/quantised/activationStatistics.ts';
import { guardMemory } from './guardMemory.ts';
import type { LoadedNetwork } from './LoadedNetwork.ts';
import { loadNetwork } from './loadNetwork.ts';
import { createSession } from './session.ts';
import type { FromTrials, ToTrials } from './trialMessages.ts';

const networks = new Map<string, LoadedNetwork>();
let observed: ort.InferenceSession | null = null;

export function serveTrials(): void {
  guardMemory();
  process.on('message', (order: ToTrials) => {
    answer(order)
      .catch((error: unknown): FromTrials => ({ kind: 'failed', error: failureOf(error).toJSON() }))
      .then((message) => process.send?.(message, undefined, undefined, () => undefined));
  });
  // The host is gone: nobody waits for an answer any more.
  process.on('disconnect', () => process.exit(0));
}

async function answer(order: ToTrials): Promise<FromTrials> {
  switch (order.kind) {
    case 'load': {
      const { slot, network, manifest } = order;
      await networks.get(slot)?.release();
      networks.set(slot, await loadNetwork(network.file, network.sha256, manifest, 'cpu'));
      return { kind: 'loaded' };
    }
    case 'run':
      return run(order);
    case 'load-observed':
      await observed?.release();
      observed = await createSession(order.network, 'cpu');
      return { kind: 'loaded' };
    case 'observe':
      return observe(order);
  }
}

async function run({ slot, dims, values }: ToTrials & { kind: 'run' }): Promise<FromTrials> {
  const network = networks.get(slot);
  if (!network) throw new Error(`no network in ${slot}`);
  const [output = ''] = network.plain.outputNames;
  const image = new ort.Tensor('float32', values, dims);
  await network.prepare(image.dims);
  const from = process.cpuUsage();
  const { answers, isRewritten } = await network.run(image, [output]);
  const { user, system } = process.cpuUsage(from);
  const tensor = answers[output];
  if (!(tensor?.data instanceof Float32Array)) throw new Error('the output holds no floats');
  const cpuSeconds = (user + system) / 1e6;
  return { kind: 'scores', dims: tensor.dims, scores: tensor.data, cpuSeconds, rewritten: isRewritten };
}

async function observe({ dims, values, names, ranges }: ToTrials & { kind: 'observe' }): Promise<FromTrials> {
  if (!observed) throw new Error('no network to observe');
  const [input = ''] = observed.inputNames;
  const inner = names.filter((name) => name !== input);
  const answers = await observed.run({ [input]: new ort.Tensor('float32', values, dims) }, inner);
  const statistics = new Map(
    names.map((name) => {
      const data = name === input ? values : answers[name]?.data;
      if (!(data instanceof Float32Array)) throw new Error(`${name} holds no floats`);
      const range = ranges?.get(name);
      return [name, range ? observeBins(data, range) : observeRange(data)] as const;
    }),
  );
  return { kind: 'seen', statistics };
}

function failureOf(error: unknown): LanternError {
  if (error instanceof LanternError) return error;
  return new LanternError(
    'model/run-failed',
    'The network stopped: it does not fit what its manifest says of it, or the runtime does not take it.',
    'Use the model as it is.',
    { cause: error },
  );
}
