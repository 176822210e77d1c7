/** Which series an image joins: never one of another study, never one on whose grid somebody draws. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SegmentationService } from '../segmentations/segmentationService.ts';
import { loadVolume } from '../studies/loadVolume.ts';
import { listStudies } from '../studies/studyStore.ts';
import { type TemporaryVault, temporaryVault } from '../vault/temporaryVault.ts';
import { importPaths } from './importPaths.ts';
import { type SyntheticSlice, syntheticStack } from './syntheticDicom.ts';

let temporary: TemporaryVault;
let folder: string;
beforeEach(async () => {
  temporary = await temporaryVault();
  folder = await mkdtemp(join(tmpdir(), 'lantern-home-'));
});
afterEach(async () => {
  await temporary.dispose();
  await rm(folder, { recursive: true, force: true });
});

async function bring(name: string, positions: readonly number[], change: Partial<SyntheticSlice> = {}) {
  const place = join(folder, name);
  await mkdir(place);
  // The name makes the SOP Instance UIDs differ.
  const files = positions.flatMap((z) => syntheticStack([z], { ...change, sop: `1.2.9.${name}.${z}` }));
  for (const [n, bytes] of files.entries()) await writeFile(join(place, `image_${n}`), bytes);
  return importPaths(temporary.vault, [place], { signal: new AbortController().signal, progress: () => undefined });
}
const allSeries = () => listStudies(temporary.vault, () => []).flatMap(({ series }) => series);

test('two studies keep their images apart, even if a program gave both series one UID', async () => {
  await bring('1', [0, 2, 4], { study: '1.2.3', patientId: 'A' });
  await bring('2', [6, 8, 10], { study: '1.2.4', patientId: 'B' });
  expect(allSeries().map(({ instances }) => instances)).toEqual([3, 3]);
});

test('slices do not move a grid on which somebody began to draw while they came in', async () => {
  await bring('1', [0, 2, 4]);
  const { vault } = temporary;
  const [before] = allSeries();
  const segmentations = new SegmentationService(vault);
  const { geometry } = await loadVolume(vault, before?.id ?? '');
  const put = vault.objects.put.bind(vault.objects);
  vi.spyOn(vault.objects, 'put').mockImplementation(async (kind, ...rest) => {
    if (kind === 'thumbnail') await segmentations.create({ seriesId: before?.id ?? '', name: 'Drawn', geometry });
    return put(kind, ...rest);
  });
  await expect(bring('2', [6, 8])).rejects.toMatchObject({ code: 'import/segmented-meanwhile' });
  vi.restoreAllMocks();
  expect(allSeries()).toMatchObject([{ instances: 3, size: [4, 4, 3] }]);
});

test('the audit names the series that came in', async () => {
  await bring('1', [0, 2]);
  const subjects = temporary.vault.db.prepare("SELECT subject FROM audit WHERE action = 'study.import'").pluck().all();
  expect(subjects).toEqual([allSeries()[0]?.id]);
});
