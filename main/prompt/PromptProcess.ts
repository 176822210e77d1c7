/**
 * The host's end of the prompt process: starts it when it is needed, sends orders, tells a crash from a failure, ends it when it has been
 * idle for long. It keeps its networks and what they saw, so it waits longer than the inference process does.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { LanternError } from '#core/errors/lanternError.ts';
import { childEnvironment } from '../inference/childEnvironment.ts';
import { processPermissions } from '../inference/processPermissions.ts';
import { OVER_CEILING } from '../inference/watchMemory.ts';
import { compileCacheFolder } from '../processes/compileCache.ts';
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
  resolve(done: PromptDone): void;
  reject(error: unknown): void;
}

export class PromptProcess {
  readonly #options: PromptProcessOptions;
  #child: ChildProcess | null = null;
  #lastWords = '';
  #idleTimer: NodeJS.Timeout | null = null;
  #nextId = 1;
  readonly #waiting = new Map<number, Waiting>();

  constructor(options: PromptProcessOptions) {
    this.#options = options;
  }

  /** Of the process that is running now; null when there is none. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Starts the process and lets it load its networks. */
  warmUp(): void {
    const child = this.#started();
    child.send({ kind: 'load' } satisfies ToPromptProcess, () => undefined);
    this.#rest();
  }

  /**
   * @throws the signal's reason; an order under way goes on, a slice that was looked at is not lost
   * @throws model/process-crashed, model/out-of-memory, and what the process reports
   */
  order(order: PromptOrder, signal: AbortSignal): Promise<PromptDone> {
    signal.throwIfAborted();
    const child = this.#started();
    hold(child, true);
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
        resolve: (done) => settle(() => resolve(done)),
        reject: (error) => settle(() => reject(error)),
      });
      signal.addEventListener('abort', abort, { once: true });
      // A channel that broke is noticed as the process's end.
      child.send({ ...order, id } as ToPromptProcess, () => undefined);
    });
  }

  async close(): Promise<void> {
    if (this.#idleTimer) clearTimeout(this.#idleTimer);
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    hold(child, true);
    child.kill('SIGKILL');
    await ended;
  }

  #started(): ChildProcess {
    if (this.#idleTimer) clearTimeout(this.#idleTimer);
    if (this.#child) return this.#child;
    const { nodePath, ceilingBytes, modelFolder } = this.#options;
    const entry = processEntry(import.meta.url, 'prompt.process');
    const cache = compileCacheFolder(entry);
    const child = fork(entry, ['serve', String(ceilingBytes), modelFolder], {
      execPath: nodePath,
      execArgv: processPermissions(entry, [modelFolder], cache),
      env: { ...childEnvironment(process.env), ...(cache !== null && { NODE_COMPILE_CACHE: cache }) },
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#lastWords = '';
    child.stderr?.on('data', (bytes: Buffer) => {
      this.#lastWords = (this.#lastWords + bytes.toString('latin1')).slice(-2000);
    });
    child.on('message', (message: FromPromptProcess) => this.#receive(message));
    // 'close' and not 'exit': its last words have arrived by then.
    child.once('close', () => this.#forget(child));
    child.once('error', () => this.#forget(child));
    this.#child = child;
    return child;
  }

  #receive(message: FromPromptProcess): void {
    const waiting = this.#waiting.get(message.id);
    if (message.kind === 'done') waiting?.resolve(message);
    else waiting?.reject(new LanternError(message.error.code, message.error.message, message.error.hint));
  }

  #forget(child: ChildProcess): void {
    if (this.#child !== child) return;
    this.#child = null;
    for (const { reject } of [...this.#waiting.values()]) reject(this.#crash());
  }

  #crash(): LanternError {
    if (this.#lastWords.includes(OVER_CEILING)) {
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

  /** Lets the program exit although the process waits, and ends it after a while. */
  #rest(): void {
    const child = this.#child;
    if (!child || this.#waiting.size > 0) return;
    hold(child, false);
    if (this.#idleTimer) clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => void this.close(), this.#options.idleMs);
    this.#idleTimer.unref();
  }
}

/** Whether the process keeps the host's event loop alive. */
function hold(child: ChildProcess, held: boolean): void {
  const handles = [child, child.channel, child.stderr] as unknown as ({ ref?(): void; unref?(): void } | null)[];
  for (const handle of handles) {
    if (held) handle?.ref?.();
    else handle?.unref?.();
  }
}
