import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LanternError } from '#core/errors/lanternError.ts';
import { blobs, rpc } from './client.ts';
import { onJobStarted, useConnection } from './connection.ts';

type Answer = (request: Request) => Response | Promise<Response>;
let requests: Request[] = [];

/** In the place of the browser's fetch; everything behind it is the real client. */
function answering(answer: Answer): void {
  vi.stubGlobal('fetch', async (input: Request | string, init?: RequestInit) => {
    const request = typeof input === 'string' ? new Request(`http://127.0.0.1:1${input}`, init) : input;
    requests.push(request);
    request.signal.throwIfAborted();
    return answer(request);
  });
}
const failure = { code: 'disk/full', message: 'The disk is full.', hint: 'Free some space.' };
/** What the host sends to a caller that wants no failing status: contract/quietStatus.ts. */
const quietFailure = () => Response.json(failure, { headers: { 'x-lantern-status': '422' } });

beforeEach(() => {
  requests = [];
  vi.stubGlobal('location', { origin: 'http://127.0.0.1:1' });
  useConnection.setState({ lost: false, lockedCount: 0 });
});
afterEach(() => vi.unstubAllGlobals());

describe('blobs', () => {
  it('gets a range with the header that the host asks for', async () => {
    answering(() => new Response(new Uint8Array([1, 2, 3]), { status: 206 }));
    expect([...(await blobs.getBytes('/blob/volumes/v', { range: [4, 6] }))]).toEqual([1, 2, 3]);
    expect(requests[0]?.headers.get('range')).toBe('bytes=4-6');
    expect(requests[0]?.headers.get('x-lantern-request')).toBe('1');
  });

  it('tells progress with the bytes that are there so far', async () => {
    const pieces = [new Uint8Array([1, 2]), new Uint8Array([3, 4])];
    const body = new ReadableStream({
      pull(controller) {
        const piece = pieces.shift();
        if (piece) controller.enqueue(piece);
        else controller.close();
      },
    });
    answering(() => new Response(body, { headers: { 'content-length': '4' } }));
    const seen: number[][] = [];
    const onProgress = (done: number, total: number, bytes: Uint8Array) => seen.push([done, total, ...bytes]);
    expect([...(await blobs.getBytes('/blob/x', { onProgress }))]).toEqual([1, 2, 3, 4]);
    expect(seen).toEqual([
      [2, 4, 1, 2, 0, 0],
      [4, 4, 1, 2, 3, 4],
    ]);
  });

  it('takes a body that ends early for a lost host, not for the whole', async () => {
    answering(() => new Response(new Uint8Array([1]), { headers: { 'content-length': '4' } }));
    const error = await blobs.getBytes('/blob/x', { onProgress: () => {} }).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'shell/host-lost' });
  });

  it('turns a failure, hidden in a 200, into a LanternError', async () => {
    answering(quietFailure);
    const error = await blobs.putBytes('/blob/x', new Uint8Array(1)).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(LanternError);
    expect(error).toMatchObject(failure);
    expect(requests[0]?.method).toBe('PUT');
  });

  it('says that the host is lost, and that it is there again', async () => {
    answering(() => {
      throw new TypeError('Failed to fetch');
    });
    await expect(blobs.getBytes('/blob/x')).rejects.toMatchObject({ code: 'shell/host-lost' });
    expect(useConnection.getState().lost).toBe(true);
    answering(() => new Response('x'));
    await blobs.getBytes('/blob/x');
    expect(useConnection.getState().lost).toBe(false);
  });

  it('lets an abort be an abort', async () => {
    answering(() => new Response('x'));
    const error = await blobs.getBytes('/blob/x', { signal: AbortSignal.abort() }).catch((thrown) => thrown);
    expect(error).toMatchObject({ name: 'AbortError' });
    expect(useConnection.getState().lost).toBe(false);
  });
});

describe('rpc', () => {
  it('reads the typed error of the contract and notices a locked vault', async () => {
    const data = { code: 'vault/locked', message: 'The vault is locked.', hint: 'Unlock it.' };
    const body = { json: { defined: true, code: 'LANTERN', status: 422, message: data.message, data }, meta: [] };
    answering(() => Response.json(body, { headers: { 'x-lantern-status': '422' } }));
    await expect(rpc.studies.list()).rejects.toMatchObject(data);
    expect(useConnection.getState().lockedCount).toBe(1);
  });

  it('tells of every job that a call has started', async () => {
    answering(() => Response.json({ json: { jobId: 'j1' }, meta: [] }));
    const started: string[] = [];
    const stop = onJobStarted((id) => started.push(id));
    await rpc.demo.install();
    stop();
    expect(started).toEqual(['j1']);
  });
});
