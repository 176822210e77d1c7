/**
 * Who may speak to the loopback server. Other pages in the user's browser, other programs of other users and names that a DNS
 * server points to 127.0.0.1 may not. Pure: sees headers, answers why not. Next: loopbackServer.ts.
 */
import { timingSafeEqual } from 'node:crypto';

export interface GuardedRequest {
  readonly method: string;
  /** As it stood in the request line. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** `127.0.0.1:PORT`, the only name this server has. */
export type Authority = `127.0.0.1:${number}`;

/** @returns why the request is refused, before any cookie or token is looked at; null when it may go on */
export function refusal({ method, target, headers }: GuardedRequest, authority: Authority): string | null {
  if (!target.startsWith('/')) return 'the request line names another server';
  if (headers['host'] !== authority) return 'the Host header is not this server';
  const origin = headers['origin'];
  if (origin !== undefined && origin !== `http://${authority}`) return 'another page sent this';
  const isReading = method === 'GET' || method === 'HEAD';
  if (!isReading && origin === undefined) return 'a change without an Origin header';
  const site = headers['sec-fetch-site'];
  // "none" is a person's own navigation: an address typed, a window opened by the program.
  const isNavigation = isReading && headers['sec-fetch-mode'] === 'navigate';
  if (site !== undefined && site !== 'same-origin' && !(site === 'none' && isNavigation))
    return 'another site sent this';
  return null;
}

/** @returns the value of one cookie of a Cookie header */
export function cookieOf(header: string | string[] | undefined, name: string): string | null {
  for (const part of String(header ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return null;
}

/** Compares secrets in a time that tells nothing about them. */
export function sameSecret(given: string | null, secret: string): boolean {
  if (given === null) return false;
  const [a, b] = [Buffer.from(given), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}
