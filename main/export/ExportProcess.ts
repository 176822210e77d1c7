/**
 * The host's end of the export process: one process a file, so that the host goes on answering, a cancelled export ends at once and
 * one that runs out of memory takes nothing with it. Next: export.process.ts, exportMessages.ts.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { LanternError } from '#core/errors/lanternError.ts';
import { readMessages, writeMessage } from '../import/frames.ts';
import type { JobContext } from '../jobs/jobs.ts';
import { nodeRuntime } from '../processes/nodeRuntime.ts';
import { processEntry } from '../processes/processEntry.ts';
import { programFolder } from '../processes/programFolder.ts';
import { type ExportAnswer, encodeOrder } from './exportMessages.ts';
import type { ExportOrder } from './exportSource.ts';

export interface ExportProcessOptions {
  /** The program of the process; tests give their own. */
  readonly entry?: string;
  readonly heapMegabytes?: number;
}

export interface ExportedBytes {
  readonly bytes: Uint8Array;
  readonly notes: readonly string[];
}

/** @throws export/process-ended, and what writeExport.ts throws; the signal's reason when it is aborted */
export async function runExportProcess(
  order: ExportOrder,
  { signal, progress }: JobContext,
  options: ExportProcessOptions = {},
): Promise<ExportedBytes> {
  signal.throwIfAborted();
  const child = start(options);
  const cancel = () => child.kill('SIGKILL');
  signal.addEventListener('abort', cancel);
  try {
    return await new Promise<ExportedBytes>((resolve, reject) => {
      readMessages(child.stdio[3] as Readable, Number.MAX_SAFE_INTEGER, ({ header, body }) => {
        const answer = header as ExportAnswer;
        if (answer.kind === 'progress') {
          if (!signal.aborted) progress(...answer.progress);
        } else if (answer.kind === 'done') resolve({ bytes: body, notes: answer.notes });
        else if (answer.kind === 'bug') reject(new Error('the export process failed', { cause: answer.stack }));
        else reject(new LanternError(answer.error.code, answer.error.message, answer.error.hint));
      });
      // A broken pipe is told by the exit as well.
      child.stdin?.on('error', () => undefined);
      child.once('error', reject);
      child.once('close', () => reject(signal.aborted ? signal.reason : ended()));
      const { header, blocks } = encodeOrder(order);
      writeMessage(child.stdin as Writable, header, blocks);
    });
  } finally {
    signal.removeEventListener('abort', cancel);
    child.kill('SIGKILL');
  }
}

function start({ entry, heapMegabytes = 4096 }: ExportProcessOptions): ChildProcess {
  const program = entry ?? processEntry(import.meta.url, 'export.process');
  // It may read the program and nothing else, write nothing, start nothing.
  const permissions = [
    '--permission',
    ...[join(programFolder(program), '*'), program].map((path) => `--allow-fs-read=${path}`),
  ];
  return spawn(nodeRuntime(), [`--max-old-space-size=${heapMegabytes}`, ...permissions, program], {
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
    // Nothing of ours goes along: the environment may hold a passphrase.
    env: { ...(process.env['SystemRoot'] ? { SystemRoot: process.env['SystemRoot'] } : {}) },
    windowsHide: true,
  });
}

function ended(): LanternError {
  return new LanternError(
    'export/process-ended',
    'The process that makes the file ended before the file was done; most likely memory ran out.',
    'Close other programs and export again, or export one segment at a time.',
  );
}
