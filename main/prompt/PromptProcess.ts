/**
 * The host's end of the prompt process: starts it when it is needed, sends orders, tells a crash from a failure, ends it when it has been
 * idle for long. It keeps its networks and what they saw, so it waits longer than the inference process does.
 */
import type { ChildProcess } from 'node:child_process';
import { LanternError } from '#core/errors/lanternError.ts';
import { KeptProcess } from '../inference/KeptProcess.ts';
import { processEntry } from '../processes/processEntry.ts';
import type { FollowOrder, FromPromptProcess, PointOrder, PromptDone, ToPromptProcess } from './promptMessages.ts';

export interface PromptProcessOptions {
  /** The Node that it runs on. */
  readonly nodePath: string;
  /** Of the two networks. */
  readonly modelFolder: string;
  readonly idleMs: number;
  readonly ceilingBytes: number;
}

type Unnumbered<T> = T extends unknown ? Omit<T, 'id'> : never;
export type PromptOrder = Unnumbered<PointOrder | FollowOrder>;

interface Waiting {
  /** The process that has the order. */
  readonly child: ChildProcess;
  resolve(done: PromptDone): void;
  reject(error: unknown): void;
}

export class PromptProcess {
  readonly #kept: KeptProcess;
  #nextId = 1;
  readonly #waiting = new Map<number, Waiting>();

  constructor({ nodePath, modelFolder, idleMs, ceilingBytes }: PromptProcessOptions) {
    this.#kept = new KeptProcess({
      entry: processEntry(import.meta.url, 'prompt.process'),
      programArguments: ['serve', String(ceilingBytes), modelFolder],
      nodePath,
      modelFolders: [modelFolder],
      idleMs,
      started: (child) => {
        child.on('message', (message: FromPromptProcess) => this.#receive(message));
        // 'close' and not 'exit': its last words have arrived by then.
        child.once('close', () => this.#ended(child));
        child.once('error', () => this.#ended(child));
      },
    });
  }

  /** Of the process that is running now; null when there is none. */
  get pid(): number | null {
    return this.#kept.pid;
  }

  /** Starts the process and lets it load its networks. @param rehearse whether no prompt follows at once */
  warmUp(rehearse: boolean): void {
    this.#kept.take().send({ kind: 'load', rehearse } satisfies ToPromptProcess, () => undefined);
    this.#rest();
  }

  /**
   * @throws the signal's reason; an order under way goes on, a slice that was looked at is not lost
   * @throws model/process-crashed, model/out-of-memory, and what the process reports
   */
  order(order: PromptOrder, signal: AbortSignal): Promise<PromptDone> {
    signal.throwIfAborted();
    const child = this.#kept.take();
    const id = this.#nextId++;
    return new Promise<PromptDone>((resolve, reject) => {
      const abort = (): void => settle(() => reject(signal.reason));
      const settle = (act: () => void): void => {
        this.#waiting.delete(id);
        signal.removeEventListener('abort', abort);
        this.#rest();
        act();
      };
      this.#waiting.set(id, {
        child,
        resolve: (done) => settle(() => resolve(done)),
        reject: (error) => settle(() => reject(error)),
      });
      signal.addEventListener('abort', abort, { once: true });
      // A channel that broke is noticed as the process's end.
      child.send({ ...order, id } as ToPromptProcess, () => undefined);
    });
  }

  close(): Promise<void> {
    return this.#kept.end();
  }

  #receive(message: FromPromptProcess): void {
    const waiting = this.#waiting.get(message.id);
    if (message.kind === 'done') waiting?.resolve(message);
    else waiting?.reject(new LanternError(message.error.code, message.error.message, message.error.hint));
  }

  #ended(child: ChildProcess): void {
    for (const waiting of [...this.#waiting.values()]) if (waiting.child === child) waiting.reject(this.#crash());
  }

  #crash(): LanternError {
    if (this.#kept.wasOverCeiling) {
      return new LanternError(
        'model/out-of-memory',
        'The prompt tool needed more memory than this machine can spare, and was stopped.',
        'Close other programs, or use a machine with more memory.',
      );
    }
    return new LanternError(
      'model/process-crashed',
      'The process of the prompt tool ended unexpectedly; nothing was kept and nothing else was touched.',
      'Try again; if it happens again, restart the computer.',
    );
  }

  #rest(): void {
    if (this.#waiting.size === 0) this.#kept.rest();
  }
}
