/** Answers that every part of the handler builds alike. Patient data is never to be kept by a browser: no-store throughout. */
import { LanternError, type LanternErrorData } from '#core/errors/lanternError.ts';
import { byteRange } from './byteRange.ts';

/** Headers of every answer; they also allow SharedArrayBuffer where the shell grants it. */
const COMMON = {
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** @returns the answer with the headers that all have, unless it set its own */
export function withCommonHeaders(answer: Response): Response {
  for (const [name, value] of Object.entries(COMMON)) {
    if (!answer.headers.has(name)) answer.headers.set(name, value);
  }
  return answer;
}

export function bytesAnswer(bytes: Uint8Array, contentType: string, headers: Record<string, string> = {}): Response {
  return new Response(bytes as Uint8Array<ArrayBuffer>, {
    headers: { 'content-type': contentType, 'content-length': String(bytes.byteLength), ...headers },
  });
}

export function jsonAnswer(value: unknown, status = 200): Response {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return new Response(bytes, {
    status,
    headers: { 'content-type': 'application/json', 'content-length': String(bytes.byteLength) },
  });
}

export function errorAnswer(error: LanternErrorData, status: number): Response {
  return jsonAnswer({ code: error.code, message: error.message, hint: error.hint }, status);
}

export function notFound(): Response {
  return errorAnswer(
    new LanternError('shell/not-found', 'There is nothing at this address.', 'Go back to the list of studies.'),
    404,
  );
}

/** Bytes of something large, read only as far as they are asked for. */
export interface ByteSource {
  readonly total: number;
  /** Bytes [start, end). */
  read(start: number, end: number): Promise<Uint8Array>;
}

const PIECE_BYTES = 4 << 20;

/**
 * The body is read piece by piece as the caller takes it, the first one before the answer begins: what cannot be read is then an error
 * in words, and only behind the first piece a connection that breaks off.
 * @returns 200, 206 or 416, by the request's Range header
 */
export async function rangedAnswer(
  request: Request,
  source: ByteSource,
  contentType: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  const range = byteRange(request.headers.get('range'), source.total);
  const common = { 'content-type': contentType, 'accept-ranges': 'bytes', ...headers };
  if (range === 'unsatisfiable') {
    return new Response(null, {
      status: 416,
      headers: { ...common, 'content-range': `bytes */${source.total}`, 'content-length': '0' },
    });
  }
  const { start, end } = range ?? { start: 0, end: source.total };
  const firstEnd = Math.min(end, start + PIECE_BYTES);
  let first: Uint8Array | null = await source.read(start, firstEnd);
  let position = start;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (position < end) {
          const next = first ? firstEnd : Math.min(end, position + PIECE_BYTES);
          controller.enqueue(first ?? (await source.read(position, next)));
          first = null;
          position = next;
        }
        if (position >= end) controller.close();
      },
    },
    // One piece is read ahead while the caller takes the one before.
    { highWaterMark: 1 },
  );
  return new Response(body, {
    status: range ? 206 : 200,
    headers: {
      ...common,
      'content-length': String(end - start),
      ...(range && { 'content-range': `bytes ${start}-${end - 1}/${source.total}` }),
    },
  });
}
