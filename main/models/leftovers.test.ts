import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createHost } from '../host/createHost.ts';
import { writeTestPack } from '../inference/testPack.ts';
import { importModel } from './importModel.ts';
import { collectLeftovers, importFolder } from './leftovers.ts';
import { ModelImports } from './ModelImports.ts';

const HOUR_MS = 3_600_000;
let folder: string;
let models: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lantern-leftovers-'));
  models = join(folder, 'models');
  mkdirSync(models);
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

function leave(...names: string[]): void {
  for (const name of names) {
    mkdirSync(join(models, name, 'pack'), { recursive: true });
    writeFileSync(join(models, name, 'pack', 'model.onnx'), 'x');
  }
}
const left = () => readdirSync(models).sort();
const inHours = (hours: number) => Date.now() + hours * HOUR_MS;
/** Of a process that was there and is gone. */
const deadPid = () => spawnSync(process.execPath, ['-e', '']).pid;

it('collects what is older than a day, and nothing else of the folder', async () => {
  leave('.import-abc', `.import-${deadPid()}-xyz`, '.removed-1', '.good.12ab.old', 'good', 'trusted-keys');
  leave('../elsewhere');
  symlinkSync(join(folder, 'elsewhere'), join(models, '.removed-2'));
  await collectLeftovers(models, inHours(23));
  expect(left()).toHaveLength(7);
  await collectLeftovers(models, inHours(25));
  expect(left()).toEqual(['.good.12ab.old', '.removed-2', 'good', 'trusted-keys']);
  expect(readdirSync(join(folder, 'elsewhere'))).toEqual(['pack']);
});

it('leaves an import alone whose process lives, however long it takes, and collects it when that is gone', async () => {
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  try {
    leave(`.import-${other.pid}-abc`);
    const own = await importFolder(models);
    await collectLeftovers(models, inHours(24 * 30));
    expect(left().map((name) => join(models, name))).toEqual(expect.arrayContaining([own]));
    expect(left()).toHaveLength(2);
    await new Promise((resolve) => other.once('exit', resolve).kill('SIGKILL'));
    await collectLeftovers(models, inHours(24 * 30));
    expect(left().map((name) => join(models, name))).toEqual([own]);
  } finally {
    other.kill('SIGKILL');
  }
});

it('does not mistake a pack that is being removed now for an old one, though its files are', async () => {
  leave('.removed-1');
  const longAgo = new Date(Date.now() - 1000 * HOUR_MS);
  utimesSync(join(models, '.removed-1'), longAgo, longAgo);
  await collectLeftovers(models);
  expect(left()).toEqual(['.removed-1']);
});

it('is at peace with a folder that is not there', async () => {
  await expect(collectLeftovers(join(folder, 'none'))).resolves.toBeUndefined();
});

const imports = () => new ModelImports({ modelsFolder: models, shippedFolders: [] });
it.each([
  [
    'an import',
    async () => {
      writeTestPack(join(folder, 'stick'), 'bright');
      await importModel({ path: join(folder, 'stick', 'bright'), modelsFolder: models, shippedFolders: [], trust: true, orientation: null }); // biome-ignore format: one line
    },
  ],
  [
    'a look',
    () => imports().look(join(folder, 'nothing'), null, { signal: new AbortController().signal, progress: () => {} }),
  ],
  ['a removal', () => imports().remove('nobody')],
  [
    'the start of the program',
    async () => {
      const host = await createHost({
        vaultFolder: join(folder, 'vault'),
        modelFolders: [],
        importedModelsFolder: models,
      });
      await vi.waitFor(() => expect(left()).not.toContain('.removed-1'));
      await host.close();
    },
  ],
])('%s collects them', async (_, act) => {
  leave('.import-abc', '.removed-1');
  vi.useFakeTimers({ toFake: ['Date'], now: inHours(25) });
  await Promise.resolve(act()).catch(() => undefined);
  await vi.waitFor(() => expect(left().filter((name) => name.startsWith('.'))).toEqual([]));
});
