/** Tries to get past every check of the loopback shell: as a foreign page, another port, a name that points here, a replay. */
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { networkInterfaces } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LoopbackServer, startLoopbackServer } from './loopbackServer.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let server: LoopbackServer;
let seen: Request[];
let abandoned: number;
let handler: (request: Request) => Promise<Response>;

beforeEach(async () => {
  seen = [];
  abandoned = 0;
  handler = async (request) => new Response(`${request.method} ${(await request.text()).length}`);
  server = await startLoopbackServer({
    handler: (request) => {
      seen.push(request);
      return handler(request);
    },
    onAbandoned: () => {
      abandoned += 1;
    },
    graceMs: 50,
  });
});
afterEach(() => server.close());

/** Raw, because a fetch would not let a test lie about Host. */
function open(
  target: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<IncomingMessage> {
  const { hostname, port, host } = new URL(server.origin);
  return new Promise((resolve, reject) => {
    const call = httpRequest({ hostname, port, path: target, method, headers: { host, ...headers } }, resolve);
    call.once('error', reject);
    call.end(body);
  });
}

async function call(target: string, options: Parameters<typeof open>[1] = {}): Promise<Answer> {
  const answer = await open(target, options);
  let body = '';
  for await (const piece of answer) body += piece;
  return { status: answer.statusCode ?? 0, headers: answer.headers, body };
}

const tokenTarget = (): string => server.url.slice(server.origin.length);

async function signIn(): Promise<{ cookie: string }> {
  const answer = await call(tokenTarget());
  return { cookie: String(answer.headers['set-cookie']).split(';')[0] ?? '' };
}

describe('the start token', () => {
  it('is exchanged for a cookie that scripts cannot read and other sites cannot use', async () => {
    const answer = await call(tokenTarget());
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe('/');
    expect(String(answer.headers['set-cookie'])).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);
  });

  it('is good once', async () => {
    await signIn();
    const again = await call(tokenTarget());
    expect(again.status).toBe(403);
    expect(again.headers['set-cookie']).toBeUndefined();
  });

  it('may be opened again by the window that has the cookie, which may also reload', async () => {
    const headers = await signIn();
    expect((await call(tokenTarget(), { headers })).status).toBe(303);
    expect((await call('/', { headers })).status).toBe(200);
    expect((await call('/', { headers })).status).toBe(200);
  });

  it('is not taken when wrong, cut, empty or on another path', async () => {
    const token = tokenTarget().slice('/?token='.length);
    for (const target of ['/?token=', `/?token=${token.slice(1)}`, `/?token=${token}x`, `/index.html?token=${token}`]) {
      expect((await call(target)).status).toBe(403);
    }
    expect(seen).toHaveLength(0);
  });
});

describe('the cookie', () => {
  it('is asked for on every path', async () => {
    for (const target of ['/', '/assets/x.js', '/rpc/studies/list', '/blob/volumes/1']) {
      expect((await call(target)).status).toBe(403);
    }
    expect(seen).toHaveLength(0);
  });

  it('must be right to the last letter', async () => {
    const { cookie } = await signIn();
    const wrong = cookie.slice(0, -1) + (cookie.endsWith('A') ? 'B' : 'A');
    expect((await call('/', { headers: { cookie: wrong } })).status).toBe(403);
    expect((await call('/', { headers: { cookie: `other=1; ${cookie}` } })).status).toBe(200);
  });
});

