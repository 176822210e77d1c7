import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { verifyAuditChain } from './auditChain.ts';
import { smallDisk } from './smallDisk.ts';
import { TEST_PASSPHRASE } from './temporaryVault.ts';
import { createVault, unlockVault } from './vault.ts';

const disk = smallDisk(6);
afterAll(() => disk.remove());

const full = { code: 'disk/full' };

describe.skipIf(disk.isMissing)('on a full disk', () => {
  const { folder: root, fill, makeRoom } = disk;
  const folder = join(root, 'vault');
  const unlock = () => unlockVault(folder, { passphrase: TEST_PASSPHRASE });

  it('objects, rows and unlocking fail with disk/full, and nothing acknowledged is lost', async () => {
    const { vault } = await createVault(folder, { name: 'x', userName: 'x', passphrase: TEST_PASSPHRASE });
    const bytes = randomBytes(1_500_000);
    const kept = await vault.objects.put('pack', bytes);
    vault.transact({ action: 'kept', subject: kept.id }, () => kept.commitRow());
    const objectFiles = () =>
      readdirSync(join(folder, 'objects'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

    // Objects larger than what is left, whole, streamed and packed.
    await expect(vault.objects.put('pack', randomBytes(8_000_000))).rejects.toMatchObject(full);
    await expect(vault.objects.put('pack', randomBytes(8_000_000), 'zstd')).rejects.toMatchObject(full);
    const writer = await vault.objects.create('pack');
    const streaming = async () => {
      for (let n = 0; n < 100; n++) await writer.write(randomBytes(100_000));
      await writer.finish();
    };
    await expect(streaming()).rejects.toMatchObject(full);
    await writer.abort();
    expect(objectFiles()).toHaveLength(1);

    // Rows.
    fill(0);
    const insert = vault.db.prepare('INSERT INTO setting (key, value) VALUES (?, ?)');
    const note = (n: number) =>
      vault.transact({ action: 'note', subject: `${n}` }, () => insert.run(`note ${n}`, 'x'.repeat(20_000)));
    let acknowledged = 0;
    let failure: unknown = null;
    while (!failure && acknowledged < 500) {
      try {
        note(acknowledged);
        acknowledged++;
      } catch (error) {
        failure = error;
      }
    }
    expect(failure).toMatchObject(full);
    expect((await vault.objects.read(kept.id)).length).toBe(bytes.length);
    const notes = () => vault.db.prepare("SELECT count(*) FROM setting WHERE key LIKE 'note %'").pluck().get();
    expect(notes()).toBe(acknowledged);

    // Room again: the same open vault goes on.
    makeRoom();
    note(acknowledged++);
    expect(notes()).toBe(acknowledged);
    expect(verifyAuditChain(vault).brokenAt).toBeNull();
    await vault.close();

    fill(0);
    await expect(unlock()).rejects.toMatchObject(full);
    makeRoom();
    const again = await unlock();
    expect(Buffer.compare(await again.objects.read(kept.id), bytes)).toBe(0);
    expect(again.db.prepare("SELECT count(*) FROM setting WHERE key LIKE 'note %'").pluck().get()).toBe(acknowledged);
    await again.close();
  });

  it('a creation fails with disk/full and can be done again once there is room', async () => {
    rmSync(folder, { recursive: true });
    fill(30_000);
    const make = () => createVault(folder, { name: 'x', userName: 'x', passphrase: TEST_PASSPHRASE });
    await expect(make()).rejects.toMatchObject(full);
    makeRoom();
    const { vault } = await make();
    await vault.close();
    await (await unlock()).close();
  });
});
