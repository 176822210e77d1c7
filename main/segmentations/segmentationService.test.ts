import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SegmentationDetail } from '#contract/schemas/segmentation.ts';
import { diffLabelmaps } from '#core/segmentation/delta.ts';
import type { Edit, SegmentationContent } from '#core/segmentation/edit.ts';
import { encodeEdit } from '#core/segmentation/editPacket.ts';
import { plainGeometry } from '#core/segmentation/gridDrawing.ts';
import type { HistoryBounds } from '#core/segmentation/history.ts';
import type { Labelmap } from '#core/segmentation/labelmap.ts';
import { addSegmentEdit, changeSegmentEdit, deleteSegmentEdit, newSegment } from '#core/segmentation/segmentEdits.ts';
import { TEST_PASSPHRASE, type TemporaryVault, temporaryVault } from '../vault/temporaryVault.ts';
import { unlockVault } from '../vault/vault.ts';
import { SegmentationService } from './segmentationService.ts';
import { insertTestSeries } from './seriesForTests.ts';

const geometry = plainGeometry([6, 5, 4]);
const { size } = geometry;
const voxels = 120;
/** So tight that snapshots, dropped steps and lost ground all happen within a few edits. */
const tight: HistoryBounds = { stepsPerSnapshot: 2, bytesPerSnapshot: 400, mostBytes: 900 };

let temporary: TemporaryVault;
beforeAll(async () => {
  temporary = await temporaryVault();
  insertTestSeries(temporary.vault);
});
afterAll(() => temporary.dispose());

async function contentOf(
  service: SegmentationService,
  id: string,
): Promise<SegmentationContent & { revision: number }> {
  const detail = await service.get(id);
  const layers: Labelmap[] = [];
  for (const { index } of detail.layers) layers.push(await service.layer(id, index));
  const counts = new Map(Object.entries(detail.voxels).map(([n, count]) => [Number(n), count]));
  return { size, segments: detail.segments, layers, voxels: counts, revision: detail.revision };
}

function painting(content: SegmentationContent, paint: (voxels: Labelmap['voxels']) => void): Edit {
  const before = content.layers[0]!;
  const after = { size, voxels: before.voxels.slice() };
  paint(after.voxels);
  const delta = diffLabelmaps(before, after);
  return { code: 'brush', label: 'Brush', source: 'manual', segmentsBefore: null, segmentsAfter: null, deltas: [{ layer: 0, delta }] }; // biome-ignore format: one line
}

async function withOneSegment(service: SegmentationService): Promise<SegmentationDetail> {
  const created = await service.create({ seriesId: 'se', name: 'Test', geometry });
  const content = await contentOf(service, created.id);
  await service.commit(created.id, 0, encodeEdit(addSegmentEdit(content, newSegment([]))));
  return service.get(created.id);
}

type Act =
  | { kind: 'paint'; from: number; length: number; with: number }
  | { kind: 'add' | 'delete' | 'undo' | 'redo' | 'restart' };
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('paint' as const), from: fc.nat(voxels - 1), length: fc.integer({ min: 1, max: 40 }), with: fc.nat(5) }) }, // biome-ignore format: one line
  { weight: 6, arbitrary: fc.constantFrom('add', 'delete', 'undo', 'undo', 'redo', 'restart').map((kind) => ({ kind }) as Act) }, // biome-ignore format: one line
);

/** What a person sees: pictures and segments, with a cursor; kept whole, the slow and simple way. */
class Model {
  states: { voxels: number[]; numbers: number[] }[] = [{ voxels: new Array(voxels).fill(0), numbers: [] }];
  cursor = 0;
  get now() {
    return this.states[this.cursor]!;
  }
  push(state: Model['now']) {
    this.states = [...this.states.slice(0, this.cursor + 1), state];
    this.cursor++;
  }
}

