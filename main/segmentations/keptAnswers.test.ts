import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AnswerOrigin } from '#core/segmentation/answerOrigin.ts';
import { diffLabelmaps } from '#core/segmentation/delta.ts';
import type { Edit, SegmentationContent } from '#core/segmentation/edit.ts';
import { encodeEdit } from '#core/segmentation/editPacket.ts';
import { plainGeometry } from '#core/segmentation/gridDrawing.ts';
import { addSegmentEdit, deleteSegmentEdit, newSegment } from '#core/segmentation/segmentEdits.ts';
import { type TemporaryVault, temporaryVault } from '../vault/temporaryVault.ts';
import { SegmentationService } from './segmentationService.ts';
import { insertTestSeries } from './seriesForTests.ts';

const geometry = plainGeometry([6, 5, 4]);
const { size } = geometry;
const points = [{ pointLps: [1, 2, 3], inside: true }];
const origin: AnswerOrigin = {
  modelId: 'prompt',
  modelName: 'Point at a structure',
  modelVersion: '0.2.0',
  sha256: 'ab'.repeat(32),
  provider: 'cpu',
  seconds: 0.4,
  trace: [{ step: 'prompt', points, boxLps: null }],
  warnings: [],
};

let temporary: TemporaryVault;
beforeAll(async () => {
  temporary = await temporaryVault();
  insertTestSeries(temporary.vault);
});
afterAll(() => temporary.dispose());

async function contentOf(service: SegmentationService, id: string) {
  const detail = await service.get(id);
  const counts = new Map(Object.entries(detail.voxels).map(([n, count]) => [Number(n), count]));
  const content = { size, segments: detail.segments, layers: [await service.layer(id, 0)], voxels: counts };
  return { content: content satisfies SegmentationContent, revision: detail.revision };
}

/** Makes an edit of the segmentation as it stands, and commits it. */
async function commit(service: SegmentationService, id: string, make: (content: SegmentationContent) => Edit) {
  const { content, revision } = await contentOf(service, id);
  return service.commit(id, revision, encodeEdit(make(content)));
}

const adding = (content: SegmentationContent): Edit => addSegmentEdit(content, newSegment(content.segments));
const keeping =
  (segment: number, from: number, by: AnswerOrigin | null = origin) =>
  ({ layers: [before] }: SegmentationContent): Edit => {
    if (!before) throw new Error('no layer');
    const after = { size, voxels: before.voxels.slice().fill(segment, from, from + 5) };
    const list = { segmentsBefore: null, segmentsAfter: null };
    const deltas = [{ layer: 0, delta: diffLabelmaps(before, after) }];
    return { code: 'prompt/keep', label: 'Smart click', source: 'model', ...list, deltas, ...(by && { origin: by }) };
  };

async function withTwoSegments(service: SegmentationService): Promise<string> {
  const { id } = await service.create({ seriesId: 'se', name: 'Test', geometry });
  await commit(service, id, adding);
  await commit(service, id, adding);
  return id;
}

const segmentsOf = async (service: SegmentationService, id: string): Promise<number[]> =>
  (await service.keptAnswers(id)).map(({ segment }) => segment);

it('keeps model, hash, prompts, operator and time of what was pointed at, over a restart', async () => {
  const service = new SegmentationService(temporary.vault);
  const id = await withTwoSegments(service);
  const { savedAt } = await commit(service, id, keeping(2, 0));
  await service.close();
  expect(await new SegmentationService(temporary.vault).keptAnswers(id)).toEqual([
    { segment: 2, provenance: { ...origin, operator: temporary.vault.user.name, at: savedAt } },
  ]);
});

it('counts what is undone no more, what is redone again, and forgets what something else took the place of', async () => {
  const service = new SegmentationService(temporary.vault);
  const id = await withTwoSegments(service);
  await commit(service, id, keeping(1, 0));
  const { revision } = await commit(service, id, keeping(2, 10));
  expect(await segmentsOf(service, id)).toEqual([1, 2]);
  await service.undo(id, revision);
  expect(await segmentsOf(service, id)).toEqual([1]);
  const { receipt } = await service.redo(id, revision + 1);
  expect(await segmentsOf(service, id)).toEqual([1, 2]);
  await service.undo(id, receipt.revision);
  await commit(service, id, adding);
  expect(await segmentsOf(service, id)).toEqual([1]);
});

it('does not say it of a segment that was given the number of one that is gone', async () => {
  const service = new SegmentationService(temporary.vault);
  const id = await withTwoSegments(service);
  await commit(service, id, keeping(2, 0));
  const { revision } = await commit(service, id, (content) => deleteSegmentEdit(content, 2));
  expect(await segmentsOf(service, id)).toEqual([]);
  const { receipt } = await service.undo(id, revision);
  expect(await segmentsOf(service, id)).toEqual([2]);
  await service.redo(id, receipt.revision);
  await commit(service, id, adding);
  expect((await service.get(id)).segments.map(({ number }) => number)).toEqual([1, 2]);
  expect(await segmentsOf(service, id)).toEqual([]);
});

it('remembers it when the steps of the history are gone', async () => {
  const service = new SegmentationService(temporary.vault, {
    bounds: { stepsPerSnapshot: 1, bytesPerSnapshot: 1, mostBytes: 1 },
  });
  const id = await withTwoSegments(service);
  await commit(service, id, keeping(1, 0));
  for (let n = 0; n < 4; n++) await commit(service, id, adding);
  await service.close();
  expect(service.history(id).map(({ code }) => code)).not.toContain('prompt/keep');
  expect(await segmentsOf(service, id)).toEqual([1]);
  await service.remove(id);
  expect(temporary.vault.db.prepare('SELECT count(*) FROM kept_answer WHERE segmentation_ref = ?').pluck().get(id)).toBe(0); // biome-ignore format: one line
});

it('refuses an outline that does not say where it comes from, or says it in another shape', async () => {
  const service = new SegmentationService(temporary.vault);
  const id = await withTwoSegments(service);
  for (const bad of [null, { ...origin, sha256: 7 } as unknown as AnswerOrigin]) {
    await expect(commit(service, id, keeping(1, 0, bad))).rejects.toMatchObject({ code: 'segmentation/no-origin' });
  }
  expect((await service.get(id)).voxels).toEqual({ '1': 0, '2': 0 });
});
