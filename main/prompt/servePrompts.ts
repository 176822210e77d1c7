/** The loop of the prompt process: keeps the networks and the slices that they looked at, answers one order after the other. */
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { LanternError } from '#core/errors/lanternError.ts';
import { followSlice } from '#core/prompt/followSlice.ts';
import { segmentSlice } from '#core/prompt/segmentSlice.ts';
import type { FollowOrder, FromPromptProcess, PointOrder, ToPromptProcess } from './promptMessages.ts';
import { rehearse } from './rehearse.ts';
import { SamNetwork } from './samNetwork.ts';

export function servePrompts(): void {
  const [, , , ceilingBytes = '0', folder = ''] = process.argv;
  if (Number(ceilingBytes) > 0) {
    const entry = process.argv[1] ?? fileURLToPath(import.meta.url);
    new Worker(entry, { workerData: Number(ceilingBytes) }).unref();
  }
  let network: Promise<SamNetwork> | null = null;
  let before: Promise<void> = Promise.resolve();
  let isOrdered = false;
  let isRehearsed = false;
  process.on('message', (message: ToPromptProcess) => {
    network ??= SamNetwork.load(folder);
    const loading = network;
    // Told with the first order that needs it.
    loading.catch(() => undefined);
    if (message.kind === 'load') {
      if (!message.rehearse || isRehearsed || isOrdered) return;
      isRehearsed = true;
      // Orders wait for its end, and must not fail with it: they say themselves what is wrong.
      before = loading.then((sam) => rehearse(sam.onNothing(), () => !isOrdered)).catch(() => undefined);
      return;
    }
    isOrdered = true;
    before = before.then(async () => send(await answered(loading, message)));
  });
  // The host is gone: nobody waits for an answer any more.
  process.on('disconnect', () => process.exit(0));
}

async function answered(loading: Promise<SamNetwork>, order: PointOrder | FollowOrder): Promise<FromPromptProcess> {
  const { id, slice, sliceKey } = order;
  try {
    const sam = await loading;
    const from = performance.now();
    const looked = sam.lookingMs;
    const network = sam.on(sliceKey, slice);
    const answer =
      order.kind === 'point'
        ? await segmentSlice(slice, order.prompt, network)
        : await followSlice(slice, order.from, order.sliceDistanceMm, order.points, network);
    const embeddingMs = sam.lookingMs - looked;
    return { kind: 'done', id, answer, embeddingMs, promptMs: performance.now() - from - embeddingMs };
  } catch (error) {
    return { kind: 'failed', id, error: failureOf(error).toJSON() };
  }
}

function failureOf(error: unknown): LanternError {
  if (error instanceof LanternError) return error;
  const text = error instanceof Error ? error.message : '';
  if (/alloc|out of memory|array length/i.test(text)) {
    return new LanternError(
      'model/out-of-memory',
      'There was not enough memory for the prompt tool.',
      'Close other programs, or use a machine with more memory.',
      { cause: error },
    );
  }
  return new LanternError(
    'model/run-failed',
    'The network of the prompt tool stopped.',
    'Try again; if it happens again, paint the structure by hand.',
    { cause: error },
  );
}

function send(message: FromPromptProcess): void {
  // An error means that the host is gone; 'disconnect' then ends this process.
  process.send?.(message, undefined, undefined, () => undefined);
}
