/** Procedures of a host, called as the window calls them, for tests. */
import { REQUEST_HEADER } from '#contract/blobRoutes.ts';
import type { Job } from '#contract/schemas/job.ts';
import type { Host } from './createHost.ts';

export interface HostCalls {
  /** @returns the answer's content: the procedure's result, or its error */
  call<T = Record<string, unknown>>(procedure: string, json: unknown): Promise<T>;
  /** @returns the job that the procedure starts, once it has ended */
  job(procedure: string, json: unknown): Promise<Job>;
}

/** @param host asked at every call: tests make theirs when they begin */
export function hostCalls(host: () => Host): HostCalls {
  const call: HostCalls['call'] = async <T>(procedure: string, json: unknown): Promise<T> => {
    const headers = { [REQUEST_HEADER]: '1', 'content-type': 'application/json' };
    const body = JSON.stringify({ json });
    const request = new Request(`http://lantern.invalid/rpc/${procedure}`, { method: 'POST', headers, body });
    return ((await (await host().handler(request)).json()) as { json: T }).json;
  };
  return {
    call,
    job: async (procedure, json) => host().jobs.settled((await call<{ jobId: string }>(procedure, json)).jobId),
  };
}
