import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SegmentationDetail } from '#contract/schemas/segmentation.ts';
import { acceptEdit } from '#core/segmentation/acceptEdit.ts';
import { diffLabelmaps } from '#core/segmentation/delta.ts';
import { encodeEdit } from '#core/segmentation/editPacket.ts';
import { plainGeometry } from '#core/segmentation/gridDrawing.ts';
import type { HistoryBounds } from '#core/segmentation/history.ts';
import { newSegment } from '#core/segmentation/segmentEdits.ts';
import { readExportOrder } from '../export/exportSource.ts';
import { type TemporaryVault, temporaryVault } from '../vault/temporaryVault.ts';
import { SegmentationService } from './segmentationService.ts';
import { insertTestSeries } from './seriesForTests.ts';

const geometry = plainGeometry([6, 5, 4]);
const { size } = geometry;
const voxels = 120;
/** So tight that snapshots, dropped steps and lost ground all happen within a few edits. */
const tight: HistoryBounds = { stepsPerSnapshot: 2, bytesPerSnapshot: 400, mostBytes: 2000 };

let temporary: TemporaryVault;
beforeAll(async () => {
  temporary = await temporaryVault();
  insertTestSeries(temporary.vault);
});
afterAll(() => temporary.dispose());

const proposedVoxels = () => new Uint8Array(voxels).fill(1, 0, 10).fill(2, 10, 30);
const acceptedVoxels = () => new Uint8Array(voxels).fill(2, 10, 30);

function restarted(bounds?: HistoryBounds): SegmentationService {
  return new SegmentationService(temporary.vault, bounds ? { bounds } : {});
}

/** Two segments of ten and twenty voxels. */
async function proposal(service: SegmentationService): Promise<SegmentationDetail> {
  const segments = [newSegment([]), newSegment([newSegment([])])];
  const result = { seriesId: 'se', name: 'Proposed', geometry, provenance: null } as const;
  const layers = [{ size, voxels: proposedVoxels() }];
  return service.addResult({ ...result, state: 'proposed', origin: 'model', segments, layers });
}

/** One more voxel of segment 2. */
async function paint(service: SegmentationService, id: string): Promise<void> {
  const { revision } = await service.get(id);
  const before = await service.layer(id, 0);
  const after = { size, voxels: before.voxels.slice() };
  after.voxels[before.voxels.lastIndexOf(2) + 1] = 2;
  const deltas = [{ layer: 0, delta: diffLabelmaps(before, after) }];
  const stroke = {
    code: 'brush',
    label: 'Brush',
    source: 'manual',
    segmentsBefore: null,
    segmentsAfter: null,
  } as const;
  await service.commit(id, revision, encodeEdit({ ...stroke, deltas }));
}

async function undo(service: SegmentationService, id: string) {
  return (await service.undo(id, (await service.get(id)).revision)).receipt;
}

async function redo(service: SegmentationService, id: string) {
  return (await service.redo(id, (await service.get(id)).revision)).receipt;
}

function audited(id: string): { action: string; detail: Record<string, unknown> }[] {
  const rows = temporary.vault.db
    .prepare('SELECT action, detail FROM audit WHERE subject = ? ORDER BY sequence')
    .all(id) as { action: string; detail: string }[];
  return rows.map(({ action, detail }) => ({ action, detail: JSON.parse(detail) }));
}

it('deletes a rejected proposal, and not what was accepted and edited meanwhile', async () => {
  const service = restarted();
  const [{ id }, { id: waiting }] = [await proposal(service), await proposal(service)];
  // Asked for while the acceptance is under way: what counts is what it is then.
  const accepting = service.accept(id);
  await expect(service.remove(id, { onlyProposed: true })).rejects.toMatchObject({ code: 'segmentation/not-proposed' });
  await accepting;
  await paint(service, id);
  await expect(service.remove(id, { onlyProposed: true })).rejects.toMatchObject({ code: 'segmentation/not-proposed' });
  expect(service.history(id)).toHaveLength(2);
  expect((await service.get(id)).state).toBe('accepted');
  await service.remove(waiting, { onlyProposed: true });
  await expect(service.remove(waiting, { onlyProposed: true })).rejects.toMatchObject({ code: 'segmentation/unknown' });
  await service.remove(id);
  await expect(service.get(id)).rejects.toMatchObject({ code: 'segmentation/unknown' });
});

it('accepts a proposal in part: only the chosen segments stay, and the audit says which', async () => {
  const service = restarted();
  const { id } = await proposal(service);
  await expect(service.accept(id, [])).rejects.toMatchObject({ code: 'segmentation/nothing-chosen' });
  await expect(service.accept(id, [7])).rejects.toMatchObject({ code: 'segmentation/unknown-segment' });
  expect((await service.get(id)).state).toBe('proposed');

  expect(await service.accept(id, [2])).toMatchObject({ state: 'accepted', voxels: { '2': 20 }, revision: 1 });
  expect((await service.layer(id, 0)).voxels).toEqual(acceptedVoxels());
  expect(audited(id).at(-1)).toEqual({ action: 'segmentation.accept', detail: { accepted: [2], rejected: [1] } });
  await expect(service.accept(id, [2])).rejects.toMatchObject({ code: 'segmentation/not-proposed' });
  expect((await restarted().get(id)).undoLabel).toBe('Accept Segment 2');
});

