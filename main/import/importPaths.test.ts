import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeNifti } from '#core/formats/nifti.ts';
import { worldPoint } from '#core/geometry/points.ts';
import { seriesDetail as seriesDetailSchema, studySummary } from '../../contract/schemas/study.ts';
import type { JobContext } from '../jobs/jobs.ts';
import { loadVolume, volumeObject } from '../studies/loadVolume.ts';
import { readOriginals } from '../studies/originals.ts';
import { listStudies, removeStudy, seriesDetail } from '../studies/studyStore.ts';
import { type TemporaryVault, temporaryVault } from '../vault/temporaryVault.ts';
import { importPaths } from './importPaths.ts';
import { syntheticDicom, syntheticStack } from './syntheticDicom.ts';

let temporary: TemporaryVault;
let folder: string;

beforeEach(async () => {
  temporary = await temporaryVault();
  folder = await mkdtemp(join(tmpdir(), 'lantern-import-'));
});

afterEach(async () => {
  await temporary.dispose();
  await rm(folder, { recursive: true, force: true });
});

const context = (signal = new AbortController().signal): JobContext => ({ signal, progress: () => undefined });
const studies = () => listStudies(temporary.vault, () => []);
const allSeries = () => studies().flatMap((study) => study.series);
const run = () => importPaths(temporary.vault, [folder], context());

async function put(files: readonly Buffer[], prefix = 'image'): Promise<void> {
  for (const [n, bytes] of files.entries()) await writeFile(join(folder, `${prefix}_${n}`), bytes);
}

test('a stack comes in with its values, geometry, names and originals', async () => {
  const stack = syntheticStack([4, 0, 2]);
  await put(stack);
  const result = await run();
  expect(result).toMatchObject({ imported: 3, duplicates: 0, ignored: 0, failed: 0 });
  const [study] = studies();
  expect(studySummary.parse(study)).toEqual(study);
  expect(study).toMatchObject({ patientName: 'Synthetic, Sören', studyDate: '2026-02-03', isDemonstration: false });
  const [series] = allSeries();
  expect(series).toMatchObject({
    modality: 'CT',
    instances: 3,
    size: [4, 4, 3],
    spacingMm: [0.5, 0.5, 2],
    warnings: [],
  });
  expect(series?.bytes).toBe(stack.reduce((sum, file) => sum + file.length, 0));
  const id = series?.id ?? '';
  const detail = seriesDetail(
    temporary.vault,
    id,
    () => [],
    () => [],
  );
  expect(seriesDetailSchema.parse(detail)).toEqual(detail);
  expect(detail.volume).toMatchObject({
    unit: 'HU',
    window: { center: 40, width: 400 },
    range: { min: -1000, max: -585 },
  });
  const volume = await loadVolume(temporary.vault, id);
  expect(volume.scalars).toBeInstanceOf(Int16Array);
  expect([volume.scalars[0], volume.scalars[16], volume.scalars[47]]).toEqual([-1000, -800, -585]);
  const originals = await readOriginals(temporary.vault, id);
  expect(originals.map(({ fileName }) => fileName)).toEqual(['image_1', 'image_2', 'image_0']);
  expect(originals.every(({ bytes }, n) => stack[[1, 2, 0][n] ?? 0]?.equals(bytes))).toBe(true);
  expect(volumeObject(temporary.vault, volume.volumeId)).toMatchObject({ scalarType: 'int16', bytes: 96 });
});

test('the second time everything is known, and other content under a known identity is refused', async () => {
  await put(syntheticStack([0, 2, 4]));
  await run();
  await put([syntheticDicom({ sop: '1.2.3.1.1', pixels: new Int16Array(16) })], 'other');
  const again = await run();
  expect(again).toMatchObject({ imported: 0, duplicates: 3, failed: 1 });
  expect(again.files.find((file) => file.status === 'failed')?.reason).toContain('same identity');
  expect(again.series).toEqual(allSeries().map(({ id }) => id));
});

