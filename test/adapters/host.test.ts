/** What the host does, through both of its adapters: the same answers, the same failures, whichever way a call comes in. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { blobRoutes } from '#contract/blobRoutes.ts';
import { exportResult } from '#contract/schemas/exportResult.ts';
import { importResult } from '#contract/schemas/importResult.ts';
import type { Job } from '#contract/schemas/job.ts';
import type { Measurement } from '#contract/schemas/measurement.ts';
import { editReceipt, type SegmentationDetail } from '#contract/schemas/segmentation.ts';
import type { SeriesDetail } from '#contract/schemas/study.ts';
import { volumeGeometryOf } from '#contract/volumeGeometryOf.ts';
import { readNifti } from '#core/formats/nifti.ts';
import { decodeEdit, encodeEdit } from '#core/segmentation/editPacket.ts';
import { emptyLabelmap } from '#core/segmentation/labelmap.ts';
import { runOperation } from '#core/segmentation/operations/operation.ts';
import { threshold } from '#core/segmentation/operations/threshold.ts';
import { newSegment } from '#core/segmentation/segmentEdits.ts';
import { writeMaskFor } from '#core/segmentation/writeMask.ts';
import { scalarsFromBytes } from '#core/volume/volume.ts';
import { writePhantomDicom } from '../../main/demo/phantomDicom.ts';
import { type Adapter, adapters } from './adapter.ts';

const PASSPHRASE = 'a quiet lantern at night';
const SIZE = [48, 40, 12] as const;
const VOLUME_BYTES = 48 * 40 * 12 * 2;

let phantom: string;
beforeAll(async () => {
  phantom = await mkdtemp(join(tmpdir(), 'lantern-phantom-'));
  await writePhantomDicom(phantom, undefined, { size: SIZE, spacingMm: [8, 8, 20] });
});
afterAll(() => rm(phantom, { recursive: true, force: true }));

/** @returns what a procedure was refused with */
async function refusal(call: Promise<unknown>): Promise<{ code: string; message: string; hint: string }> {
  const failure = await call.then(
    () => null,
    (error: unknown) => error as { code: string; data: { code: string; message: string; hint: string } },
  );
  expect(failure?.code).toBe('LANTERN');
  return failure!.data;
}

