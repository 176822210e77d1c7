/**
 * The loopback shell: the host's handler behind node:http on 127.0.0.1 and a port that the system chooses. Refuses everything
 * that is not its own window (requestGuard.ts, session.ts) and notices when the last window is gone (presence.ts).
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LanternError } from '#core/errors/lanternError.ts';
import { Presence } from './presence.ts';
import { refusalPage } from './refusalPage.ts';
import { type Authority, refusal } from './requestGuard.ts';
import { LoopbackSession } from './session.ts';
import { sendResponse, toRequest } from './webBridge.ts';

export interface LoopbackOptions {
  readonly handler: (request: Request) => Promise<Response>;
  /** Called once no window has been open for `graceMs`; never before the first was. */
  readonly onAbandoned?: () => void;
  readonly graceMs?: number;
}

export interface LoopbackServer {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  /** The address to open, with the start token in it: good once. */
  readonly url: string;
  readonly windows: () => number;
  close(): Promise<void>;
}

const WATCH_PATH = '/rpc/jobs/watch';
const GRACE_MS = 30_000;
const LARGEST_CALL_BYTES = 8 << 20;
const LARGEST_EDIT_BYTES = 256 << 20;
const LARGEST_UPLOAD_BYTES = 16 * 2 ** 30;

/** @throws shell/no-port */
export async function startLoopbackServer(options: LoopbackOptions): Promise<LoopbackServer> {
  const presence = new Presence(options.graceMs ?? GRACE_MS, () => options.onAbandoned?.());
  const server = createServer({ maxHeaderSize: 32 * 1024 });
  const { port } = await listen(server);
  const authority: Authority = `127.0.0.1:${port}`;
  const session = new LoopbackSession(port);
  const shell = { authority, session, presence, handler: options.handler };
  // A large upload may take long; a caller that sends nothing may not.
  server.requestTimeout = 0;
  server.headersTimeout = 20_000;
  server.timeout = 0;
  server.on('request', (incoming, outgoing) => {
    void answer(shell, incoming, outgoing).catch(() => outgoing.destroy());
  });
  return {
    origin: `http://${authority}`,
    url: `http://${authority}/?token=${session.startToken}`,
    windows: () => presence.windows,
    async close() {
      presence.stop();
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

interface Shell {
  readonly authority: Authority;
  readonly session: LoopbackSession;
  readonly presence: Presence;
  readonly handler: LoopbackOptions['handler'];
}

async function answer(shell: Shell, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const target = incoming.url ?? '';
  const refused = refusal({ method: incoming.method ?? '', target, headers: incoming.headers }, shell.authority);
  if (refused) return refuse(outgoing);
  const origin = `http://${shell.authority}`;
  const url = new URL(origin + target);
  const isKnown = shell.session.isKnown(incoming.headers.cookie);
  if (url.pathname === '/' && url.searchParams.has('token')) {
    const cookie = shell.session.exchange(url.searchParams.get('token'));
    if (!cookie && !isKnown) return refuse(outgoing);
    // The token leaves the address bar and the history at once.
    outgoing.writeHead(303, { location: '/', 'cache-control': 'no-store', ...(cookie && { 'set-cookie': cookie }) });
    outgoing.end();
    return;
  }
  if (!isKnown) return refuse(outgoing);
  const limit = bodyLimit(url.pathname);
  if (Number(incoming.headers['content-length'] ?? 0) > limit) return refuse(outgoing, 413);

  const gone = new AbortController();
  const isWindow = url.pathname === WATCH_PATH;
  if (isWindow) shell.presence.enter();
  outgoing.on('close', () => {
    gone.abort();
    if (isWindow) shell.presence.leave();
  });
  const response = await shell.handler(toRequest(incoming, origin, gone.signal, limit));
  await sendResponse(response, outgoing, incoming.method === 'HEAD');
}

function bodyLimit(pathname: string): number {
  if (pathname.startsWith('/blob/uploads/')) return LARGEST_UPLOAD_BYTES;
  return pathname.startsWith('/blob/') ? LARGEST_EDIT_BYTES : LARGEST_CALL_BYTES;
}

/** Says nothing about the reason: whoever is refused shall not learn how to do better. */
function refuse(outgoing: ServerResponse, status = 403): void {
  const page = refusalPage();
  outgoing.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(page),
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  });
  outgoing.end(page);
}

function listen(server: Server): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new LanternError('shell/no-port', 'Lantern could not open a port on this computer.', 'Start it again.', {
          cause: error,
        }),
      ),
    );
    server.listen({ host: '127.0.0.1', port: 0, exclusive: true }, () => resolve(server.address() as AddressInfo));
  });
}
