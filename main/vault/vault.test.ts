import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyAuditChain } from './auditChain.ts';
import { TEST_PASSPHRASE, type TemporaryVault, temporaryVault } from './temporaryVault.ts';
import { createVault, readVaultHeader, recoverVault, unlockVault, vaultExists } from './vault.ts';

let test: TemporaryVault;
beforeEach(async () => {
  test = await temporaryVault();
});
afterEach(() => test.dispose());

const unlock = (passphrase = TEST_PASSPHRASE) => unlockVault(test.folder, { passphrase });

describe('a vault', () => {
  it('is what its folder says, before and after it is unlocked', async () => {
    expect(await vaultExists(test.folder)).toBe(true);
    expect(await readVaultHeader(test.folder)).toEqual({ id: test.vault.id, name: 'Test vault', formatVersion: 1 });
    await test.vault.close();
    expect(readdirSync(test.folder).sort()).toEqual(['cases.db', 'objects', 'scratch', 'vault.json']);
    const again = await unlock();
    expect(again.id).toBe(test.vault.id);
    expect(again.user).toEqual(test.vault.user);
    expect(again.user.name).toBe('Tester');
    await again.close();
  });

  it('can be copied as a whole while it is locked, keeps what was put in', async () => {
    test.vault.transact(null, () => test.vault.db.prepare("INSERT INTO setting VALUES ('a', '1')").run());
    await test.vault.close();
    const again = await unlock();
    expect(again.db.prepare('SELECT value FROM setting').all()).toEqual([{ value: '1' }]);
    await again.close();
  });

  it('keeps database, key slots and files unreadable', async () => {
    const name = 'Doe^Jane^Lantern';
    test.vault.transact({ action: 'test', subject: name, detail: { name } }, () =>
      test.vault.db
        .prepare("INSERT INTO patient (id, patient_id, name, created_at) VALUES ('p', 'PID-77123', ?, '')")
        .run(name),
    );
    const object = await test.vault.objects.put('pack', Buffer.from(name.repeat(100)));
    test.vault.transact(null, () => object.commitRow());
    const search = () => {
      const files = readdirSync(test.folder, { recursive: true, withFileTypes: true }).filter((entry) =>
        entry.isFile(),
      );
      for (const file of files) {
        const text = readFileSync(join(file.parentPath, file.name), 'latin1');
        for (const word of [name, 'PID-77123', 'SQLite format 3', 'CREATE TABLE', 'Tester', TEST_PASSPHRASE]) {
          expect(text.includes(word), `${word} in ${file.name}`).toBe(false);
        }
      }
      return files.map((file) => file.name);
    };
    // Open, with a write-ahead log; and locked.
    expect(search()).toContain('cases.db-wal');
    await test.vault.close();
    expect(search()).not.toContain('cases.db-wal');
  });

  it('sets what durability rests on', () => {
    const setting = (name: string) => test.vault.db.pragma(name, { simple: true });
    expect(setting('cipher')).toBe('aegis');
    expect(setting('algorithm')).toBe('aegis-256');
    expect(setting('journal_mode')).toBe('wal');
    expect(setting('synchronous')).toBe(2);
    expect(setting('foreign_keys')).toBe(1);
    expect(setting('secure_delete')).toBe(1);
    expect(setting('temp_store')).toBe(2);
  });

  it('gives scratch folders that nobody else can enter, emptied when it is locked and unlocked', async () => {
    const scratch = await test.vault.scratchFolder();
    expect(scratch.startsWith(test.folder)).toBe(true);
    expect(scratch).not.toBe(await test.vault.scratchFolder());
    if (process.platform !== 'win32') expect(statSync(scratch).mode & 0o777).toBe(0o700);
    writeFileSync(join(scratch, 'plain'), 'x');
    await test.vault.close();
    expect(existsSync(scratch)).toBe(false);
    writeFileSync(join(test.folder, 'scratch', 'left by a crash'), 'x');
    await (await unlock()).close();
    expect(readdirSync(join(test.folder, 'scratch'))).toEqual([]);
  });

  it('is locked for good once closed', async () => {
    await test.vault.close();
    await test.vault.close();
    expect(() => test.vault.transact(null, () => 1)).toThrow(expect.objectContaining({ code: 'vault/locked' }));
  });
});

