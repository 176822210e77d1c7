/** `lantern://app/…`: the host's handler as a privileged scheme. It is the only origin that the window ever has. */
import type { Protocol } from 'electron';
import { errorAnswer } from '../host/answers.ts';

export const SCHEME = 'lantern';
export const ORIGIN = `${SCHEME}://app`;

/** Must run before the app is ready. */
export function registerScheme(protocol: Protocol): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
    },
  ]);
}

export function serveScheme(protocol: Protocol, handler: (request: Request) => Promise<Response>): void {
  protocol.handle(SCHEME, (request) => {
    if (isOwn(request.url)) return handler(request);
    const error = {
      code: 'shell/not-found',
      message: 'There is nothing at this address.',
      hint: 'Start again.',
    } as const;
    return errorAnswer(error, 404);
  });
}

export function isOwn(url: string): boolean {
  return url === ORIGIN || url.startsWith(`${ORIGIN}/`);
}
