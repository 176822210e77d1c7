import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyAuditChain } from './auditChain.ts';
import { TEST_PASSPHRASE, type TemporaryVault, temporaryVault } from './temporaryVault.ts';
import { contentOf } from './tortureContent.ts';
import { unlockVault } from './vault.ts';

const WRITER = fileURLToPath(new URL('./tortureWriter.process.ts', import.meta.url));

let test: TemporaryVault;
let children: ChildProcess[] = [];
beforeEach(async () => {
  test = await temporaryVault();
  await test.vault.close();
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  children = [];
  await test.dispose();
});

const unlock = () => unlockVault(test.folder, { passphrase: TEST_PASSPHRASE });

/** @returns once it has said that the vault is open */
async function startWriter(mode: 'store' | 'hold'): Promise<{ child: ChildProcess; lines: () => string[] }> {
  const child = spawn(process.execPath, [WRITER, test.folder, TEST_PASSPHRASE, mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  let output = '';
  const isOpen = new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the writer ended')));
    child.stdout?.on('data', (text: Buffer) => {
      output += text.toString();
      if (output.startsWith('open\n')) resolve();
    });
  });
  await isOpen;
  // The last line may be torn by the kill: only whole lines are acknowledgements.
  return { child, lines: () => output.split('\n').slice(1, -1) };
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'close');
  child.kill('SIGKILL');
  await gone;
}

describe('a process that is killed while it writes', () => {
  it('loses nothing that was acknowledged, leaves no dangling row, and the vault opens at once', async () => {
    const acknowledged = new Map<string, string>();
    for (const wait of [0, 30, 90, 200, 350, 500]) {
      const { child, lines } = await startWriter('store');
      await new Promise((resolve) => setTimeout(resolve, wait));
      await kill(child);
      for (const line of lines()) {
        const [id = '', seed = ''] = line.split(' ');
        if (seed === 'removed') acknowledged.delete(id);
        else acknowledged.set(id, seed);
      }
      const vault = await unlock();
      const rows = vault.db.prepare<[], { key: string; value: string }>('SELECT key, value FROM setting').all();
      const stored = new Map(rows.map((row) => [row.key, row.value]));
      for (const [id, seed] of acknowledged) expect(stored.get(id)).toBe(seed);
      for (const [id, seed] of stored) {
        expect(Buffer.compare(await vault.objects.read(id), contentOf(seed)), `object of ${seed}`).toBe(0);
      }
      const objects = vault.db.prepare('SELECT count(*) FROM object').pluck().get();
      expect(objects).toBe(stored.size);
      const files = readdirSync(join(test.folder, 'objects'), { recursive: true, withFileTypes: true });
      expect(files.filter((entry) => entry.isFile())).toHaveLength(stored.size);
      expect(verifyAuditChain(vault).brokenAt).toBeNull();
      await vault.close();
    }
    expect(acknowledged.size).toBeGreaterThan(5);
  });
});

describe('two openers', () => {
  it('in two processes: the second is told who has the vault, and what to do', async () => {
    const { child } = await startWriter('hold');
    const error = await unlock().catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'vault/in-use', hint: expect.stringContaining('Close Lantern there') });
    expect(String(error)).toContain(`process ${child.pid} on this computer`);
    await kill(child);
    await (await unlock()).close();
  });

  it('in one process', async () => {
    const vault = await unlock();
    await expect(unlock()).rejects.toMatchObject({ code: 'vault/in-use' });
    await vault.close();
    await (await unlock()).close();
  });

  it('are kept apart by the database even where somebody deletes the lock file', async () => {
    const { child } = await startWriter('hold');
    rmSync(join(test.folder, 'lock'));
    await expect(unlock()).rejects.toMatchObject({ code: 'vault/in-use' });
    await kill(child);
    await (await unlock()).close();
    expect(existsSync(join(test.folder, 'lock'))).toBe(false);
  });
});

describe('a lock file', () => {
  const lock = () => join(test.folder, 'lock');
  const owner = (change: object) =>
    JSON.stringify({
      token: 't',
      pid: 1,
      host: hostname(),
      processStart: '',
      openedAt: '2026-01-01T00:00:00.000Z',
      ...change,
    });

  it.each([
    ['of a process that is gone', () => owner({ pid: 4_194_000 })],
    ['of this process’s number, from an earlier life', () => owner({ pid: process.pid })],
    ['that was never written to its end', () => '{"token":'],
    ['that is empty', () => ''],
  ])('%s is taken over at once', async (_, content) => {
    writeFileSync(lock(), content());
    const vault = await unlock();
    expect(JSON.parse(readFileSync(lock(), 'utf8'))).toMatchObject({ pid: process.pid, host: hostname() });
    await vault.close();
    expect(existsSync(lock())).toBe(false);
  });

  it.runIf(process.platform === 'linux')('of a number that another process has got since is taken over', async () => {
    const { child } = await startWriter('hold');
    const mine = JSON.parse(readFileSync(lock(), 'utf8'));
    expect(mine.pid).toBe(child.pid);
    await kill(child);
    writeFileSync(lock(), JSON.stringify({ ...mine, pid: process.ppid }));
    await (await unlock()).close();
  });

  it('of another computer is believed', async () => {
    writeFileSync(lock(), owner({ host: 'ward-3', pid: 77 }));
    const error = await unlock().catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'vault/in-use' });
    expect(String(error)).toContain('the computer "ward-3"');
    expect(existsSync(lock())).toBe(true);
    rmSync(lock());
  });
});