it('agrees with a model over random edits, undos, redos and restarts, with snapshots and dropped steps', {
  timeout: 240_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 30 }), async (acts) => {
      let service = new SegmentationService(temporary.vault, { bounds: tight });
      const { id } = await service.create({ seriesId: 'se', name: 'Random', geometry });
      const model = new Model();
      for (const each of acts) {
        const content = await contentOf(service, id);
        if (each.kind === 'restart') {
          await service.close();
          service = new SegmentationService(temporary.vault, { bounds: tight });
        } else if (each.kind === 'undo' || each.kind === 'redo') {
          const { undoLabel, redoLabel } = await service.get(id);
          const isPossible = (each.kind === 'undo' ? undoLabel : redoLabel) !== null;
          if (isPossible) {
            await service[each.kind](id, content.revision);
            model.cursor += each.kind === 'undo' ? -1 : 1;
          } else {
            await expect(service[each.kind](id, content.revision)).rejects.toMatchObject({
              code: `segmentation/nothing-to-${each.kind}`,
            });
            // Only the oldest steps may be missing, never one that was undone.
            if (each.kind === 'redo') expect(model.cursor).toBe(model.states.length - 1);
          }
        } else {
          const made = editFor(each, content, model);
          if (made) {
            await service.commit(id, content.revision, encodeEdit(made.edit));
            model.push(made.state);
          }
        }
        const after = await contentOf(service, id);
        expect([...after.layers[0]!.voxels]).toEqual(model.now.voxels);
        expect(after.segments.map((s) => s.number)).toEqual(model.now.numbers);
        for (const n of model.now.numbers)
          expect(after.voxels.get(n)).toBe(model.now.voxels.filter((v) => v === n).length);
      }
      await service.close();
      expect(await contentOf(new SegmentationService(temporary.vault), id)).toMatchObject({
        segments: { length: model.now.numbers.length },
      });
    }),
    { numRuns: 40 },
  );
});

function editFor(each: Act, content: SegmentationContent, model: Model): { edit: Edit; state: Model['now'] } | null {
  const { numbers } = model.now;
  if (each.kind === 'add') {
    const segment = newSegment(content.segments);
    return { edit: addSegmentEdit(content, segment), state: { ...model.now, numbers: [...numbers, segment.number] } };
  }
  if (each.kind === 'delete') {
    const gone = numbers[0];
    if (gone === undefined) return null;
    const rest = model.now.voxels.map((v) => (v === gone ? 0 : v));
    return { edit: deleteSegmentEdit(content, gone), state: { voxels: rest, numbers: numbers.slice(1) } };
  }
  if (each.kind !== 'paint') return null;
  const label = each.with === 0 ? 0 : (numbers[each.with % Math.max(1, numbers.length)] ?? 0);
  const next = model.now.voxels.map((v, o) => (o >= each.from && o < each.from + each.length ? label : v));
  return { edit: painting(content, (v) => v.set(next)), state: { voxels: next, numbers } };
}

it('keeps everything over a real lock and unlock, undo included', async () => {
  const own = await temporaryVault();
  insertTestSeries(own.vault);
  const first = new SegmentationService(own.vault);
  const { id } = await withOneSegment(first);
  const content = await contentOf(first, id);
  await first.commit(id, content.revision, encodeEdit(painting(content, (v) => v.fill(1, 10, 30))));
  await first.close();
  await own.vault.close();
  const vault = await unlockVault(own.folder, { passphrase: TEST_PASSPHRASE });
  const second = new SegmentationService(vault);
  expect((await second.get(id)).voxels).toEqual({ '1': 20 });
  const { revision } = await second.get(id);
  const { receipt } = await second.undo(id, revision);
  expect(receipt).toMatchObject({ voxels: { '1': 0 }, redoLabel: 'Brush' });
  // A window that still shows what was undone may not move the history under this one.
  await expect(second.redo(id, revision)).rejects.toMatchObject({ code: 'segmentation/conflict' });
  await expect(second.undo(id, revision)).rejects.toMatchObject({ code: 'segmentation/conflict' });
  expect((await second.redo(id, receipt.revision)).receipt.voxels).toEqual({ '1': 20 });
  await second.close();
  await vault.close();
  await own.dispose();
});

it('refuses an edit that was made on an older revision', async () => {
  const service = new SegmentationService(temporary.vault);
  const { id, revision } = await withOneSegment(service);
  const content = await contentOf(service, id);
  const packet = encodeEdit(painting(content, (v) => v.fill(1, 0, 5)));
  await service.commit(id, revision, packet);
  await expect(service.commit(id, revision, packet)).rejects.toMatchObject({ code: 'segmentation/conflict' });
  expect((await service.get(id)).voxels).toEqual({ '1': 5 });
});

