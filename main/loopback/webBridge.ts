/** Between node:http and the web's Request and Response, streams in both directions, an abort when the caller goes away. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';

/** @param limitBytes a body that grows beyond breaks off with an error */
export function toRequest(incoming: IncomingMessage, origin: string, signal: AbortSignal, limitBytes: number): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const one of Array.isArray(value) ? value : [value ?? '']) headers.append(name, one);
  }
  const method = incoming.method ?? 'GET';
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return new Request(origin + incoming.url, {
    method,
    headers,
    signal,
    ...(hasBody && { body: Readable.toWeb(limited(incoming, limitBytes)) as ReadableStream, duplex: 'half' }),
  });
}

/** Sends the answer; a body that fails midway ends the connection, so that nobody takes a part for the whole. */
export async function sendResponse(response: Response, outgoing: ServerResponse, isHead: boolean): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  if (isHead || !response.body) {
    await response.body?.cancel();
    outgoing.end();
    return;
  }
  // Streams of events must leave at once, not with the first event; of any other answer the head travels with the body.
  if (response.headers.get('content-type')?.startsWith('text/event-stream')) outgoing.flushHeaders();
  try {
    await pipeline(Readable.fromWeb(response.body as NodeReadableStream<Uint8Array>), outgoing);
  } catch {
    outgoing.destroy();
  }
}

function limited(incoming: IncomingMessage, limitBytes: number): Readable {
  async function* pieces() {
    let total = 0;
    for await (const piece of incoming as AsyncIterable<Buffer>) {
      total += piece.length;
      if (total > limitBytes) throw new RangeError('the request is larger than allowed');
      yield piece;
    }
  }
  return Readable.from(pieces(), { objectMode: false });
}
