import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNifti } from '#core/formats/nifti.ts';
import { headPose } from '#core/inference/headPose.ts';
import { axisCodesOf, orientRecord, orientVolume } from '#core/inference/orient.ts';
import { testHead } from '#core/inference/testHead.ts';
import type { Volume } from '#core/volume/volume.ts';
import { importPaths } from '../import/importPaths.ts';
import { loadVolume } from '../studies/loadVolume.ts';
import { listStudies } from '../studies/studyStore.ts';
import { temporaryVault } from '../vault/temporaryVault.ts';
import { InferenceService } from './inferenceService.ts';
import { testContext, writeTestPack } from './testPack.ts';

const DATA = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const present = existsSync(DATA);
if (!present) process.stderr.write('\n*** SKIPPED: how real heads lie; ../shared/data is not here ***\n\n');

/** The array in another order under a header that knows nothing of it. @param to where its axes then grow to, had the header been right */
function misread(volume: Volume, to: string): Volume {
  const { geometry, scalars } = orientVolume(volume, orientRecord(volume.geometry, to));
  const { size, spacingMm } = geometry;
  return { geometry: { ...volume.geometry, size, spacingMm }, scalars };
}

const OPPOSITE: Readonly<Record<string, string>> = { L: 'R', R: 'L', P: 'A', A: 'P', S: 'I', I: 'S' };

/** The array's axis that runs along one of the two letters, reversed. */
function flipped(volume: Volume, pair: string): Volume {
  const codes = [...axisCodesOf(volume.geometry)];
  return misread(volume, codes.map((c) => (pair.includes(c) ? (OPPOSITE[c] ?? c) : c)).join(''));
}

describe('a run of a model that reads heads', () => {
  let folder: string;
  let service: InferenceService;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lantern-gate-'));
    const training = { population: 'Heads.', cases: null, source: 'Tests.', anatomy: 'head' } as const;
    writeTestPack(folder, 'heads', { modality: 'MR', training });
    service = new InferenceService({ modelFolders: [folder] });
  });
  afterAll(async () => {
    await service.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const run = (volume: Volume, modality = 'MR') => service.run({ modelId: 'heads', volume, modality }, testContext());

  it('brings no warning where the head lies right', async () => {
    expect((await run(testHead())).warnings).toEqual([]);
  });

  it('warns with the result where it lies upside down, back to front or along other axes', async () => {
    const codes = async (volume: Volume): Promise<string[]> => (await run(volume)).warnings.map(({ code }) => code);
    expect(await codes(flipped(testHead(), 'SI'))).toEqual(['model/head-upside-down']);
    expect(await codes(flipped(testHead(), 'PA'))).toEqual(['model/head-back-to-front']);
    expect(await codes(misread(testHead(), 'SPL'))).toEqual(['model/head-axes-exchanged']);
  });

  it('is refused for a file of unknown modality with the values of a CT, and the next run goes on', async () => {
    const head = testHead();
    const ct = { ...head, scalars: Int16Array.from(head.scalars, (x) => (x > 45 ? 20 + (x >> 2) : -1000 + x)) };
    await expect(run(ct, 'OT')).rejects.toMatchObject({ code: 'model/wrong-modality' });
    expect((await run(head, 'OT')).warnings).toMatchObject([{ code: 'model/modality-unknown' }]);
  });
});

describe.skipIf(!present)('how a real head lies', () => {
  it('is seen on a whole head, however its array is wrong', () => {
    const head = readNifti(gunzipSync(readFileSync(join(DATA, 'brain-models/t1_crop.nii.gz'))));
    expect(headPose(head)).toBe('as-stated');
    expect(headPose(flipped(head, 'LR'))).toBe('as-stated');
    expect(headPose(flipped(head, 'SI'))).toBe('upside-down');
    expect(headPose(flipped(head, 'PA'))).toBe('back-to-front');
    for (const to of ['ILA', 'AIL', 'LAI', 'IAL'])
      expect([to, headPose(misread(head, to))]).toEqual([to, 'axes-exchanged']);
  });

  it('is seen on 22 thick oblique slices, and not claimed of a tumour of the leg', async () => {
    const temporary = await temporaryVault();
    try {
      const { vault } = temporary;
      const context = { signal: new AbortController().signal, progress: () => undefined };
      await importPaths(vault, [join(DATA, 'mr-brain-tumour/T1pre'), join(DATA, 'pet-ct-mr-sarcoma/MR_T1')], context);
      const series = listStudies(vault, () => []).flatMap((study) => study.series);
      const load = (slices: number): Promise<Volume> =>
        loadVolume(vault, series.find(({ size }) => size[2] === slices)?.id ?? '');
      const head = await load(22);
      expect(headPose(head)).toBe('as-stated');
      expect(headPose(flipped(head, 'SI'))).toBe('upside-down');
      expect(headPose(flipped(head, 'PA'))).toBe('back-to-front');
      const leg = await load(35);
      for (const pair of ['LR', 'PA', 'SI']) expect(headPose(flipped(leg, pair))).toBe('undecided');
    } finally {
      await temporary.dispose();
    }
  });
});
