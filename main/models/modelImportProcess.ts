/** The host's end of the process that takes foreign models in: one order, its stages, its answer. A cancel ends the process. */
import { fork } from 'node:child_process';
import { LanternError, type LanternErrorData } from '#core/errors/lanternError.ts';
import { childEnvironment } from '../inference/childEnvironment.ts';
import { compileCacheFolder } from '../processes/compileCache.ts';
import { nodeRuntime } from '../processes/nodeRuntime.ts';
import { processEntry } from '../processes/processEntry.ts';
import type { ImportedModel, KeepOrder } from './keepModel.ts';
import type { StagedModel, StageOrder } from './stageModel.ts';
import type { VerifyStage } from './verifyPack.ts';

export type ImportAct = ({ readonly kind: 'stage' } & StageOrder) | ({ readonly kind: 'keep' } & KeepOrder);

export type FromImport =
  | { readonly kind: 'stage'; readonly stage: VerifyStage }
  | { readonly kind: 'done'; readonly result: StagedModel | ImportedModel }
  | { readonly kind: 'failed'; readonly error: LanternErrorData };

export interface ImportHooks {
  readonly signal: AbortSignal;
  stage?(stage: VerifyStage): void;
}

/** @throws what stageModel throws, model/import-crashed, the signal's reason */
export async function stageInProcess(order: StageOrder, hooks: ImportHooks): Promise<StagedModel> {
  return (await converse({ kind: 'stage', ...order }, hooks)) as StagedModel;
}

/** @throws what keepModel throws, model/import-crashed, the signal's reason */
export async function keepInProcess(order: KeepOrder, hooks: ImportHooks): Promise<ImportedModel> {
  return (await converse({ kind: 'keep', ...order }, hooks)) as ImportedModel;
}

function converse(act: ImportAct, { signal, stage }: ImportHooks): Promise<StagedModel | ImportedModel> {
  signal.throwIfAborted();
  const entry = processEntry(import.meta.url, 'modelImport.process');
  const cache = compileCacheFolder(entry);
  const child = fork(entry, [], {
    execPath: nodeRuntime(),
    execArgv: [],
    env: { ...childEnvironment(process.env), ...(cache !== null && { NODE_COMPILE_CACHE: cache }) },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    const end = (): void => void child.kill('SIGKILL');
    signal.addEventListener('abort', end, { once: true });
    let answer: (() => void) | null = null;
    child.on('message', (message: FromImport) => {
      if (message.kind === 'stage') stage?.(message.stage);
      else if (message.kind === 'done') answer = () => resolve(message.result);
      else {
        const { code, message: sentence, hint } = message.error;
        answer = () => reject(new LanternError(code, sentence, hint));
      }
    });
    child.once('error', end);
    child.once('close', () => {
      signal.removeEventListener('abort', end);
      if (answer) answer();
      else reject(signal.aborted ? signal.reason : crashed());
    });
    child.send(act, () => {});
  });
}

function crashed(): LanternError {
  return new LanternError(
    'model/import-crashed',
    'The process that looked at the model ended unexpectedly; nothing was kept.',
    'Get the model again from its maker; do not use this copy.',
  );
}
