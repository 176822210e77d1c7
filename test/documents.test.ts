/** The documents tell the truth about files and commands: links resolve, commands exist, the tour has ten files. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const documents = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...markdownIn('docs')];

function markdownIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
}

describe.each(documents)('%s', (document) => {
  const text = readFileSync(join(root, document), 'utf8');

  it('links only to files that exist', () => {
    const links = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
      .map((m) => m[1] ?? '')
      .filter((link) => !/^[a-z]+:/.test(link));
    const broken = links.filter((link) => !existsSync(join(root, dirname(document), link)));
    expect(broken).toEqual([]);
  });

  it('names only npm scripts that exist', () => {
    const scripts = new Set(Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts));
    const named = [...text.matchAll(/npm run (?:--silent )?([a-z][a-z:]*)/g)].map((m) => m[1] ?? '');
    expect(named.filter((name) => !scripts.has(name))).toEqual([]);
  });
});

describe('ARCHITECTURE.md', () => {
  it('leads through one study in ten files', () => {
    const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
    const tour = text.split('## One study in ten files')[1]?.split('\n## ')[0] ?? '';
    const files = [...tour.matchAll(/^\d+\. \[`([^`]+)`\]\(([^)]+)\)/gm)].map((m) => m[2] ?? '');
    expect(files).toHaveLength(10);
    for (const file of files) expect(existsSync(join(root, file)), relative('.', file)).toBe(true);
  });
});

describe('THIRD_PARTY_NOTICES.md', () => {
  it('names every package that ships, in its version', () => {
    const text = readFileSync(join(root, 'THIRD_PARTY_NOTICES.md'), 'utf8');
    const lock: { packages: Record<string, { version: string; dev?: boolean; devOptional?: boolean }> } = JSON.parse(
      readFileSync(join(root, 'package-lock.json'), 'utf8'),
    );
    const shipped = Object.entries(lock.packages)
      .filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional && existsSync(join(root, path)))
      .map(
        ([path, { version }]) =>
          `${path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)} ${version} (`,
      );
    expect(shipped.length).toBeGreaterThan(50);
    expect(shipped.filter((name) => !text.includes(name))).toEqual([]);
  });
});
