import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { answerStaticFile } from './staticFiles.ts';

describe('answerStaticFile', () => {
  let folder: string;
  const get = (path: string) => answerStaticFile(new URL(`http://127.0.0.1${path}`), folder);

  beforeAll(async () => {
    const base = await mkdtemp(join(tmpdir(), 'lantern-static-'));
    folder = join(base, 'renderer');
    await mkdir(join(folder, 'assets'), { recursive: true });
    await writeFile(join(folder, 'index.html'), '<title>Lantern</title>');
    await writeFile(join(folder, 'assets', 'main-abc123.js'), 'export {}');
    await writeFile(join(base, 'secret.txt'), 'key');
    await mkdir(join(base, 'renderer-other'));
    await writeFile(join(base, 'renderer-other', 'secret.txt'), 'key');
    await symlink(join(base, 'secret.txt'), join(folder, 'link.txt'));
  });

  it('serves the page with a policy that allows neither eval nor any other origin', async () => {
    const answer = await get('/');
    expect(await answer.text()).toBe('<title>Lantern</title>');
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe-eval');
    expect(policy).not.toContain('http');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
  });

  it('lets files with a hash in their name be kept', async () => {
    const answer = await get('/assets/main-abc123.js');
    expect(answer.headers.get('cache-control')).toContain('immutable');
    expect(answer.headers.get('content-type')).toContain('javascript');
    expect(answer.headers.get('content-length')).toBe('9');
  });

  it.each([
    '/missing.js',
    '/assets',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/..%5csecret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '/../renderer-other/secret.txt',
    '/%2e%2e%2frenderer-other%2fsecret.txt',
    '/link.txt',
    '/index.html%00.js',
    '/%ff',
  ])('has nothing at %s', async (path) => {
    expect((await get(path)).status).toBe(404);
  });
});