describe('opening', () => {
  it('refuses a wrong passphrase', async () => {
    await test.vault.close();
    for (const wrong of ['', 'a quiet lantern at nighT', `${TEST_PASSPHRASE} `]) {
      await expect(unlock(wrong)).rejects.toMatchObject({ code: 'vault/wrong-passphrase' });
    }
    await (await unlock()).close();
  });

  it('takes a passphrase in any Unicode spelling', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'lantern-nfkc-'));
    const folder = join(parent, 'v');
    const made = await createVault(folder, { name: 'x', userName: 'x', passphrase: 'caf\u00e9 lumi\u00e8re' });
    await made.vault.close();
    await (await unlockVault(folder, { passphrase: 'cafe\u0301 lumie\u0300re' })).close();
    await rm(parent, { recursive: true });
  });

  it('says so where there is no vault, and leaves the folder as it is', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'lantern-none-'));
    expect(await vaultExists(parent)).toBe(false);
    await expect(unlockVault(parent, { passphrase: TEST_PASSPHRASE })).rejects.toMatchObject({
      code: 'vault/not-found',
    });
    await expect(unlockVault(join(parent, 'no'), { passphrase: 'x' })).rejects.toMatchObject({
      code: 'vault/not-found',
    });
    expect(readdirSync(parent)).toEqual([]);
    await rm(parent, { recursive: true });
  });

  it('tells a damaged vault.json from a wrong passphrase', async () => {
    await test.vault.close();
    const path = join(test.folder, 'vault.json');
    const whole = readFileSync(path);
    for (let place = 0; place < whole.length; place += 13) {
      const bytes = Buffer.from(whole);
      bytes.writeUInt8(bytes.readUInt8(place) ^ 4, place);
      // White space may change without harm; everything else must be noticed.
      if (/\s/.test(String.fromCharCode(whole.readUInt8(place)))) continue;
      writeFileSync(path, bytes);
      await expect(unlock(), `byte ${place}`).rejects.toMatchObject({ code: 'vault/damaged' });
    }
    for (const cut of [0, 10, whole.length >> 1, whole.length - 3]) {
      writeFileSync(path, whole.subarray(0, cut));
      await expect(unlock(), `cut at ${cut}`).rejects.toMatchObject({ code: 'vault/damaged' });
    }
    writeFileSync(path, whole);
    await (await unlock()).close();
  });

  it('refuses a vault.json of a newer format', async () => {
    await test.vault.close();
    writeFileSync(join(test.folder, 'vault.json'), JSON.stringify({ format: 'lantern-vault-next', formatVersion: 2 }));
    await expect(unlock()).rejects.toMatchObject({ code: 'vault/newer-format' });
  });

  it('refuses a database with a flipped byte on any page, without changing it', async () => {
    await test.vault.close();
    const path = join(test.folder, 'cases.db');
    const whole = readFileSync(path);
    const pageBytes = 4096;
    for (let page = 0; page < whole.length / pageBytes; page += 5) {
      const bytes = Buffer.from(whole);
      const place = page * pageBytes + 1000;
      bytes.writeUInt8(bytes.readUInt8(place) ^ 1, place);
      writeFileSync(path, bytes);
      await expect(unlock(), `page ${page}`).rejects.toMatchObject({ code: 'vault/damaged' });
      expect(Buffer.compare(readFileSync(path), bytes)).toBe(0);
    }
    writeFileSync(path, whole.subarray(0, whole.length - pageBytes));
    await expect(unlock()).rejects.toMatchObject({ code: 'vault/damaged' });
    rmSync(path);
    await expect(unlock()).rejects.toMatchObject({ code: 'vault/damaged' });
    writeFileSync(path, whole);
    await (await unlock()).close();
  });
});

describe('creating', () => {
  it('refuses a weak passphrase and makes nothing', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'lantern-weak-'));
    for (const passphrase of ['', 'short', '123456789', 'aaaaaaaaaaaa', '          ']) {
      const making = createVault(join(parent, 'v'), { name: 'x', userName: 'x', passphrase });
      await expect(making).rejects.toMatchObject({ code: 'vault/weak-passphrase' });
    }
    expect(readdirSync(parent)).toEqual([]);
    await rm(parent, { recursive: true });
  });

  it('refuses a folder that holds a vault', async () => {
    const making = createVault(test.folder, { name: 'x', userName: 'x', passphrase: TEST_PASSPHRASE });
    await expect(making).rejects.toMatchObject({ code: 'vault/exists' });
  });

  it('never overwrites a database whose vault.json is missing, but clears what a crash of a creation left', async () => {
    await test.vault.close();
    const before = readFileSync(join(test.folder, 'cases.db'));
    rmSync(join(test.folder, 'vault.json'));
    const make = () => createVault(test.folder, { name: 'x', userName: 'x', passphrase: TEST_PASSPHRASE });
    await expect(make()).rejects.toMatchObject({ code: 'vault/remains' });
    expect(Buffer.compare(readFileSync(join(test.folder, 'cases.db')), before)).toBe(0);
    writeFileSync(join(test.folder, 'creating'), '');
    const { vault } = await make();
    expect(vault.id).not.toBe(test.vault.id);
    await vault.close();
  });
});

