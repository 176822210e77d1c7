import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { InferenceService } from '../inference/inferenceService.ts';
import { SegmentationService } from '../segmentations/segmentationService.ts';
import { loadVolume } from '../studies/loadVolume.ts';
import { type TemporaryVault, temporaryVault } from '../vault/temporaryVault.ts';
import { segmentOrgans } from './demoSegmentations.ts';
import { runDemo } from './runDemo.ts';

const context = { signal: new AbortController().signal, progress: () => {} };
let folder = '';
let temporary: TemporaryVault;
let segmentations: SegmentationService;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lantern-demo-'));
  temporary = await temporaryVault();
  segmentations = new SegmentationService(temporary.vault);
});
afterAll(async () => {
  await segmentations.close();
  await temporary.dispose();
  await rm(folder, { recursive: true, force: true });
});

test('the demonstration runs without a screen and writes every kind of file', async () => {
  const models = join(import.meta.dirname, '..', '..', 'models');
  const inference = new InferenceService({ modelFolders: [models] });
  const phantom = { size: [64, 56, 36], spacingMm: [5.6, 5.6, 8.4] } as const;
  const { files } = await runDemo({ vault: temporary.vault, segmentations, inference }, folder, context, phantom);
  await inference.close();
  for (const file of files) expect((await stat(file)).size, file).toBeGreaterThan(0);
  const names = files.map((file) => basename(file));
  for (const result of ['bone', 'torso-organs-demonstration']) {
    for (const ending of ['.dcm', '.nii.gz', '.nrrd', '.stl', '.pdf']) expect(names).toContain(`${result}${ending}`);
  }
  expect(names).toContain('ct-036.dcm');
  expect((await stat(join(folder, 'four-up.png'))).size).toBeGreaterThan(30_000);
});

test('goes on without organs where no demonstration network is installed', async () => {
  const inference = new InferenceService({ modelFolders: [] });
  const series = temporary.vault.db.prepare('SELECT id FROM series').get() as { id: string };
  const volume = await loadVolume(temporary.vault, series.id);
  const deps = { vault: temporary.vault, segmentations, inference };
  await expect(segmentOrgans(deps, volume, context)).resolves.toBeNull();
  await inference.close();
});
