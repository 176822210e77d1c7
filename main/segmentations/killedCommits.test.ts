import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { encodeEdit } from '#core/segmentation/editPacket.ts';
import { plainGeometry } from '#core/segmentation/gridDrawing.ts';
import { addSegmentEdit, newSegment } from '#core/segmentation/segmentEdits.ts';
import { verifyAuditChain } from '../vault/auditChain.ts';
import { TEST_PASSPHRASE, temporaryVault } from '../vault/temporaryVault.ts';
import { unlockVault } from '../vault/vault.ts';
import { SegmentationService } from './segmentationService.ts';
import { insertTestSeries } from './seriesForTests.ts';

const writer = fileURLToPath(new URL('./strokeWriter.process.ts', import.meta.url));
const KILLS = 6;

/** Lets the writer commit for a while, then kills it hard. @returns the last edit that it acknowledged; 0: none */
function killedAfter(folder: string, id: string, milliseconds: number): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [writer, folder, TEST_PASSPHRASE, id], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (data) => {
      if (said === '') setTimeout(() => child.kill('SIGKILL'), milliseconds);
      said += data;
    });
    // A line that was cut in the middle is no acknowledgement.
    child.on('exit', () =>
      resolve(
        Number(
          said
            .split('\n')
            .slice(0, -1)
            .findLast((line) => /^\d+$/.test(line)) ?? 0,
        ),
      ),
    );
  });
}

it('keeps every acknowledged edit when it is killed in the middle of commits', { timeout: 120_000 }, async () => {
  const own = await temporaryVault();
  const { folder, vault } = own;
  insertTestSeries(vault);
  const service = new SegmentationService(vault);
  const { id } = await service.create({ seriesId: 'se', name: 'Killed', geometry: plainGeometry([64, 64, 8]) });
  const empty = { size: [64, 64, 8] as const, segments: [], layers: [], voxels: new Map() };
  await service.commit(id, 0, encodeEdit(addSegmentEdit(empty, newSegment([]))));
  await service.close();
  await vault.close();
  let before = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const acknowledged = await killedAfter(folder, id, 120 + 90 * kill);
    const again = await unlockVault(folder, { passphrase: TEST_PASSPHRASE });
    const opened = new SegmentationService(again);
    const { voxels: counts, revision } = await opened.get(id);
    const count = counts['1'] ?? 0;
    // One more may have been committed whose answer was never read.
    expect(count).toBeGreaterThanOrEqual(acknowledged);
    expect(count).toBeLessThanOrEqual(Math.max(acknowledged, before) + 1);
    const { voxels } = await opened.layer(id, 0);
    expect(voxels.lastIndexOf(1)).toBe(count - 1);
    expect((await opened.undo(id, revision)).receipt.voxels).toEqual({ '1': count - 1 });
    expect((await opened.redo(id, revision + 1)).receipt.voxels).toEqual({ '1': count });
    expect(verifyAuditChain(again).brokenAt).toBeNull();
    expect(acknowledged).toBeGreaterThan(before);
    before = count;
    await opened.close();
    await again.close();
  }
  await own.dispose();
});
