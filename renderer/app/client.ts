/**
 * The renderer's one transport: `rpc` for the contract's procedures, `blobs` for bytes. Every failure is a LanternError,
 * except an abort, which stays the browser's AbortError (errorOf.ts: isAbort). Next: contract/api.ts, contract/blobRoutes.ts.
 */
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import type { Api } from '#contract/api.ts';
import { REQUEST_HEADER } from '#contract/blobRoutes.ts';
import { QUIET_HEADER, trueStatus } from '#contract/quietStatus.ts';
import { tellFailure, tellJobStarted, tellReached } from './connection.ts';
import { errorOf, errorOfAnswer, isAbort } from './errorOf.ts';

const headers = { [REQUEST_HEADER]: '1', [QUIET_HEADER]: '1' };

const link = new RPCLink({
  url: () => `${location.origin}/rpc`,
  headers: () => headers,
  fetch: (request, init) => hostFetch(request, init),
  interceptors: [
    async (options) => {
      try {
        const output = await options.next(options);
        if (isJobRef(output)) tellJobStarted(output.jobId);
        return output;
      } catch (error) {
        throw told(error);
      }
    },
  ],
});

/** `rpc.studies.list()`, `rpc.series.get({ id }, { signal })`, …: the procedures of contract/api.ts. */
export const rpc: ContractRouterClient<Api> = createORPCClient(link);

export interface GetBytesOptions {
  readonly signal?: AbortSignal;
  /** First and last byte, both included. */
  readonly range?: readonly [first: number, last: number];
  /** `bytes` is the growing result: its first `done` bytes have arrived. */
  readonly onProgress?: (done: number, total: number, bytes: Uint8Array<ArrayBuffer>) => void;
}

export interface BlobAnswer {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly headers: Headers;
}

type BlobBody = Uint8Array | Blob;

export const blobs = {
  /** @throws LanternError of the host, `shell/host-lost` */
  async getBytes(path: string, options: GetBytesOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    return (await get(path, options)).bytes;
  },
  /** The same with the answer's headers (x-lantern-revision). */
  get,
  /** Answers whatever the route does; `jsonOf` reads it. */
  putBytes(path: string, body: BlobBody, options: { signal?: AbortSignal } = {}): Promise<BlobAnswer> {
    return send('PUT', path, body, options.signal);
  },
  postBytes(path: string, body?: BlobBody, options: { signal?: AbortSignal } = {}): Promise<BlobAnswer> {
    return send('POST', path, body, options.signal);
  },
  remove(path: string): Promise<BlobAnswer> {
    return send('DELETE', path);
  },
  /** The JSON that a route answered, in the shape that contract/blobRoutes.ts states. */
  jsonOf<T>(answer: BlobAnswer): T {
    return JSON.parse(new TextDecoder().decode(answer.bytes)) as T;
  },
};

async function get(path: string, options: GetBytesOptions = {}): Promise<BlobAnswer> {
  const range = options.range ? { range: `bytes=${options.range[0]}-${options.range[1]}` } : {};
  const init: RequestInit = { headers: { ...headers, ...range }, ...(options.signal && { signal: options.signal }) };
  return answerOf(path, init, options.onProgress);
}

function send(
  method: 'PUT' | 'POST' | 'DELETE',
  path: string,
  body?: BlobBody,
  signal?: AbortSignal,
): Promise<BlobAnswer> {
  const init: RequestInit = { method, headers, ...(signal && { signal }) };
  // fetch refuses shared memory, and callers have none: the cast only tells the type so.
  if (body) init.body = body as Uint8Array<ArrayBuffer> | Blob;
  return answerOf(path, init);
}

async function answerOf(
  path: string,
  init: RequestInit,
  onProgress?: GetBytesOptions['onProgress'],
): Promise<BlobAnswer> {
  try {
    const answer = await hostFetch(path, init);
    if (answer.ok) return { bytes: await readAll(answer, onProgress), headers: answer.headers };
    const body: unknown = await answer.json().catch(() => null);
    throw errorOfAnswer(answer.status, body);
  } catch (error) {
    throw told(error);
  }
}

async function readAll(answer: Response, onProgress?: GetBytesOptions['onProgress']): Promise<Uint8Array<ArrayBuffer>> {
  const total = Number(answer.headers.get('content-length') ?? Number.NaN);
  if (!onProgress || !answer.body || !Number.isFinite(total)) return new Uint8Array(await answer.arrayBuffer());
  const bytes = new Uint8Array(total);
  let done = 0;
  for await (const chunk of answer.body) {
    // A longer body than announced would throw a RangeError here: it is a bug of the host, not a failure to be told.
    bytes.set(chunk, done);
    done += chunk.length;
    onProgress(done, total, bytes);
  }
  if (done < total) throw new TypeError('network: the answer ended early');
  return bytes;
}

async function hostFetch(input: Request | string, init?: RequestInit): Promise<Response> {
  const answer = await fetch(input, init);
  tellReached();
  return trueStatus(answer);
}

/** The failure as it is thrown on, after the window was told. */
function told(error: unknown): unknown {
  if (isAbort(error)) return error;
  const failure = errorOf(error);
  tellFailure(failure.code);
  return failure;
}

function isJobRef(output: unknown): output is { jobId: string } {
  return typeof output === 'object' && output !== null && 'jobId' in output && typeof output.jobId === 'string';
}
