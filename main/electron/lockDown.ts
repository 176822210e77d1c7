/** What the page may not do: leave, open windows, ask for devices, reach any address but its own. */
import type { Session, WebContents } from 'electron';
import { isOwn, ORIGIN } from './protocol.ts';

/** The page writes the recovery code and values to the clipboard; it asks for nothing else. */
const ALLOWED_PERMISSIONS: readonly string[] = ['clipboard-sanitized-write'];

export function lockDownSession(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer) => {
    answer(ALLOWED_PERMISSIONS.includes(permission) && isOwn(contents.getURL()));
  });
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => ALLOWED_PERMISSIONS.includes(permission) && isOwn(origin.replace(/\/$/, '')),
  );
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !isAllowed(details.url) }));
  session.setSpellCheckerEnabled(false);
  session.on('will-download', (event) => event.preventDefault());
}

export function lockDownContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => {
    if (!isOwn(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    if (!isOwn(event.url)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** Pictures made in the page are blobs of its own origin, or data. */
function isAllowed(url: string): boolean {
  return isOwn(url) || url.startsWith(`blob:${ORIGIN}/`) || url.startsWith('data:');
}
