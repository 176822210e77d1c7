import { afterAll, beforeAll, expect, it } from 'vitest';
import { plainGeometry } from '#core/segmentation/gridDrawing.ts';
import { newSegment } from '#core/segmentation/segmentEdits.ts';
import { type TemporaryVault, temporaryVault } from '../vault/temporaryVault.ts';
import { SegmentationService } from './segmentationService.ts';
import { insertTestSeries } from './seriesForTests.ts';

const geometry = plainGeometry([6, 5, 4]);
const { size } = geometry;
const voxels = 120;

let temporary: TemporaryVault;
beforeAll(async () => {
  temporary = await temporaryVault();
  insertTestSeries(temporary.vault);
});
afterAll(() => temporary.dispose());

it('accepts a proposal in part: only the chosen segments stay, undo brings the others back, and the audit says which', async () => {
  const service = new SegmentationService(temporary.vault);
  const segments = [newSegment([]), newSegment([newSegment([])])];
  const layer = { size, voxels: new Uint8Array(voxels).fill(1, 0, 10).fill(2, 10, 30) };
  const result = { seriesId: 'se', name: 'Proposed', geometry, provenance: null } as const;
  const { id } = await service.addResult({ ...result, state: 'proposed', origin: 'model', segments, layers: [layer] });
  await expect(service.accept(id, [])).rejects.toMatchObject({ code: 'segmentation/nothing-chosen' });
  await expect(service.accept(id, [7])).rejects.toMatchObject({ code: 'segmentation/unknown-segment' });
  expect((await service.get(id)).state).toBe('proposed');

  expect(await service.accept(id, [2])).toMatchObject({ state: 'accepted', voxels: { '2': 20 }, revision: 1 });
  expect((await service.layer(id, 0)).voxels).toEqual(new Uint8Array(voxels).fill(2, 10, 30));
  const { detail } = temporary.vault.db
    .prepare("SELECT detail FROM audit WHERE subject = ? AND action = 'segmentation.accept'")
    .get(id) as { detail: string };
  expect(JSON.parse(detail)).toEqual({ accepted: [2], rejected: [1] });
  await expect(service.accept(id, [2])).rejects.toMatchObject({ code: 'segmentation/not-proposed' });

  const again = new SegmentationService(temporary.vault);
  expect((await again.get(id)).undoLabel).toBe('Reject Segment 1');
  await again.undo(id, 1);
  expect((await again.layer(id, 0)).voxels).toEqual(new Uint8Array(voxels).fill(1, 0, 10).fill(2, 10, 30));
  expect((await again.get(id)).state).toBe('accepted');
});

it('accepts a proposal as a whole when every segment is chosen', async () => {
  const service = new SegmentationService(temporary.vault);
  const segments = [newSegment([])];
  const layer = { size, voxels: new Uint8Array(voxels).fill(1) };
  const result = { seriesId: 'se', name: 'Proposed', geometry, provenance: null } as const;
  const { id } = await service.addResult({ ...result, state: 'proposed', origin: 'model', segments, layers: [layer] });
  expect(await service.accept(id, [1])).toMatchObject({ state: 'accepted', revision: 0, undoLabel: null });
});
