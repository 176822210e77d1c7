/**
 * One order to the inference process and its answer: messages over Node's channel, voxels through the pipe beside it. Progress, cancel, a
 * failure that the process reports, and its crash, are alike for all orders. Next: InferenceProcess.ts (runs), askForExplanation.ts.
 */
import type { ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { LanternError } from '#core/errors/lanternError.ts';
import { bytesOf, type Volume } from '#core/volume/volume.ts';
import type { Explained, ExplainOrder, Measured } from './explanationMessages.ts';
import type { FromProcess, RunOrder, ToProcess } from './inferenceMessages.ts';
import { CANCEL_PATIENCE_MS } from './KeptProcess.ts';
import { plainVolume } from './plainVolume.ts';
import { receiveFromProcess, sendToProcess, VOXEL_PIPE } from './voxelPipe.ts';

export interface Partner {
  readonly child: ChildProcess;
  /** What to say when the process ends in the middle. */
  crash(modelName: string): LanternError;
  /** Ends the process: something may be left in the pipe. */
  end(): void;
}

export interface ConversationHooks {
  readonly signal: AbortSignal;
  progress(done: number, total: number, secondsLeft: number | null): void;
}

type Said = FromProcess | Explained | Measured;
type ToldByVolumes = 'geometry' | 'scalarType' | 'companions';

export interface Conversation<Last extends 'done' | 'explained', Answer> {
  readonly order: Omit<RunOrder, ToldByVolumes> | Omit<ExplainOrder, ToldByVolumes>;
  readonly volumes: readonly [Volume, ...Volume[]];
  /** Bytes of what comes back through the pipe, piece by piece. */
  readonly pieceBytes: readonly number[];
  /** The kind of the message that ends it. */
  readonly last: Last;
  answered(message: Extract<Said, { kind: Last }>, pieces: Uint8Array[]): Answer;
  pieceArrived?(piece: number, bytes: Uint8Array): void;
  /** Messages that only this order brings. */
  heard?(message: Said): void;
  /** What was announced and is still on its way when the process says that it was cancelled. */
  rest?(): Promise<unknown>;
}

/** @throws the signal's reason when it was cancelled, what the process reports, `crash` */
export function converse<Last extends 'done' | 'explained', Answer>(
  { child, crash, end }: Partner,
  conversation: Conversation<Last, Answer>,
  { signal, progress }: ConversationHooks,
): Promise<Answer> {
  const { order, volumes, pieceBytes, last } = conversation;
  const [{ manifest }] = order.members;
  const pipe = child.stdio[VOXEL_PIPE] as unknown as Duplex;
  return new Promise((resolve, reject) => {
    const settled = new AbortController();
    const pieces = receiveFromProcess(pipe, pieceBytes, settled.signal, conversation.pieceArrived);
    let impatience: NodeJS.Timeout | null = null;
    const settle = (act: () => void): void => {
      if (impatience) clearTimeout(impatience);
      child.off('message', listen).off('close', crashed).off('error', crashed);
      signal.removeEventListener('abort', cancel);
      settled.abort();
      act();
    };
    const isLast = (message: Said): message is Extract<Said, { kind: Last }> => message.kind === last;
    const listen = (message: Said): void => {
      if (isLast(message)) {
        pieces.then((all) => settle(() => resolve(conversation.answered(message, all))));
      } else if (message.kind === 'progress') {
        progress(message.done, message.total, message.secondsLeft);
      } else if (message.kind === 'cancelled') {
        // What the next order reads must not be the rest of this one's.
        void Promise.resolve(conversation.rest?.()).then(() => settle(() => reject(signal.reason)));
      } else if (message.kind === 'failed') {
        const { code, message: sentence, hint } = message.error;
        settle(() => reject(signal.aborted ? signal.reason : new LanternError(code, sentence, hint)));
        // Half a mask may lie in the pipe.
        end();
      } else {
        conversation.heard?.(message);
      }
    };
    const crashed = (): void => settle(() => reject(signal.aborted ? signal.reason : crash(manifest.name)));
    const cancel = (): void => {
      child.send({ kind: 'cancel' } satisfies ToProcess, () => {});
      impatience = setTimeout(() => child.kill('SIGKILL'), CANCEL_PATIENCE_MS);
    };
    pieces.catch((error: unknown) => {
      settle(() => reject(error));
      end();
    });
    child.on('message', listen);
    // 'close' and not 'exit': its last words have arrived by then.
    child.once('close', crashed);
    child.once('error', crashed);
    signal.addEventListener('abort', cancel, { once: true });
    const [first, ...companions] = volumes.map(plainVolume);
    // A channel that broke is noticed as the process's end.
    child.send({ ...order, ...first, companions }, () => {});
    for (const { scalars } of volumes) sendToProcess(pipe, bytesOf(scalars));
  });
}
