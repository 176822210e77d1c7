/**
 * One or two reading processes, handed one file after the other. A process that takes too long, too much memory or crashes
 * is replaced, and only the file that it was reading fails. Next: readFiles.process.ts.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { compileCacheFolder } from '../processes/compileCache.ts';
import { nodeRuntime } from '../processes/nodeRuntime.ts';
import { processEntry } from '../processes/processEntry.ts';
import { programFolder } from '../processes/programFolder.ts';
import { readMessages, writeMessage } from './frames.ts';
import type { ReadResult } from './readResult.ts';

export interface FileRead {
  readonly result: ReadResult;
  /** Stored values of all frames, or the scalars of a volume. */
  readonly body: Uint8Array;
}

export interface FileReadersOptions {
  readonly processes?: number;
  /** A file that is not read after so long fails. */
  readonly secondsPerFile?: number;
  readonly heapMegabytes?: number;
  /** The program of the process; tests give their own. */
  readonly entry?: string;
  /** The only folder that it may read: the program's own. */
  readonly readableFolder?: string;
}

interface Task {
  readonly bytes: Uint8Array;
  readonly raw: Uint8Array | undefined;
  readonly ending: string;
  readonly resolve: (read: FileRead) => void;
  /** A process ended while it had this file and another one: which of them brought it down is seen when each is read alone. */
  isSuspect: boolean;
}

/** So many files lie in a process's pipe, that it never waits for the next one. */
const IN_FLIGHT = 2;
/** Files that each bring a process down may come in a row; more than that is another fault. */
const MAXIMUM_FRUITLESS = 20;
const MAXIMUM_BODY = 2 ** 31 - 1;
const BROUGHT_DOWN = 'Reading this file brought the reading process down; it is damaged or too large.';

interface Reader {
  /** None while it is not needed: one that ended without work is started again with the next file. */
  child: ChildProcess | null;
  readonly tasks: Task[];
  timer: NodeJS.Timeout | null;
}

export class FileReaders {
  readonly #options: Required<FileReadersOptions>;
  readonly #readers: Reader[] = [];
  readonly #waiting: Task[] = [];
  #closed = false;
  #isHeld = true;
  /** Processes that ended one after the other without any answer between. */
  #fruitless = 0;

