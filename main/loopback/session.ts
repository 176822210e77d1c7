/**
 * The start token and the cookie it is exchanged for. The token stands in the address that the program opens and is good once;
 * from then on the cookie speaks for the window, also when it is reloaded. Next: requestGuard.ts.
 */
import { randomBytes } from 'node:crypto';
import { cookieOf, sameSecret } from './requestGuard.ts';

export class LoopbackSession {
  readonly startToken = randomBytes(32).toString('base64url');
  readonly #cookie = randomBytes(32).toString('base64url');
  readonly #cookieName: string;
  #isTokenUsed = false;

  /** @param port stands in the cookie's name: cookies of one host are shared by all its ports */
  constructor(port: number) {
    this.#cookieName = `lantern-${port}`;
  }

  isKnown(cookieHeader: string | string[] | undefined): boolean {
    return sameSecret(cookieOf(cookieHeader, this.#cookieName), this.#cookie);
  }

  /** @returns the Set-Cookie header for the first that brings the token; null for everyone else */
  exchange(token: string | null): string | null {
    if (this.#isTokenUsed || !sameSecret(token, this.startToken)) return null;
    this.#isTokenUsed = true;
    return `${this.#cookieName}=${this.#cookie}; Path=/; HttpOnly; SameSite=Strict`;
  }
}
