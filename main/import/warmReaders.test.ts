import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TemporaryVault, temporaryVault } from '../vault/temporaryVault.ts';
import { syntheticDicom } from './syntheticDicom.ts';
import { warmReaders, withReaders } from './warmReaders.ts';

let temporary: TemporaryVault;
beforeEach(async () => {
  temporary = await temporaryVault();
});
afterEach(() => temporary.dispose());

const image = syntheticDicom({ sop: '1.1' });

test('one import hands its processes to the next, and the lock ends them', async () => {
  const { vault } = temporary;
  const first = await withReaders(vault, [], async (readers) => {
    expect((await readers.read(image, '.dcm')).result.kind).toBe('dicom');
    return readers;
  });
  const second = await withReaders(vault, [], async (readers) => {
    expect((await readers.read(image, '.dcm')).result.kind).toBe('dicom');
    return readers;
  });
  expect(second).toBe(first);
  expect(second.isClosed).toBe(false);
  await vault.close();
  expect(second.isClosed).toBe(true);
  expect((await second.read(image, '.dcm')).result.kind).toBe('failed');
});

test('processes that were started ahead are the ones that are used', async () => {
  const { vault } = temporary;
  warmReaders(vault);
  const used = await withReaders(vault, [], async (readers) => readers);
  warmReaders(vault);
  expect(await withReaders(vault, [], async (readers) => readers)).toBe(used);
});

test('after a failure and after a cancellation the processes are not used again', async () => {
  const { vault } = temporary;
  const used: { isClosed: boolean }[] = [];
  await expect(
    withReaders(vault, [], async (readers) => {
      used.push(readers);
      throw new Error('a full disk');
    }),
  ).rejects.toThrow('a full disk');
  const controller = new AbortController();
  const { result } = await withReaders(vault, [controller.signal], async (readers) => {
    used.push(readers);
    const reading = readers.read(image, '.dcm');
    controller.abort();
    return reading;
  });
  expect(result.kind).toBe('failed');
  expect(used.map(({ isClosed }) => isClosed)).toEqual([true, true]);
  expect(await withReaders(vault, [], async ({ isClosed }) => isClosed)).toBe(false);
});

test('idle processes do not keep the program running', async () => {
  const module = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  const program = `
    import { rmSync } from 'node:fs';
    import { dirname } from 'node:path';
    import { temporaryVault } from ${module('../vault/temporaryVault.ts')};
    import { withReaders } from ${module('./warmReaders.ts')};
    const { vault, folder } = await temporaryVault();
    const { result } = await withReaders(vault, [], (readers) => readers.read(Buffer.from('not an image'), ''));
    process.on('exit', () => rmSync(dirname(folder), { recursive: true }));
    console.log(result.kind);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (text: Buffer) => {
    said += text.toString();
  });
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(said).toBe('ignored\n');
});