  constructor(options: FileReadersOptions = {}) {
    const entry = processEntry(import.meta.url, 'readFiles.process');
    this.#options = {
      processes: 2,
      secondsPerFile: 60,
      heapMegabytes: 1024,
      entry,
      readableFolder: programFolder(entry),
      ...options,
    };
    for (let n = 0; n < this.#options.processes; n++) {
      const reader: Reader = { child: null, tasks: [], timer: null };
      this.#readers.push(reader);
      this.#start(reader);
    }
  }

  /** No file may be given any more. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /** @param isHeld whether the processes keep the program running; idle ones must not */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    for (const { child } of this.#readers) if (child) applyHold(child, isHeld);
  }

  /** @returns what is in the file; never rejects: what goes wrong is a `failed` result */
  read(bytes: Uint8Array, ending: string, raw?: Uint8Array): Promise<FileRead> {
    if (this.#closed) return Promise.resolve(failure('Reading was stopped.'));
    return new Promise((resolve) => {
      this.#waiting.push({ bytes, ending, raw, resolve, isSuspect: false });
      this.#dispatch();
    });
  }

  /** Ends the processes at once; files still being read fail. */
  close(): void {
    this.#closed = true;
    for (const reader of this.#readers) {
      if (reader.timer) clearTimeout(reader.timer);
      reader.child?.kill('SIGKILL');
      for (const task of reader.tasks.splice(0)) task.resolve(failure('Reading was stopped.'));
    }
    for (const task of this.#waiting.splice(0)) task.resolve(failure('Reading was stopped.'));
  }

  #start(reader: Reader): ChildProcess {
    const { entry, heapMegabytes, readableFolder } = this.#options;
    const cache = compileCacheFolder(entry);
    // It may read the program and nothing else, write nothing once it has started (compileCache.ts), start nothing.
    const permissions = [
      '--permission',
      ...[join(readableFolder, '*'), entry].map((path) => `--allow-fs-read=${path}`),
      ...(cache === null ? [] : [`--allow-fs-write=${join(cache, '*')}`]),
    ];
    const child = spawn(nodeRuntime(), [`--max-old-space-size=${heapMegabytes}`, ...permissions, entry], {
      stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
      // Nothing of ours goes along: the environment may hold a passphrase.
      env: {
        ...(process.env['SystemRoot'] ? { SystemRoot: process.env['SystemRoot'] } : {}),
        ...(cache === null ? {} : { NODE_COMPILE_CACHE: cache }),
      },
      windowsHide: true,
    });
    reader.child = child;
    applyHold(child, this.#isHeld);
    readMessages(child.stdio[3] as Readable, MAXIMUM_BODY, ({ header, body }) => {
      if (reader.child !== child) return;
      this.#fruitless = 0;
      const task = reader.tasks.shift();
      this.#watch(reader);
      task?.resolve({ result: header as ReadResult, body });
      this.#dispatch();
    });
    // A broken pipe is told by the exit as well.
    child.stdin?.on('error', () => undefined);
    child.on('error', () => undefined);
    child.once('close', () => {
      if (reader.child === child) this.#lose(reader, BROUGHT_DOWN);
    });
    return child;
  }

  #dispatch(): void {
    for (;;) {
      const task = this.#waiting[0];
      const reader = this.#readers.reduce((a, b) => (b.tasks.length < a.tasks.length ? b : a));
      if (!task || this.#closed) return;
      const isBusy =
        task.isSuspect || reader.tasks[0]?.isSuspect ? reader.tasks.length > 0 : reader.tasks.length >= IN_FLIGHT;
      if (isBusy) return;
      this.#waiting.shift();
      reader.tasks.push(task);
      const header = { ending: task.ending, fileBytes: task.bytes.length };
      const child = reader.child ?? this.#start(reader);
      writeMessage(child.stdin as Writable, header, [task.bytes, ...(task.raw ? [task.raw] : [])]);
      if (reader.tasks.length === 1) this.#watch(reader);
    }
  }

  /** The clock runs for the first file in the pipe. */
  #watch(reader: Reader): void {
    if (reader.timer) clearTimeout(reader.timer);
    reader.timer = null;
    if (reader.tasks.length === 0) return;
    reader.timer = setTimeout(() => {
      this.#lose(reader, `Reading this file took longer than ${this.#options.secondsPerFile} seconds.`);
    }, 1000 * this.#options.secondsPerFile);
    reader.timer.unref();
  }

  /** The process has ended or is ended here; the next file is given to a new one. */
  #lose(reader: Reader, reason: string): void {
    reader.child?.kill('SIGKILL');
    reader.child = null;
    if (reader.timer) clearTimeout(reader.timer);
    if (this.#closed || (reader.tasks.length === 0 && this.#waiting.length === 0)) return;
    this.#fail(reader, reason);
    if (++this.#fruitless > MAXIMUM_FRUITLESS) {
      // Not the files' fault: the program cannot run here.
      for (const task of this.#waiting.splice(0)) task.resolve(failure('The reading process cannot be started.'));
      this.#closed = true;
      return;
    }
    this.#dispatch();
  }

  /** One file in the pipe is the culprit. Of several, the first may have been read and its answer lost: each is tried alone. */
  #fail(reader: Reader, reason: string): void {
    const tasks = reader.tasks.splice(0);
    if (tasks.length === 1) tasks[0]?.resolve(failure(reason));
    else this.#waiting.unshift(...tasks.map((task) => Object.assign(task, { isSuspect: true })));
  }
}

function applyHold(child: ChildProcess, isHeld: boolean): void {
  const parts = [child, child.stdin, child.stdio[3]] as ReadonlyArray<{ ref(): void; unref(): void } | null>;
  for (const part of parts) isHeld ? part?.ref() : part?.unref();
}

function failure(reason: string): FileRead {
  return { result: { kind: 'failed', reason }, body: new Uint8Array(0) };
}
