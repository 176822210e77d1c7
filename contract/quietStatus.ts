/**
 * Keeps expected failures out of the browser's console, where every answer of 400 or above is printed as an error. A caller
 * that sends QUIET_HEADER gets such an answer with status 200 and the true status in STATUS_HEADER.
 * Host: `quietStatus` as the last step of the handler. Renderer: `trueStatus` as the first step after fetch.
 */
export const QUIET_HEADER = 'x-lantern-quiet';
export const STATUS_HEADER = 'x-lantern-status';

/** @returns the answer as the caller of `request` wants it */
export function quietStatus(request: Request, answer: Response): Response {
  if (answer.status < 400 || !request.headers.has(QUIET_HEADER)) return answer;
  const headers = new Headers(answer.headers);
  headers.set(STATUS_HEADER, String(answer.status));
  return new Response(answer.body, { status: 200, headers });
}

/** The inverse of `quietStatus`. */
export function trueStatus(answer: Response): Response {
  const status = answer.headers.get(STATUS_HEADER);
  if (status === null) return answer;
  return new Response(answer.body, { status: Number(status), headers: answer.headers });
}