describe.each(adapters)('%s', (_name, start) => {
  let scratch: string;
  let adapter: Adapter;
  let recoveryCode: string;
  let series: SeriesDetail;
  let segmentation: SegmentationDetail;
  let packet: Uint8Array<ArrayBuffer>;

  const open = () => start({ vaultFolder: join(scratch, 'vault'), modelFolders: [] });
  const bytesOf = async (answer: Response) => new Uint8Array(await answer.arrayBuffer());
  const get = (path: string, range?: string) => adapter.request(path, range ? { headers: { range } } : {});
  const put = (revision: number, body = packet) =>
    adapter.request(`${blobRoutes.edits(segmentation.id)}?revision=${revision}`, { method: 'PUT', body });

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'lantern-host-'));
    adapter = await open();
  });
  afterAll(async () => {
    await adapter.close();
    await rm(scratch, { recursive: true, force: true });
  });

  describe('the vault', () => {
    it('is absent, and refuses everything but to be created', async () => {
      expect(await adapter.rpc.vault.status()).toMatchObject({ state: 'absent', bytes: 0 });
      expect((await refusal(adapter.rpc.studies.list())).code).toBe('vault/locked');
      expect((await refusal(adapter.rpc.imports.start({ paths: [phantom] }))).code).toBe('vault/locked');
      expect((await get(blobRoutes.volume('x'))).status).toBe(422);
      const name = { name: 'Clinic', userName: 'Dr Test' };
      expect((await refusal(adapter.rpc.vault.create({ ...name, passphrase: 'short' }))).code).toBe(
        'vault/weak-passphrase',
      );
    });

    it('is created unlocked, with a recovery code', async () => {
      ({ recoveryCode } = await adapter.rpc.vault.create({
        name: 'Clinic',
        userName: 'Dr Test',
        passphrase: PASSPHRASE,
      }));
      expect(recoveryCode.length).toBeGreaterThan(20);
      const status = await adapter.rpc.vault.status();
      expect(status).toMatchObject({ state: 'unlocked', name: 'Clinic', userName: 'Dr Test', cipher: 'aegis' });
      expect(status.freeBytes).toBeGreaterThan(0);
    });

    it('is locked, tells its name and nothing more, and takes only the right passphrase', async () => {
      expect(await adapter.rpc.vault.lock()).toMatchObject({ state: 'locked', name: 'Clinic', userName: '', bytes: 0 });
      const wrong = await refusal(adapter.rpc.vault.unlock({ passphrase: 'not the passphrase 1234' }));
      expect(wrong.code).toBe('vault/wrong-passphrase');
      expect(wrong.hint).not.toBe('');
      expect((await adapter.rpc.vault.status()).state).toBe('locked');
      expect((await adapter.rpc.vault.unlock({ passphrase: PASSPHRASE })).state).toBe('unlocked');
    });

    it('is opened by the recovery code, which sets a new passphrase', async () => {
      await adapter.rpc.vault.lock();
      const again = await adapter.rpc.vault.recover({ recoveryCode, newPassphrase: `${PASSPHRASE} 2` });
      expect(again.state).toBe('unlocked');
      await adapter.rpc.vault.lock();
      expect((await refusal(adapter.rpc.vault.unlock({ passphrase: PASSPHRASE }))).code).toBe('vault/wrong-passphrase');
      await adapter.rpc.vault.unlock({ passphrase: `${PASSPHRASE} 2` });
    });
  });

  describe('imports', () => {
    it('bring a folder in, telling each job change from the present state on', async () => {
      const seen: Job['state'][] = [];
      const job = await adapter.settled(adapter.rpc.imports.start({ paths: [phantom] }));
      for (const { id, state } of (await adapter.rpc.jobs.list()).jobs) if (id === job.id) seen.push(state);
      expect(seen).toEqual(['done']);
      expect(importResult.parse(job.result)).toMatchObject({ imported: SIZE[2], failed: 0, ignored: 0 });
      const { studies } = await adapter.rpc.studies.list();
      expect(studies).toHaveLength(1);
      expect(studies[0]?.series[0]).toMatchObject({ modality: 'CT', size: [...SIZE], segmentations: [] });
    });

    it('take files that a page uploads, and know what is there already', async () => {
      const { uploadId } = (await (await adapter.request(blobRoutes.uploads(), { method: 'POST' })).json()) as {
        uploadId: string;
      };
      const names = (await readdir(phantom)).slice(0, 3);
      for (const name of names) {
        const body = new Uint8Array(await readFile(join(phantom, name)));
        const answer = await adapter.request(blobRoutes.uploadFile(uploadId, `CD/${name}`), { method: 'PUT', body });
        expect(answer.status).toBe(200);
      }
      const job = await adapter.settled(adapter.rpc.imports.start({ uploadId }));
      const result = importResult.parse(job.result);
      expect(result).toMatchObject({ imported: 0, duplicates: 3 });
      expect(result.files.map(({ path }) => path.replaceAll('\\', '/')).sort()).toEqual(
        names.map((name) => `CD/${name}`).sort(),
      );
      expect((await refusal(adapter.rpc.imports.start({ uploadId }))).code).toBe('import/unknown-upload');
    });

    it('forget an upload that the page gave up', async () => {
      const { uploadId } = (await (await adapter.request(blobRoutes.uploads(), { method: 'POST' })).json()) as {
        uploadId: string;
      };
      await adapter.request(blobRoutes.uploadFile(uploadId, 'CD/one'), { method: 'PUT', body: 'x' });
      expect((await adapter.request(blobRoutes.upload(uploadId), { method: 'DELETE' })).status).toBe(200);
      expect((await refusal(adapter.rpc.imports.start({ uploadId }))).code).toBe('import/unknown-upload');
    });

    it('refuse an upload that would leave its folder, and a call without anything', async () => {
      const { uploadId } = (await (await adapter.request(blobRoutes.uploads(), { method: 'POST' })).json()) as {
        uploadId: string;
      };
      for (const path of ['../../evil', '/tmp/evil', '']) {
        const answer = await adapter.request(blobRoutes.uploadFile(uploadId, path), { method: 'PUT', body: 'x' });
        expect(answer.status).toBe(422);
        expect(await answer.json()).toMatchObject({ code: 'import/bad-path' });
      }
      expect((await refusal(adapter.rpc.imports.start({}))).code).toBe('argument/nothing-to-import');
    });

    it('can be cancelled', async () => {
      const { jobId } = await adapter.rpc.imports.start({ paths: [phantom] });
      await adapter.rpc.jobs.cancel({ id: jobId });
      const ended = await adapter.settled(Promise.resolve({ jobId }));
      expect(ended).toMatchObject({ state: 'cancelled', error: { code: 'job/cancelled' } });
      expect((await refusal(adapter.rpc.jobs.cancel({ id: 'nobody' }))).code).toBe('job/unknown');
    });
  });

  describe('a volume', () => {
    it('comes whole with its length, in ranges, and not beyond its end', async () => {
      const id = (await adapter.rpc.studies.list()).studies[0]?.series[0]?.id ?? '';
      series = await adapter.rpc.series.get({ id });
      const path = blobRoutes.volume(series.volume.id);
      const whole = await get(path);
      expect(whole.status).toBe(200);
      expect(whole.headers.get('content-length')).toBe(String(VOLUME_BYTES));
      expect(whole.headers.get('cache-control')).toBe('no-store');
      const bytes = await bytesOf(whole);
      expect(bytes).toHaveLength(VOLUME_BYTES);
      const part = await get(path, 'bytes=1000-1999');
      expect(part.status).toBe(206);
      expect(part.headers.get('content-range')).toBe(`bytes 1000-1999/${VOLUME_BYTES}`);
      expect(await bytesOf(part)).toEqual(bytes.slice(1000, 2000));
      expect(await bytesOf(await get(path, 'bytes=-10'))).toEqual(bytes.slice(-10));
      expect((await get(path, `bytes=${VOLUME_BYTES}-`)).status).toBe(416);
      expect((await get(blobRoutes.volume('unknown'))).status).toBe(422);
      expect((await get('/blob/nothing')).status).toBe(404);
    });

    it('has a preview picture', async () => {
      const answer = await get(blobRoutes.thumbnail(series.series.id));
      expect(answer.headers.get('content-type')).toBe('image/png');
      expect([...(await bytesOf(answer)).slice(1, 4)]).toEqual([0x50, 0x4e, 0x47]);
    });
  });

  describe('a segmentation', () => {
    it('takes an edit once, and answers what it holds then', async () => {
      const seriesId = series.series.id;
      segmentation = await adapter.rpc.segmentations.create({ seriesId, name: 'Bone' });
      expect(segmentation).toMatchObject({ state: 'accepted', origin: 'manual', segments: [] });
      const { volume } = series;
      const segment = newSegment([], { name: 'Bone' });
      const delta = runOperation(
        threshold,
        {
          labelmap: emptyLabelmap(volume.geometry.size),
          target: 1,
          geometry: volumeGeometryOf(volume.geometry),
          scalars: scalarsFromBytes(volume.scalarType, await bytesOf(await get(blobRoutes.volume(volume.id)))),
          other: null,
          mask: writeMaskFor([segment], 1, { overwrite: 'unlocked' }),
        },
        { lower: 100, upper: 3000 },
      );
      packet = encodeEdit({
        code: 'operation/threshold',
        label: 'Threshold, Bone',
        source: 'manual',
        segmentsBefore: [],
        segmentsAfter: [segment],
        deltas: [{ layer: 0, delta }],
      }) as Uint8Array<ArrayBuffer>;
      const receipt = editReceipt.parse(await (await put(segmentation.revision)).json());
      expect(receipt.voxels['1']).toBeGreaterThan(100);
      expect(receipt).toMatchObject({ undoLabel: 'Threshold, Bone', redoLabel: null });
      const again = await put(segmentation.revision);
      expect(again.status).toBe(422);
      expect(await again.json()).toMatchObject({ code: 'segmentation/conflict' });
      const broken = await put(receipt.revision, new Uint8Array([1, 2, 3]));
      expect(await broken.json()).toMatchObject({ code: 'segmentation/bad-packet' });
    });

    it('is read layer by layer, with its revision', async () => {
      const detail = await adapter.rpc.segmentations.get({ id: segmentation.id });
      const answer = await get(blobRoutes.layer(segmentation.id, 0));
      expect(answer.headers.get('x-lantern-revision')).toBe(String(detail.revision));
      const labels = await bytesOf(answer);
      expect(labels.filter((label) => label === 1)).toHaveLength(detail.voxels['1'] ?? -1);
    });

    it('is undone and done again, each answering the edit and its receipt', async () => {
      const { voxels, revision } = await adapter.rpc.segmentations.get({ id: segmentation.id });
      const undone = await adapter.request(`${blobRoutes.undo(segmentation.id)}?revision=${revision}`, {
        method: 'POST',
      });
      const receiptOf = (answer: Response) =>
        editReceipt.parse(JSON.parse(decodeURIComponent(answer.headers.get('x-lantern-receipt') ?? '')));
      expect(receiptOf(undone)).toMatchObject({ segments: [], redoLabel: 'Threshold, Bone' });
      expect(decodeEdit(await bytesOf(undone)).code).toBe('operation/threshold');
      const redone = await adapter.request(`${blobRoutes.redo(segmentation.id)}?revision=${revision + 1}`, {
        method: 'POST',
      });
      expect(receiptOf(redone).voxels).toEqual(voxels);
      const { steps } = await adapter.rpc.segmentations.history({ id: segmentation.id });
      expect(steps).toMatchObject([{ code: 'operation/threshold', done: true }]);
    });

    it('is exported into a file, or fetched once', async () => {
      const file = join(scratch, 'mask.nii.gz');
      const segmentationId = segmentation.id;
      const written = await adapter.settled(adapter.rpc.exports.start({ segmentationId, format: 'nifti', file }));
      const { bytes } = exportResult.parse(written.result);
      expect((await readFile(file)).byteLength).toBe(bytes);
      expect(readNifti(new Uint8Array(await readFile(file))).geometry.size).toEqual([...SIZE]);
      const kept = await adapter.settled(adapter.rpc.exports.start({ segmentationId, format: 'nrrd' }));
      const fetched = await get(blobRoutes.exportResult(kept.id));
      expect(fetched.headers.get('content-disposition')).toContain('attachment');
      expect(new TextDecoder().decode((await bytesOf(fetched)).slice(0, 4))).toBe('NRRD');
      expect(await (await get(blobRoutes.exportResult(kept.id))).json()).toMatchObject({ code: 'export/not-kept' });
    });

    it('is renamed, removed, and then unknown', async () => {
      const { id } = segmentation;
      await adapter.rpc.segmentations.rename({ id, name: 'Skeleton' });
      const listed = (await adapter.rpc.series.get({ id: series.series.id })).series.segmentations;
      expect(listed).toMatchObject([{ id, name: 'Skeleton', segments: [{ number: 1, name: 'Bone' }] }]);
      const asProposal = await refusal(adapter.rpc.segmentations.remove({ id, onlyProposed: true }));
      expect(asProposal.code, 'it was accepted').toBe('segmentation/not-proposed');
      await adapter.rpc.segmentations.remove({ id });
      expect((await refusal(adapter.rpc.segmentations.get({ id }))).code).toBe('segmentation/unknown');
    });
  });

  describe('measurements and settings', () => {
    it('are kept, changed and removed', async () => {
      const seriesId = series.series.id;
      const length: Measurement = {
        id: '01900000-0000-7000-8000-000000000001',
        seriesId,
        kind: 'length',
        pointsLps: [
          [0, 0, 0],
          [30, 40, 0],
        ],
        normalLps: [0, 0, 1],
        label: '',
        color: '#f2b45a',
        values: { lengthMm: 50 },
        createdAt: '2026-11-25T09:00:00.000Z',
      };
      await adapter.rpc.measurements.put(length);
      await adapter.rpc.measurements.put({ ...length, label: 'Lesion' });
      expect((await adapter.rpc.measurements.list({ seriesId })).measurements).toEqual([
        { ...length, label: 'Lesion' },
      ]);
      const half = { ...length, pointsLps: length.pointsLps.slice(1) };
      expect((await refusal(adapter.rpc.measurements.put(half))).code).toBe('argument/measurement');
      expect((await refusal(adapter.rpc.measurements.put({ ...length, seriesId: 'x' }))).code).toBe('series/unknown');
      await adapter.rpc.measurements.remove({ id: length.id });
      expect((await adapter.rpc.measurements.list({ seriesId })).measurements).toEqual([]);
    });

    it('settings are JSON by name', async () => {
      await adapter.rpc.settings.put({ key: 'viewer.layout', value: { columns: 2 } });
      expect(await adapter.rpc.settings.get()).toEqual({ 'viewer.layout': { columns: 2 } });
      expect((await refusal(adapter.rpc.settings.put({ key: 'a b', value: 1 }))).code).toBe('argument/setting');
    });
  });

  describe('failures', () => {
    it('name what was wrong with a call, not what was sent', async () => {
      // The types forbid it; a program of somebody else's would do it.
      const nonsense = { passphrase: 4711 } as unknown as { passphrase: string };
      const told = await refusal(adapter.rpc.vault.unlock(nonsense));
      expect(told.code).toBe('argument/invalid');
      expect(told.message).toContain('passphrase');
      expect(JSON.stringify(told)).not.toContain('4711');
    });

    it('that nobody foresaw tell neither stack nor path', async () => {
      const answer = await adapter.request('/rpc/series/get', {
        method: 'POST',
        body: '{not json',
        headers: { 'content-type': 'application/json' },
      });
      expect(answer.status).toBe(422);
      expect(await answer.text()).not.toMatch(/at |\/main\/|\.ts/);
      expect((await adapter.request('/rpc/no/such', { method: 'POST' })).status).toBe(404);
    });

    it('refuse a change without the header that only our own pages send', async () => {
      const request = new Request('http://lantern.invalid/rpc/vault/lock', { method: 'POST' });
      expect((await adapter.host.handler(request)).status).toBe(403);
      expect((await adapter.rpc.vault.status()).state).toBe('unlocked');
    });

    it('come quietly to a page that asks so, for the browser prints every other', async () => {
      const answer = await get(blobRoutes.volume('unknown'));
      expect(answer.status).toBe(422);
      const quiet = await adapter.request(blobRoutes.volume('unknown'), { headers: { 'x-lantern-quiet': '1' } });
      expect(quiet.status).toBe(200);
      expect(quiet.headers.get('x-lantern-status')).toBe('422');
    });
  });

  describe('the stream of jobs', () => {
    it('ends on the host when its reader goes away', async () => {
      let watching = 0;
      const subscribe = adapter.host.jobs.subscribe.bind(adapter.host.jobs);
      const spy = vi.spyOn(adapter.host.jobs, 'subscribe').mockImplementation((listener) => {
        const unsubscribe = subscribe(listener);
        watching += 1;
        return () => {
          watching -= 1;
          unsubscribe();
        };
      });
      const gone = new AbortController();
      const events = await adapter.rpc.jobs.watch(undefined, { signal: gone.signal });
      expect((await events.next()).done).toBe(false);
      expect(watching).toBe(1);
      gone.abort();
      await vi.waitFor(() => expect(watching).toBe(0));
      spy.mockRestore();
    });
  });

  it('keeps everything over a restart, and lets a study be removed', async () => {
    await adapter.close();
    adapter = await open();
    await adapter.rpc.vault.unlock({ passphrase: `${PASSPHRASE} 2` });
    const [study] = (await adapter.rpc.studies.list()).studies;
    expect(study?.series[0]?.instances).toBe(SIZE[2]);
    await adapter.rpc.studies.remove({ id: study?.id ?? '' });
    expect((await adapter.rpc.studies.list()).studies).toEqual([]);
  });

  it('installs the demonstration study', async () => {
    const job = await adapter.settled(adapter.rpc.demo.install());
    expect(job).toMatchObject({ kind: 'demo', state: 'done' });
    expect((await adapter.rpc.studies.list()).studies).toMatchObject([{ isDemonstration: true }]);
  });
});
