/** The whole program on a disk that fills up: an import fails with words, and everything that was acknowledged is still there. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writePhantomDicom } from '../main/demo/phantomDicom.ts';
import { importPaths } from '../main/import/importPaths.ts';
import { asLanternError } from '../main/jobs/jobs.ts';
import { loadVolume } from '../main/studies/loadVolume.ts';
import { listStudies } from '../main/studies/studyStore.ts';
import { smallDisk } from '../main/vault/smallDisk.ts';
import { TEST_PASSPHRASE } from '../main/vault/temporaryVault.ts';
import { createVault, unlockVault } from '../main/vault/vault.ts';

const disk = smallDisk(24);
const elsewhere = mkdtempSync(join(tmpdir(), 'lantern-cd-'));
afterAll(() => {
  disk.remove();
  rmSync(elsewhere, { recursive: true, force: true });
});

const context = { signal: new AbortController().signal, progress: () => undefined };

describe.skipIf(disk.isMissing)('on a disk that fills up', () => {
  const { folder: root, fill, makeRoom } = disk;
  it('an import fails with disk/full, and the study that was there opens as before, also after a restart', async () => {
    const small = join(elsewhere, 'small');
    const large = join(elsewhere, 'large');
    await writePhantomDicom(small, undefined, { size: [64, 64, 20], spacingMm: [5.6, 5.6, 15], seed: 1 });
    await writePhantomDicom(large, undefined, { size: [256, 256, 60], spacingMm: [1.4, 1.4, 5], seed: 2 });
    const folder = join(root, 'vault');
    const { vault } = await createVault(folder, { name: 'x', userName: 'x', passphrase: TEST_PASSPHRASE });
    const { series } = await importPaths(vault, [small], context);
    const before = await loadVolume(vault, series[0] ?? '');
    fill(6_000_000);

    const failure = asLanternError(await importPaths(vault, [large], context).catch((error: unknown) => error));
    expect(failure).toMatchObject({ code: 'disk/full' });
    expect(failure.hint).toMatch(/space/);
    expect(listStudies(vault, () => []).flatMap((study) => study.series.map((each) => each.instances))).toEqual([20]);
    await vault.close();

    const again = await unlockVault(folder, { passphrase: TEST_PASSPHRASE });
    const after = await loadVolume(again, series[0] ?? '');
    expect(Buffer.from(after.scalars.buffer).equals(Buffer.from(before.scalars.buffer))).toBe(true);
    makeRoom();
    expect(await importPaths(again, [large], context)).toMatchObject({ imported: 60, failed: 0 });
    await again.close();
  });
});
