/**
 * A child process that networks run in: started when it is needed, kept for the next order, ended when it has been idle. It may read
 * the program and the models, and nothing of ours goes along in its environment. Next: InferenceProcess.ts, ../prompt/PromptProcess.ts.
 */
import { type ChildProcess, fork } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { compileCacheFolder } from '../processes/compileCache.ts';
import { childEnvironment } from './childEnvironment.ts';
import { processPermissions } from './processPermissions.ts';
import { OVER_CEILING } from './watchMemory.ts';

/** A window may be running: this long after a cancel the process is ended rather than waited for. */
export const CANCEL_PATIENCE_MS = 800;

export interface KeptProcessOptions {
  /** Its program (processEntry.ts). */
  readonly entry: string;
  readonly programArguments: readonly string[];
  /** The Node that it runs on. */
  readonly nodePath: string;
  /** All that it may read besides the program. */
  readonly modelFolders: readonly string[];
  readonly idleMs: number;
  /** Whether it has a raw pipe beside its channel, as file descriptor 4. */
  readonly hasPipe?: boolean;
  /** Listens to a process that has just been started. */
  started?(child: ChildProcess): void;
}

export class KeptProcess {
  readonly #options: KeptProcessOptions;
  #child: ChildProcess | null = null;
  #lastWords = '';
  #idleTimer: NodeJS.Timeout | null = null;

  constructor(options: KeptProcessOptions) {
    this.#options = options;
  }

  /** Of the process that is running now; null when there is none. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Whether the one that ended last said that it needed more memory than it was given. */
  get wasOverCeiling(): boolean {
    return this.#lastWords.includes(OVER_CEILING);
  }

  /** @returns the process, started if there is none; it keeps the program alive until `rest` */
  take(): ChildProcess {
    if (this.#idleTimer) clearTimeout(this.#idleTimer);
    const child = this.#child ?? this.#start();
    hold(child, true);
    return child;
  }

  /** Lets the program exit although the process waits, and ends it after a while. */
  rest(): void {
    if (!this.#child) return;
    hold(this.#child, false);
    if (this.#idleTimer) clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => void this.end(), this.#options.idleMs);
    this.#idleTimer.unref();
  }

  async end(): Promise<void> {
    if (this.#idleTimer) clearTimeout(this.#idleTimer);
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    hold(child, true);
    child.kill('SIGKILL');
    await ended;
  }

  #start(): ChildProcess {
    const { entry, programArguments, nodePath, modelFolders, hasPipe = false, started } = this.#options;
    const cache = compileCacheFolder(entry);
    const child = fork(entry, programArguments, {
      execPath: nodePath,
      execArgv: processPermissions(entry, modelFolders, cache),
      env: { ...childEnvironment(process.env), ...(cache !== null && { NODE_COMPILE_CACHE: cache }) },
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc', ...(hasPipe ? (['pipe'] as const) : [])],
    });
    this.#lastWords = '';
    child.stderr?.on('data', (bytes: Buffer) => {
      this.#lastWords = (this.#lastWords + bytes.toString('latin1')).slice(-2000);
    });
    // A pipe that broke is noticed as the process's end.
    extraPipe(child)?.on('error', () => {});
    const forget = (): void => {
      if (this.#child === child) this.#child = null;
    };
    child.once('exit', forget);
    child.once('error', forget);
    this.#child = child;
    started?.(child);
    return child;
  }
}

/** Whether the process keeps the host's event loop alive. */
function hold(child: ChildProcess, held: boolean): void {
  const handles = [child, child.channel, child.stderr, extraPipe(child)] as unknown as Handle[];
  for (const handle of handles) {
    if (held) handle?.ref?.();
    else handle?.unref?.();
  }
}

type Handle = { ref?(): void; unref?(): void } | null;

function extraPipe(child: ChildProcess): Duplex | null {
  return (child.stdio[4] as unknown as Duplex | undefined) ?? null;
}
