import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadVolume } from '../studies/loadVolume.ts';
import { listStudies } from '../studies/studyStore.ts';
import { TEST_PASSPHRASE, temporaryVault } from '../vault/temporaryVault.ts';
import { unlockVault } from '../vault/vault.ts';
import { importPaths } from './importPaths.ts';
import { syntheticStack } from './syntheticDicom.ts';

const program = join(import.meta.dirname, 'importToKill.ts');
const COUNT = 24;

async function killedWhen(args: string[], line: string): Promise<void> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  let seen = '';
  child.stdout.on('data', (text: Buffer) => {
    seen += text.toString();
    if (seen.includes(line)) child.kill('SIGKILL');
  });
  await once(child, 'close');
  expect(seen).toContain(line);
}

test('killed while reading, while storing and at the end: whole series or nothing, and a repeat completes them', async () => {
  const temporary = await temporaryVault();
  const images = await mkdtemp(join(tmpdir(), 'lantern-import-'));
  try {
    const stack = syntheticStack(
      Array.from({ length: COUNT }, (_, n) => n),
      { rows: 64, columns: 64 },
    );
    for (const [n, bytes] of stack.entries()) await writeFile(join(images, `image_${n}`), bytes);
    await importPaths(temporary.vault, [join(images, 'image_5')], {
      signal: new AbortController().signal,
      progress: () => undefined,
    });
    await temporary.vault.close();
    for (const line of ['reading 3\n', `reading ${COUNT}\n`, 'storing']) {
      await killedWhen([temporary.folder, TEST_PASSPHRASE, images], line);
      const vault = await unlockVault(temporary.folder, { passphrase: TEST_PASSPHRASE });
      const [series] = listStudies(vault, () => []).flatMap((study) => study.series);
      expect([1, COUNT]).toContain(series?.instances);
      await vault.close();
    }
    const vault = await unlockVault(temporary.folder, { passphrase: TEST_PASSPHRASE });
    const context = { signal: new AbortController().signal, progress: () => undefined };
    const result = await importPaths(vault, [images], context);
    expect(result.imported + result.duplicates).toBe(COUNT);
    const series = listStudies(vault, () => []).flatMap((study) => study.series);
    expect(series.map(({ instances, size }) => [instances, size])).toEqual([[COUNT, [64, 64, COUNT]]]);
    const { scalars } = await loadVolume(vault, series[0]?.id ?? '');
    for (let k = 0; k < COUNT; k++) expect(scalars[k * 64 * 64]).toBe(100 * k - 1000);
    await vault.close();
  } finally {
    await temporary.dispose();
    await rm(images, { recursive: true, force: true });
  }
});
