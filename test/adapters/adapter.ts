/** The two ways to the handler, as the host's tests drive them: called in the process, and over HTTP through the loopback shell. */
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import type { Api } from '#contract/api.ts';
import { REQUEST_HEADER } from '#contract/blobRoutes.ts';
import type { Job } from '#contract/schemas/job.ts';
import { createHost, type Host, type HostOptions } from '../../main/host/createHost.ts';
import { startLoopbackServer } from '../../main/loopback/loopbackServer.ts';

export interface Adapter {
  readonly host: Host;
  readonly rpc: ContractRouterClient<Api>;
  /** A path of the host, with the headers that the window would send. */
  request(path: string, init?: RequestInit): Promise<Response>;
  /** Waits for a job. */
  settled(start: Promise<{ jobId: string }>): Promise<Job>;
  close(): Promise<void>;
}

type Send = (request: Request) => Promise<Response>;

async function inProcess(options: HostOptions): Promise<Adapter> {
  const host = await createHost(options);
  return adapter(
    host,
    'http://lantern.invalid',
    (request) => host.handler(request),
    () => host.close(),
  );
}

async function overLoopback(options: HostOptions): Promise<Adapter> {
  const host = await createHost(options);
  const server = await startLoopbackServer({ handler: host.handler });
  const entry = await fetch(server.url, { redirect: 'manual' });
  const cookie = (entry.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const send: Send = async (request) => {
    const headers = new Headers(request.headers);
    headers.set('cookie', cookie);
    headers.set('origin', server.origin);
    const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
    return fetch(request.url, {
      method: request.method,
      headers,
      signal: request.signal,
      ...(hasBody && { body: await request.arrayBuffer() }),
    });
  };
  return adapter(host, server.origin, send, async () => {
    await server.close();
    await host.close();
  });
}

function adapter(host: Host, origin: string, send: Send, close: () => Promise<void>): Adapter {
  const headers = { [REQUEST_HEADER]: '1' };
  const rpc: ContractRouterClient<Api> = createORPCClient(
    new RPCLink({ url: `${origin}/rpc`, headers: () => headers, fetch: (request) => send(request) }),
  );
  return {
    host,
    rpc,
    close,
    request: (path, init = {}) =>
      send(
        new Request(origin + path, { ...init, headers: { ...headers, ...(init.headers as Record<string, string>) } }),
      ),
    async settled(start) {
      const { jobId } = await start;
      for await (const job of await rpc.jobs.watch()) {
        if (job.id === jobId && job.finishedAt !== null) return job;
      }
      throw new Error('the stream of jobs ended before the job');
    },
  };
}

export const adapters: readonly (readonly [name: string, start: (options: HostOptions) => Promise<Adapter>])[] = [
  ['the handler in the process', inProcess],
  ['the loopback shell over HTTP', overLoopback],
];