describe('recovering', () => {
  it('replaces the passphrase, keeps the code, and records it', async () => {
    await test.vault.close();
    const recoveryCode = test.recoveryCode.toLowerCase().replaceAll('-', ' ');
    const recovered = await recoverVault(test.folder, { recoveryCode, newPassphrase: 'another word for night' });
    expect(recovered.user.name).toBe('Tester');
    const actions = recovered.db.prepare('SELECT action FROM audit ORDER BY sequence').pluck().all();
    expect(actions).toEqual(['vault.create', 'vault.recover']);
    const slots = recovered.db
      .prepare('SELECT kind, revoked_at IS NULL AS valid FROM key_slot ORDER BY created_at, id')
      .all();
    expect(slots).toHaveLength(3);
    expect(slots).toContainEqual({ kind: 'passphrase', valid: 0 });
    expect(slots).toContainEqual({ kind: 'passphrase', valid: 1 });
    expect(slots).toContainEqual({ kind: 'recovery', valid: 1 });
    await recovered.close();
    await expect(unlock()).rejects.toMatchObject({ code: 'vault/wrong-passphrase' });
    await (await unlock('another word for night')).close();
    await (await recoverVault(test.folder, { recoveryCode, newPassphrase: TEST_PASSPHRASE })).close();
  });

  it('refuses another vault’s code and a weak new passphrase, and changes nothing', async () => {
    const other = await temporaryVault();
    await test.vault.close();
    const before = readFileSync(join(test.folder, 'vault.json'));
    const attempt = (recoveryCode: string, newPassphrase: string) =>
      recoverVault(test.folder, { recoveryCode, newPassphrase });
    await expect(attempt(other.recoveryCode, TEST_PASSPHRASE)).rejects.toMatchObject({
      code: 'vault/wrong-recovery-code',
    });
    await expect(attempt(test.recoveryCode, 'weak')).rejects.toMatchObject({ code: 'vault/weak-passphrase' });
    expect(Buffer.compare(readFileSync(join(test.folder, 'vault.json')), before)).toBe(0);
    await other.dispose();
  });

  it('refuses a key slot that was copied from another vault', async () => {
    const other = await temporaryVault();
    await Promise.all([test.vault.close(), other.vault.close()]);
    const { unwrapVaultKey } = await import('./keySlot.ts');
    const { readVaultFile } = await import('./vaultFile.ts');
    const file = await readVaultFile(other.folder);
    const slot = file.slots.find((s) => s.kind === 'passphrase');
    if (!slot) throw new Error('no slot');
    expect(await unwrapVaultKey(file.id, slot, TEST_PASSPHRASE)).toHaveLength(32);
    expect(await unwrapVaultKey(test.vault.id, slot, TEST_PASSPHRASE)).toBeNull();
    await other.dispose();
  });
});

describe('the audit trail', () => {
  const act = (n: number) => test.vault.transact({ action: 'test.act', subject: `s${n}`, detail: { n } }, () => n);

  it('has a row for every act, in its transaction', () => {
    act(1);
    expect(() =>
      test.vault.transact({ action: 'test.fail', subject: 's' }, () => {
        throw new Error('no');
      }),
    ).toThrow('no');
    test.vault.transact({ action: 'test.outer', subject: 's' }, () => act(2));
    const actions = test.vault.db.prepare('SELECT action FROM audit ORDER BY sequence').pluck().all();
    expect(actions).toEqual(['vault.create', 'test.act', 'test.act', 'test.outer']);
    expect(verifyAuditChain(test.vault)).toEqual({ rows: 4, brokenAt: null });
  });

  it('refuses a body that is asynchronous, and rolls it back', () => {
    expect(() =>
      test.vault.transact(null, async () => test.vault.db.prepare("INSERT INTO setting VALUES ('x', '1')").run()),
    ).toThrow(/asynchronous/);
    expect(test.vault.db.prepare('SELECT count(*) FROM setting').pluck().get()).toBe(0);
  });

  it.each([
    ['changed', "UPDATE audit SET subject = 'other' WHERE sequence = 3", 3],
    ['removed', 'DELETE FROM audit WHERE sequence = 3', 4],
    ['removed at the beginning', 'DELETE FROM audit WHERE sequence = 1', 2],
    ['exchanged', "UPDATE audit SET detail = '{}' WHERE sequence = 2", 2],
  ])('shows where a row was %s', (_, sql, brokenAt) => {
    for (let n = 0; n < 4; n++) act(n);
    expect(verifyAuditChain(test.vault).brokenAt).toBeNull();
    test.vault.db.exec(sql);
    expect(verifyAuditChain(test.vault).brokenAt).toBe(brokenAt);
  });
});