describe('a request from elsewhere', () => {
  it.each([
    ['another name that points here', { host: 'lantern.example:PORT' }],
    ['localhost, which is not our name', { host: 'localhost:PORT' }],
    ['another port in the name', { host: '127.0.0.1:1' }],
    ['the address without its port', { host: '127.0.0.1' }],
    ['a foreign page', { origin: 'http://evil.example' }],
    ['a page of another port', { origin: 'http://127.0.0.1:1' }],
    ['a page over another scheme', { origin: 'https://127.0.0.1:PORT' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['a link on another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
    ['another port of this computer', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' }],
    ['a picture in an extension', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'no-cors' }],
  ])('is refused although it has the cookie: %s', async (_what, lies) => {
    const headers = await signIn();
    const { port } = new URL(server.origin);
    const told = Object.fromEntries(Object.entries(lies).map(([name, value]) => [name, value.replace('PORT', port)]));
    expect((await call('/', { headers: { ...headers, ...told } })).status).toBe(403);
    expect(seen).toHaveLength(0);
  });

  it('is refused when its request line names another server', async () => {
    const headers = await signIn();
    expect((await call('http://evil.example/', { headers })).status).toBe(403);
    expect((await call('*', { method: 'OPTIONS', headers })).status).toBe(403);
  });

  it('is refused when it changes something without saying where it comes from', async () => {
    const headers = await signIn();
    expect((await call('/rpc/vault/lock', { method: 'POST', headers })).status).toBe(403);
    const own = { ...headers, origin: server.origin, 'sec-fetch-site': 'same-origin' };
    expect((await call('/rpc/vault/lock', { method: 'POST', headers: own, body: 'abc' })).body).toBe('POST 3');
  });

  it('learns nothing from the refusal', async () => {
    const answer = await call('/');
    expect(answer.body).not.toMatch(/cookie|token|header/i);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('cannot come from the network: the port is not open on other addresses', async () => {
    const address = Object.values(networkInterfaces())
      .flat()
      .find((entry) => entry && entry.family === 'IPv4' && !entry.internal)?.address;
    if (!address) return expect(server.origin).toContain('127.0.0.1');
    await expect(fetch(server.url.replace('127.0.0.1', address))).rejects.toThrow();
  });
});

describe('sizes', () => {
  it('refuses a call that announces too much, and breaks off one that sends too much', async () => {
    const own = { ...(await signIn()), origin: server.origin };
    const announced = await call('/rpc/x', { method: 'POST', headers: { ...own, 'content-length': '99999999' } }).catch(
      () => ({ status: 413 }),
    );
    expect(announced.status).toBe(413);
    let failure: unknown = null;
    handler = async (request) => {
      await request.arrayBuffer().catch((error: unknown) => {
        failure = error;
      });
      return new Response('read');
    };
    const headers = { ...own, 'transfer-encoding': 'chunked' };
    await call('/rpc/x', { method: 'POST', headers, body: 'x'.repeat(9 << 20) }).catch(() => null);
    expect(failure).not.toBeNull();
  });
});

describe('streams', () => {
  it('sends the first bytes before the answer has ended, and tells the handler when the caller goes away', async () => {
    const headers = await signIn();
    let signal: AbortSignal | undefined;
    let isCancelled = false;
    handler = async (request) => {
      signal = request.signal;
      return new Response(
        new ReadableStream({
          start: (controller) => controller.enqueue(new TextEncoder().encode('first')),
          cancel: () => {
            isCancelled = true;
          },
        }),
      );
    };
    const answer = await open('/rpc/jobs/watch', { headers });
    const [first] = await new Promise<Buffer[]>((resolve) => answer.once('data', (piece) => resolve([piece])));
    expect(String(first)).toBe('first');
    expect(server.windows()).toBe(1);
    answer.destroy();
    await expect.poll(() => signal?.aborted && isCancelled).toBe(true);
    expect(server.windows()).toBe(0);
    await expect.poll(() => abandoned).toBe(1);
  });

  it('ends the connection when an answer fails midway, so that a part is not taken for the whole', async () => {
    const headers = await signIn();
    handler = async () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            controller.enqueue(new Uint8Array(10));
            controller.error(new Error('disk'));
          },
        }),
        { headers: { 'content-length': '1000' } },
      );
    await expect(call('/blob/volumes/1', { headers })).rejects.toThrow();
  });
});
