/**
 * The built renderer, from one folder and nowhere else, with the page's content security policy. Files under assets/ carry a hash
 * in their name and may be kept; everything else is asked for each time.
 */
import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { notFound } from './answers.ts';

/** Mantine writes its variables as inline styles; pictures of slices are blobs; nothing comes from anywhere else. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self' blob:",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

export async function answerStaticFile(url: URL, folder: string): Promise<Response> {
  const file = await fileInside(folder, url.pathname === '/' ? '/index.html' : url.pathname);
  const type = TYPES[extname(file ?? '')];
  if (!file || !type) return notFound();
  const bytes = await readFile(file);
  return new Response(bytes, {
    headers: {
      'content-type': type,
      'content-length': String(bytes.byteLength),
      'cache-control': url.pathname.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-cache',
      'content-security-policy': POLICY,
    },
  });
}

/** @returns the real path of a file in `folder`; null where there is none, or where the path or a link leads out of it */
async function fileInside(folder: string, pathname: string): Promise<string | null> {
  try {
    const path = decodeURIComponent(pathname);
    if (path.includes('\0') || path.includes('\\')) return null;
    const root = await realpath(folder);
    const file = await realpath(join(root, path));
    return file.startsWith(root + sep) ? file : null;
  } catch {
    return null;
  }
}