test('slices that come later make the volume of the whole series again', async () => {
  const stack = syntheticStack([0, 2, 4, 6]);
  await put(stack.slice(1, 2));
  await run();
  expect(allSeries()[0]?.warnings.map(({ code }) => code)).toEqual(['series/single-slice']);
  await put(stack, 'all');
  expect(await run()).toMatchObject({ imported: 3, duplicates: 2 });
  expect(allSeries()).toHaveLength(1);
  expect(allSeries()[0]).toMatchObject({ instances: 4, size: [4, 4, 4], warnings: [] });
  const { scalars } = await loadVolume(temporary.vault, allSeries()[0]?.id ?? '');
  expect([scalars[0], scalars[16], scalars[32], scalars[48]]).toEqual([-1000, -800, -600, -400]);
});

test('two series and two orientations in one folder are kept apart', async () => {
  await put(syntheticStack([0, 2, 4]), 'a');
  await put(syntheticStack([0, 3], { series: '1.2.3.2' }), 'b');
  await put([syntheticDicom({ sop: '1.2.3.1.99', orientation: [0, 1, 0, 0, 0, -1] })], 'localiser');
  await run();
  expect(studies()).toHaveLength(1);
  const kinds = allSeries().map(({ seriesInstanceUid, instances }) => `${seriesInstanceUid} ${instances}`);
  expect(kinds.sort()).toEqual(['1.2.3.1 1', '1.2.3.1 3', '1.2.3.2 2']);
});

test('a missing slice is named', async () => {
  await put(syntheticStack([0, 2, 6, 8]));
  await run();
  expect(allSeries()[0]?.warnings[0]).toMatchObject({ code: 'series/missing-slice' });
  expect(allSeries()[0]?.warnings[0]?.message).toContain('4.0 mm');
});

test('each bad file gets its reason and the good ones come in', async () => {
  const stack = syntheticStack([0, 2, 4]);
  await put(stack);
  const whole = syntheticDicom({ sop: '9.9' });
  await writeFile(join(folder, 'truncated.dcm'), whole.subarray(0, whole.length - 9));
  await writeFile(join(folder, 'text.dcm'), 'this is not DICOM\n'.repeat(50));
  await writeFile(join(folder, 'empty.dcm'), '');
  await writeFile(join(folder, 'notes.txt'), 'hello');
  await mkdir(join(folder, 'deep', 'er'), { recursive: true });
  const structures = syntheticDicom({ sop: '9.8', sopClass: '1.2.840.10008.5.1.4.1.1.481.3' });
  await writeFile(join(folder, 'deep', 'er', 'rs'), structures);
  const result = await run();
  const by = Object.fromEntries(result.files.map(({ path, ...rest }) => [path.slice(folder.length + 1), rest]));
  expect(result).toMatchObject({ imported: 3, failed: 1, ignored: 4 });
  expect(by['truncated.dcm']).toMatchObject({ status: 'failed', reason: expect.stringContaining('cut short') });
  expect(by['text.dcm']).toMatchObject({ status: 'ignored', reason: expect.stringContaining('does not hold DICOM') });
  expect(by['empty.dcm']).toMatchObject({ status: 'ignored', reason: 'The file is empty.' });
  expect(by[join('deep', 'er', 'rs')]).toMatchObject({
    status: 'ignored',
    reason: expect.stringContaining('structure'),
  });
});

test('an empty folder, a folder of texts and a missing folder are errors with a sentence', async () => {
  await expect(run()).rejects.toMatchObject({ code: 'import/nothing-to-import' });
  await writeFile(join(folder, 'notes.txt'), 'hello');
  await expect(run()).rejects.toMatchObject({ code: 'import/nothing-to-import' });
  await expect(importPaths(temporary.vault, [join(folder, 'none')], context())).rejects.toMatchObject({
    code: 'import/not-found',
  });
});

test('cancelling leaves whole series or nothing, and the next import completes them', async () => {
  await put(syntheticStack([0, 2, 4, 6, 8, 10, 12, 14]));
  const controller = new AbortController();
  const cancelling: JobContext = {
    signal: controller.signal,
    progress: (done) => {
      if (done === 3) controller.abort(new Error('cancelled'));
    },
  };
  await expect(importPaths(temporary.vault, [folder], cancelling)).rejects.toThrow('cancelled');
  expect(allSeries()).toEqual([]);
  expect(temporary.vault.db.prepare('SELECT count(*) AS n FROM object').get()).toEqual({ n: 0 });
  expect(await run()).toMatchObject({ imported: 8, duplicates: 0 });
});

