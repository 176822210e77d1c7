/** The window's side of operations.worker.ts: one run at a time; a newer run or `cancel` makes the older answer worthless. */
import { LanternError } from '#core/errors/lanternError.ts';
import type { LabelDelta } from '#core/segmentation/delta.ts';
import type { OperationInput, ParameterValues } from '#core/segmentation/operations/operation.ts';
import type { Scalars } from '#core/volume/volume.ts';
import { errorOfWorker, type OperationAnswer, type OperationRequest } from './operationMessages.ts';

let worker: Worker | null = null;
let sent: Scalars | null = null;
let latest = 0;
let resolveLatest: ((answer: OperationAnswer | null) => void) | null = null;

/** @returns the delta; null when it was cancelled or a newer run took its place @throws what the operation throws */
export async function runInWorker(
  operationId: string,
  input: OperationInput,
  values: ParameterValues,
): Promise<LabelDelta | null> {
  // A run that nobody waits for any more would only delay this one.
  if (resolveLatest) cancelRun();
  const runId = ++latest;
  worker ??= started();
  const { scalars, ...rest } = input;
  const request: OperationRequest = {
    ...{ runId, operationId, values },
    input: rest,
    scalars: scalars === sent ? null : scalars,
  };
  sent = scalars ?? sent;
  worker.postMessage(request);
  const answer = await new Promise<OperationAnswer | null>((resolve) => {
    resolveLatest = resolve;
  });
  if (!answer || answer.runId !== latest) return null;
  if (answer.error) throw new LanternError(answer.error.code, answer.error.message, answer.error.hint);
  return answer.delta;
}

/** Ends the run that is going on; its worker goes with it, because a loop in it can't be told to stop. */
export function cancelRun(): void {
  if (!resolveLatest) return;
  worker?.terminate();
  worker = null;
  sent = null;
  finish(null);
}

/** Frees the copy of the image, when the case is closed. */
export function closeRunner(): void {
  cancelRun();
  worker?.terminate();
  worker = null;
  sent = null;
}

function started(): Worker {
  const own = new Worker(new URL('./operations.worker.ts', import.meta.url), { type: 'module' });
  own.addEventListener('message', ({ data }: MessageEvent<OperationAnswer>) => finish(data));
  own.addEventListener('error', (event) => {
    event.preventDefault();
    worker = null;
    sent = null;
    finish({ runId: latest, delta: null, error: errorOfWorker(event.error) });
  });
  return own;
}

function finish(answer: OperationAnswer | null): void {
  resolveLatest?.(answer);
  resolveLatest = null;
}
