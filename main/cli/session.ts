/**
 * The host in this process behind the same client that the window uses: procedures and binary routes through its handler, no
 * socket. So what a command can do is what the window can do.
 */
import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import type { Api } from '#contract/api.ts';
import { REQUEST_HEADER } from '#contract/blobRoutes.ts';
import type { Job } from '#contract/schemas/job.ts';
import { errorData } from '#contract/schemas/messages.ts';
import type { SegmentationSummary } from '#contract/schemas/segmentation.ts';
import { type ErrorCode, LanternError } from '#core/errors/lanternError.ts';
import { createHost } from '../host/createHost.ts';
import type { CommandContext } from './command.ts';

/** Never resolved: requests to it go straight to the handler. */
const ORIGIN = 'http://lantern.invalid';
const HEADERS = { [REQUEST_HEADER]: '1' };

export interface CliSession {
  readonly rpc: ContractRouterClient<Api>;
  /** Waits for a procedure; its typed failure is thrown as the LanternError that it was. */
  call<T>(procedure: Promise<T>): Promise<T>;
  /** A binary route. */
  blob(path: string, init?: { method?: string; body?: Uint8Array }): Promise<Uint8Array>;
  /** Waits for a job, telling its progress; Ctrl C cancels it. @returns the job's result */
  job(start: Promise<{ jobId: string }>): Promise<unknown>;
  /** As `list` shows it. */
  segmentation(seriesId: string, segmentationId: string): Promise<SegmentationSummary>;
  close(): Promise<void>;
}

export async function openSession(context: CommandContext): Promise<CliSession> {
  const { vaultFolder, modelFolders } = context;
  const host = await createHost({ vaultFolder, modelFolders });
  const rpc: ContractRouterClient<Api> = createORPCClient(
    new RPCLink({ url: `${ORIGIN}/rpc`, headers: HEADERS, fetch: (request) => host.handler(request) }),
  );

  async function call<T>(procedure: Promise<T>): Promise<T> {
    try {
      return await procedure;
    } catch (error) {
      throw error instanceof ORPCError ? (lanternErrorOf(error.data) ?? error) : error;
    }
  }

  return {
    rpc,
    call,
    async blob(path, init = {}) {
      const request = new Request(ORIGIN + path, {
        method: init.method ?? 'GET',
        headers: HEADERS,
        ...(init.body && { body: init.body as Uint8Array<ArrayBuffer> }),
      });
      const answer = await host.handler(request);
      if (!answer.ok) throw lanternErrorOf(await answer.json()) ?? new Error(`the host answered ${answer.status}`);
      return new Uint8Array(await answer.arrayBuffer());
    },
    async job(start) {
      const { jobId } = await call(start);
      const job = await follow(rpc, jobId, context);
      if (job.state === 'done') return job.result;
      throw lanternErrorOf(job.error) ?? new Error(`the job ended ${job.state}`);
    },
    async segmentation(seriesId, segmentationId) {
      const { series } = await call(rpc.series.get({ id: seriesId }));
      const found = series.segmentations.find(({ id }) => id === segmentationId);
      if (found) return found;
      throw new LanternError('segmentation/unknown', 'This segmentation is not in the vault.', 'List the study again.');
    },
    close: () => host.close(),
  };
}

/** @returns the job once it has ended */
async function follow(
  rpc: ContractRouterClient<Api>,
  jobId: string,
  { signal, progress }: CommandContext,
): Promise<Job> {
  const cancel = (): void => void rpc.jobs.cancel({ id: jobId }).catch(() => undefined);
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel);
  try {
    for await (const job of await rpc.jobs.watch()) {
      if (job.id !== jobId) continue;
      if (job.finishedAt !== null) return job;
      progress(progressLine(job));
    }
    throw new Error('the stream of jobs ended before the job');
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

function progressLine({ title, progress: { done, total, unit, phase } }: Job): string {
  const count = total > 0 ? ` ${formatted(done)} of ${formatted(total)} ${unit}` : '';
  return `${title}: ${phase || 'starting'}${count}`.trimEnd();
}

function formatted(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}

/** @returns null where `data` is not an error of ours */
function lanternErrorOf(data: unknown): LanternError | null {
  const parsed = errorData.safeParse(data);
  // The codes of the host's errors are ErrorCodes; the wire only knows strings.
  return parsed.success ? new LanternError(parsed.data.code as ErrorCode, parsed.data.message, parsed.data.hint) : null;
}
