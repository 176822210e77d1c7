/**
 * `npm run notices`: writes THIRD_PARTY_NOTICES.md from the packages that package-lock.json names for the shipped program, each with its licence and
 * its text. Equal texts stand once. `test/documents.test.ts` sees that every shipped package is in it.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface LockedPackage {
  readonly version: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly optional?: boolean;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const lock: { packages: Record<string, LockedPackage> } = JSON.parse(
  readFileSync(join(root, 'package-lock.json'), 'utf8'),
);
const shipped = Object.entries(lock.packages).filter(
  ([path, { dev, devOptional }]) =>
    path !== '' && (path === 'node_modules/node' || (!dev && !devOptional)) && existsSync(join(root, path)),
);

const byText = new Map<string, string[]>();
for (const [path, { version, license }] of shipped) {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const text = licenceText(join(root, path));
  const packages = byText.get(text) ?? [];
  packages.push(`${name} ${version} (${license ?? 'see text'})`);
  byText.set(text, packages);
}

const sections = [...byText].map(([text, packages]) => {
  const names = [...new Set(packages)].sort().join(', ');
  return text === ''
    ? `## ${names}\n\nThe package carries no licence text of its own; the licence named above applies.\n`
    : `## ${names}\n\n\`\`\`\n${text}\n\`\`\`\n`;
});
sections.sort();
writeFileSync(
  join(root, 'THIRD_PARTY_NOTICES.md'),
  `# Third-party notices\n\nLantern ships with the packages below. Written by \`npm run notices\`.\n\n${sections.join('\n')}`,
);

function licenceText(folder: string): string {
  const file = readdirSync(folder).find(
    (name) => /^(licen[cs]e|copying)(\.|-|$)/i.test(name) && !/\.(js|json|ts)$/.test(name),
  );
  return file ? readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').replaceAll('```', "'''").trim() : '';
}