it('lets one of two edits at the same time win', async () => {
  const service = new SegmentationService(temporary.vault);
  const { id, revision } = await withOneSegment(service);
  const content = await contentOf(service, id);
  const packet = encodeEdit(painting(content, (v) => v.fill(1, 0, 5)));
  const both = await Promise.allSettled([service.commit(id, revision, packet), service.commit(id, revision, packet)]);
  expect(both.map((r) => r.status)).toEqual(['fulfilled', 'rejected']);
});

it('keeps locked segments, foreign labels and other grids out, and then nothing has changed', async () => {
  const service = new SegmentationService(temporary.vault);
  const { id } = await withOneSegment(service);
  let content = await contentOf(service, id);
  const painted = encodeEdit(painting(content, (v) => v.fill(1, 0, 5)));
  const foreign = encodeEdit(painting(content, (v) => v.fill(9, 0, 5)));
  const lock = encodeEdit(changeSegmentEdit(content, 1, { locked: true }));
  await expect(service.commit(id, content.revision, foreign)).rejects.toMatchObject({ code: 'segmentation/bad-edit' });
  await service.commit(id, content.revision, lock);
  content = await contentOf(service, id);
  await expect(service.commit(id, content.revision, painted)).rejects.toMatchObject({ code: 'segmentation/locked' });
  const other = { size: [2, 2, 2] as const, voxels: new Uint8Array(8) };
  const delta = diffLabelmaps(other, { ...other, voxels: new Uint8Array(8).fill(1) });
  const elsewhere = { ...painting(content, () => undefined), deltas: [{ layer: 0, delta }] };
  await expect(service.commit(id, content.revision, encodeEdit(elsewhere))).rejects.toMatchObject({
    code: 'segmentation/wrong-grid',
  });
  await expect(service.commit(id, content.revision, new Uint8Array(50))).rejects.toMatchObject({
    code: 'segmentation/bad-packet',
  });
  expect((await service.get(id)).voxels).toEqual({ '1': 0 });
});

it('tells a full disk, and leaves memory and disk as they were', async () => {
  const own = await temporaryVault();
  insertTestSeries(own.vault);
  const service = new SegmentationService(own.vault);
  const big = plainGeometry([64, 64, 64]);
  const { id } = await service.create({ seriesId: 'se', name: 'Full', geometry: big });
  const empty = { size: big.size, voxels: new Uint8Array(64 ** 3) };
  const content = { size: big.size, segments: [], layers: [empty], voxels: new Map() };
  await service.commit(id, 0, encodeEdit(addSegmentEdit(content, newSegment([]))));
  const noise = Uint8Array.from(randomBytes(64 ** 3), (byte) => byte & 1);
  const delta = diffLabelmaps(empty, { size: big.size, voxels: noise });
  const packet = encodeEdit({ code: 'noise', label: 'Noise', source: 'manual', segmentsBefore: null, segmentsAfter: null, deltas: [{ layer: 0, delta }] }); // biome-ignore format: one line
  // SQLite's own bound gives the same SQLITE_FULL as a disk without room.
  own.vault.db.pragma(`max_page_count = ${own.vault.db.pragma('page_count', { simple: true })}`);
  await expect(service.commit(id, 1, packet)).rejects.toMatchObject({ code: 'disk/full' });
  expect(await service.get(id)).toMatchObject({ revision: 1, voxels: { '1': 0 } });
  expect((await service.layer(id, 0)).voxels.every((v) => v === 0)).toBe(true);
  own.vault.db.pragma('max_page_count = 1073741823');
  const receipt = await service.commit(id, 1, packet);
  expect(receipt.voxels['1']).toBe(noise.reduce((a, b) => a + b, 0));
  await service.close();
  expect((await new SegmentationService(own.vault).get(id)).voxels).toEqual(receipt.voxels);
  await own.dispose();
});