it('gives the proposal back when the acceptance is undone: on disk, and not for export', async () => {
  const { id } = await proposal(restarted());
  await restarted().accept(id, [2]);
  expect(await undo(restarted(), id)).toMatchObject({
    ...{ state: 'proposed', voxels: { '1': 10, '2': 20 } },
    ...{ undoLabel: null, redoLabel: 'Accept Segment 2' },
  });
  expect((await restarted().layer(id, 0)).voxels).toEqual(proposedVoxels());
  expect(await restarted().get(id)).toMatchObject({ state: 'proposed', revision: 2 });
  expect(
    restarted()
      .summaries('se')
      .find((s) => s.id === id),
  ).toMatchObject({ state: 'proposed' });
  const deps = { vault: temporary.vault, segmentations: restarted() };
  await expect(readExportOrder(deps, { segmentationId: id, format: 'nifti' })).rejects.toMatchObject({
    code: 'export/proposal-not-accepted',
  });
  expect(audited(id).at(-1)).toEqual({
    action: 'segmentation.undo',
    detail: { sequence: 1, revision: 2, state: 'proposed', accepted: [2], rejected: [1] },
  });
});

it('accepts the same part again when that is redone', async () => {
  const { id } = await proposal(restarted());
  await restarted().accept(id, [2]);
  await undo(restarted(), id);
  expect(await redo(restarted(), id)).toMatchObject({ state: 'accepted', voxels: { '2': 20 } });
  expect((await restarted().layer(id, 0)).voxels).toEqual(acceptedVoxels());
  expect((await restarted().get(id)).state).toBe('accepted');
  expect(audited(id).at(-1)).toEqual({
    action: 'segmentation.redo',
    detail: { sequence: 1, revision: 3, state: 'accepted', accepted: [2], rejected: [1] },
  });
});

it.each([undefined, tight])('holds behind later edits, with the bounds %o', async (bounds) => {
  const { id } = await proposal(restarted(bounds));
  await restarted(bounds).accept(id, [2]);
  let service = restarted(bounds);
  for (let n = 0; n < 5; n++) await paint(service, id);
  await service.close();
  service = restarted(bounds);
  for (let n = 5; n > 0; n--) expect(await undo(service, id)).toMatchObject({ state: 'accepted' });
  expect(await undo(service, id)).toMatchObject({ state: 'proposed', undoLabel: null });
  await service.close();
  expect((await restarted(bounds).layer(id, 0)).voxels).toEqual(proposedVoxels());
  service = restarted(bounds);
  for (let n = 0; n < 6; n++) expect(await redo(service, id)).toMatchObject({ state: 'accepted' });
  expect((await service.get(id)).voxels).toEqual({ '2': 25 });
});

it('stays accepted where the history dropped the acceptance', async () => {
  const bounds = { ...tight, mostBytes: 500 };
  const service = restarted(bounds);
  const { id } = await proposal(service);
  await service.accept(id, [2]);
  for (let n = 0; n < 12; n++) await paint(service, id);
  await service.close();
  const again = restarted(bounds);
  const steps = again.history(id);
  expect(steps[0]!.sequence).toBeGreaterThan(1);
  for (const _ of steps) expect(await undo(again, id)).toMatchObject({ state: 'accepted' });
  await expect(undo(again, id)).rejects.toMatchObject({ code: 'segmentation/nothing-to-undo' });
});

it('takes another choice after the first was undone, and the first cannot be redone then', async () => {
  const service = restarted();
  const { id } = await proposal(service);
  await service.accept(id, [2]);
  await undo(service, id);
  expect(await service.accept(id, [1])).toMatchObject({ state: 'accepted', voxels: { '1': 10 }, redoLabel: null });
  await undo(service, id);
  expect(await service.accept(id)).toMatchObject({ state: 'accepted', voxels: { '1': 10, '2': 20 }, redoLabel: null });
  expect(service.history(id).map(({ label }) => label)).toEqual(['Accept Segment 1, Segment 2']);
});

it.each([{ kept: undefined }, { kept: [2, 1] }])(
  'accepts as a whole with $kept, and undo gives that back, too',
  async ({ kept }) => {
    const service = restarted();
    const { id } = await proposal(service);
    expect(await service.accept(id, kept)).toMatchObject({
      state: 'accepted',
      revision: 1,
      voxels: { '1': 10, '2': 20 },
    });
    expect(audited(id).at(-1)?.detail).toEqual({ accepted: [1, 2], rejected: [] });
    const acts = audited(id).length;
    expect(await service.accept(id), 'twice is once').toMatchObject({ state: 'accepted', revision: 1 });
    expect(audited(id)).toHaveLength(acts);
    expect(await undo(service, id)).toMatchObject({ state: 'proposed' });
    expect((await restarted().get(id)).state).toBe('proposed');
    expect(await redo(service, id)).toMatchObject({ state: 'accepted' });
  },
);

it('is accepted by nothing that is sent as an edit', async () => {
  const service = restarted();
  const { id, segments } = await proposal(service);
  const content = { size, segments, layers: [await service.layer(id, 0)], voxels: new Map([[1, 10]]) };
  const packet = encodeEdit(acceptEdit(content, [2]));
  await expect(service.commit(id, 0, packet)).rejects.toMatchObject({ code: 'segmentation/bad-edit' });
  expect(await service.get(id)).toMatchObject({ state: 'proposed', revision: 0 });
});

it('is a proposal again where an earlier build named the step a rejection', async () => {
  const { id } = await proposal(restarted());
  await restarted().accept(id, [2]);
  const { db } = temporary.vault;
  const packet = db.prepare('SELECT packet FROM edit WHERE segmentation_ref = ?').pluck().get(id) as Buffer;
  const text = packet.toString('latin1').replace('proposal/accept', 'segment/reject ');
  const earlier = Buffer.from(text.replace('"segment/reject "', '"segment/reject" '), 'latin1');
  db.prepare("UPDATE edit SET code = 'segment/reject', packet = ? WHERE segmentation_ref = ?").run(earlier, id);
  expect(await undo(restarted(), id)).toMatchObject({ state: 'proposed' });
});
