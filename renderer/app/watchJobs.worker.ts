/**
 * Keeps the stream of jobs open as long as the window is: it is also how the loopback shell knows that a window is there. In a
 * worker, so that a busy page never looks like a closed one, and a host that died is told in words instead of console errors.
 */
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import type { Api } from '#contract/api.ts';
import { REQUEST_HEADER } from '#contract/blobRoutes.ts';
import { QUIET_HEADER, trueStatus } from '#contract/quietStatus.ts';
import type { WatchMessage } from './jobsStore.ts';

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 15_000;

const rpc: ContractRouterClient<Api> = createORPCClient(
  new RPCLink({
    url: `${location.origin}/rpc`,
    headers: { [REQUEST_HEADER]: '1', [QUIET_HEADER]: '1' },
    fetch: async (request, init) => trueStatus(await fetch(request, init)),
  }),
);

const tell = (message: WatchMessage): void => postMessage(message);

let pauseMs = FIRST_PAUSE_MS;
for (;;) {
  try {
    const stream = await rpc.jobs.watch();
    tell({ kind: 'reached' });
    pauseMs = FIRST_PAUSE_MS;
    for await (const job of stream) tell({ kind: 'job', job });
  } catch {
    // Whatever the reason, the answer is the same: say so, and try again.
    tell({ kind: 'lost' });
  }
  await new Promise((resolve) => setTimeout(resolve, pauseMs));
  pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
}