test('a NIfTI file comes in once, with what is not known about it said', async () => {
  const geometry = {
    size: [3, 4, 5] as const,
    spacingMm: [1, 2, 3] as const,
    originLps: worldPoint(10, -20, 30),
    direction: [[0, 1, 0] as const, [0, 0, -1] as const, [1, 0, 0] as const] as const,
  };
  const scalars = Int16Array.from({ length: 60 }, (_, n) => n * 40 - 1000);
  await writeFile(join(folder, 'case 7.nii.gz'), writeNifti({ geometry, scalars }, { gzip: true }));
  await run();
  expect(await run()).toMatchObject({ duplicates: 1, imported: 0 });
  expect(studies()[0]).toMatchObject({ patientName: 'case 7', patientId: '' });
  expect(studies()[0]?.studyInstanceUid).toMatch(/^2\.25\.\d+$/);
  expect(allSeries()[0]).toMatchObject({
    modality: 'CT',
    size: [3, 4, 5],
    spacingMm: [1, 2, 3],
    originLps: [10, -20, 30],
  });
  expect(allSeries()[0]?.warnings[0]?.code).toBe('series/modality-guessed');
  const volume = await loadVolume(temporary.vault, allSeries()[0]?.id ?? '');
  expect(volume.scalars).toEqual(scalars);
  expect(volume.geometry.direction).toEqual(geometry.direction);
});

test('an .mhd header comes in together with its raw file, and never reaches outside of its folder', async () => {
  const header = (file: string) =>
    `ObjectType = Image\nNDims = 3\nDimSize = 2 2 2\nElementType = MET_SHORT\nElementDataFile = ${file}\n`;
  await writeFile(join(folder, 'a.mhd'), header('a.raw'));
  await writeFile(join(folder, 'a.raw'), Buffer.from(Int16Array.from([1, 2, 3, 4, 5, 6, 7, 8]).buffer));
  await writeFile(join(folder, 'b.mhd'), header('../a.raw'));
  const result = await run();
  expect(result).toMatchObject({ imported: 2, failed: 1 });
  const { scalars } = await loadVolume(temporary.vault, allSeries()[0]?.id ?? '');
  expect([...scalars]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test('a volume that is lost or damaged is made again from the originals', async () => {
  await put(syntheticStack([0, 2, 4]));
  await run();
  const id = allSeries()[0]?.id ?? '';
  const before = await loadVolume(temporary.vault, id);
  const { objectId } = volumeObject(temporary.vault, before.volumeId);
  temporary.vault.transact(null, () => {
    temporary.vault.db.prepare('DELETE FROM volume').run();
    temporary.vault.objects.remove(objectId);
  });
  const after = await loadVolume(temporary.vault, id);
  expect(after.volumeId).not.toBe(before.volumeId);
  expect(after.scalars).toEqual(before.scalars);
  expect(after.geometry).toEqual(before.geometry);
});

test('slices that come after masks were drawn do not move the grid of the masks', async () => {
  const stack = syntheticStack([0, 2, 4, 6]);
  await put(stack.slice(0, 3));
  await run();
  const id = allSeries()[0]?.id ?? '';
  temporary.vault.db
    .prepare(
      `INSERT INTO segmentation (id, series_ref, geometry, name, state, origin, created_at, modified_at)
       VALUES ('s', ?, '{}', 'mask', 'accepted', 'manual', '', '')`,
    )
    .run(id);
  await put(stack);
  await run();
  const [first, second] = allSeries().sort((a, b) => b.instances - a.instances);
  expect(first).toMatchObject({ id, instances: 3, size: [4, 4, 3] });
  expect(second).toMatchObject({ instances: 1, seriesInstanceUid: '1.2.3.1' });
  expect(second?.warnings.map(({ code }) => code)).toContain('series/added-later');
});

test('removing a study destroys its objects and its patient', async () => {
  await put(syntheticStack([0, 2, 4]));
  await run();
  removeStudy(temporary.vault, studies()[0]?.id ?? '');
  for (const table of ['object', 'instance', 'series', 'study', 'patient', 'volume']) {
    expect(temporary.vault.db.prepare(`SELECT count(*) AS n FROM ${table}`).get(), table).toEqual({ n: 0 });
  }
});
