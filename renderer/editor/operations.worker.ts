/** Runs operations on copies, off the window's thread. The image is sent once and kept; a run id tells stale answers apart. */
import { operations } from '#core/segmentation/operations/index.ts';
import { runOperation } from '#core/segmentation/operations/operation.ts';
import { errorOfWorker, type OperationAnswer, type OperationRequest } from './operationMessages.ts';

let image: OperationRequest['scalars'] = null;

addEventListener('message', ({ data }: MessageEvent<OperationRequest>) => {
  if (data.scalars) image = data.scalars;
  try {
    const operation = operations.find(({ id }) => id === data.operationId);
    if (!operation) throw new Error(`no operation ${data.operationId}`);
    const delta = runOperation(operation, { ...data.input, scalars: image }, data.values);
    postMessage({ runId: data.runId, delta, error: null } satisfies OperationAnswer, {
      transfer: [delta.runs.buffer as ArrayBuffer],
    });
  } catch (error) {
    postMessage({ runId: data.runId, delta: null, error: errorOfWorker(error) } satisfies OperationAnswer);
  }
});