it('takes a model’s result in one step, accepts it and removes it with its objects', async () => {
  const { vault } = temporary;
  const service = new SegmentationService(vault);
  const layer = { size, voxels: new Uint8Array(voxels).fill(1, 0, 7) };
  const segments = [newSegment([], { origin: 'model' })];
  const provenance = {
    modelId: 'm',
    modelName: 'M',
    modelVersion: '1',
    sha256: '',
    provider: 'cpu',
    seconds: 1,
    trace: [],
    at: '',
    operator: '',
  };
  const request = {
    seriesId: 'se',
    name: 'Proposal',
    geometry,
    state: 'proposed' as const,
    origin: 'model' as const,
    provenance,
  };
  const objectsBefore = vault.db.prepare('SELECT count(*) FROM object').pluck().get();
  const { id } = await service.addResult({ ...request, segments, layers: [layer] });
  expect(service.summaries('se').find((s) => s.id === id)).toMatchObject({
    state: 'proposed',
    segments: [{ voxels: 7 }],
  });
  await expect(service.undo(id, 0)).rejects.toMatchObject({ code: 'segmentation/nothing-to-undo' });
  expect((await service.accept(id)).state).toBe('accepted');
  expect(await new SegmentationService(vault).layer(id, 0)).toMatchObject({ voxels: layer.voxels });
  await service.remove(id);
  expect(vault.db.prepare('SELECT count(*) FROM object').pluck().get()).toBe(objectsBefore);
  await expect(service.get(id)).rejects.toMatchObject({ code: 'segmentation/unknown' });
  await expect(service.addResult({ ...request, segments: [], layers: [layer] })).rejects.toMatchObject({
    code: 'segmentation/bad-edit',
  });
  await expect(service.create({ seriesId: 'none', name: 'x', geometry })).rejects.toMatchObject({
    code: 'series/unknown',
  });
});

it('notices a labelmap that does not hold what the database says', async () => {
  const service = new SegmentationService(temporary.vault);
  const { id } = await withOneSegment(service);
  await service.close();
  temporary.vault.db.prepare('UPDATE segment SET voxels = 3 WHERE segmentation_ref = ?').run(id);
  await expect(new SegmentationService(temporary.vault).get(id)).rejects.toMatchObject({
    code: 'segmentation/damaged',
  });
});

it('holds no more labelmaps in memory than it may, and loses nothing by it', async () => {
  const service = new SegmentationService(temporary.vault, { mostBytesInMemory: 2 * voxels });
  const ids: string[] = [];
  for (let n = 0; n < 6; n++) {
    const { id } = await withOneSegment(service);
    const content = await contentOf(service, id);
    await service.commit(id, content.revision, encodeEdit(painting(content, (v) => v.fill(1, 0, n + 1))));
    ids.push(id);
  }
  for (const [n, id] of ids.entries()) expect((await service.get(id)).voxels).toEqual({ '1': n + 1 });
});

it('takes no result on a grid that its series has not got any more', async () => {
  const { vault } = temporary;
  const service = new SegmentationService(vault);
  const object = await vault.objects.put('volume', new Uint8Array(8));
  const added = plainGeometry([size[0], size[1], size[2] + 1]);
  vault.transact(null, () => {
    object.commitRow();
    vault.db
      .prepare(
        `INSERT INTO volume (id, series_ref, object_ref, scalar_type, geometry, window_center, window_width, minimum, maximum, created_at)
         VALUES ('v', 'se', ?, 'int16', ?, 0, 1, 0, 0, '')`,
      )
      .run(object.id, JSON.stringify(added));
  });
  await expect(service.create({ seriesId: 'se', name: 'Late', geometry })).rejects.toMatchObject({
    code: 'segmentation/wrong-grid',
  });
  expect((await service.create({ seriesId: 'se', name: 'Now', geometry: added })).geometry.size).toEqual(added.size);
});

it('tells by which edits each segment got its voxels, of those that are done, and when nobody can tell any more', async () => {
  const own = await temporaryVault();
  insertTestSeries(own.vault);
  const service = new SegmentationService(own.vault, { bounds: tight });
  const { id } = await withOneSegment(service);
  expect(await service.editCodes(id)).toEqual({});
  const paint = async (upTo: number) => {
    const content = await contentOf(service, id);
    const { revision } = await service.commit(id, content.revision, encodeEdit(painting(content, (v) => v.fill(1, 0, upTo)))); // biome-ignore format: one line
    return revision;
  };
  const revision = await paint(10);
  expect(await service.editCodes(id)).toEqual({ '1': ['brush'] });
  const { receipt } = await service.undo(id, revision);
  expect(await service.editCodes(id)).toEqual({});
  await service.redo(id, receipt.revision);
  for (let upTo = 11; upTo < 30; upTo++) await paint(upTo);
  expect(await service.editCodes(id)).toBeNull();
  await service.close();
  await own.dispose();
});
