import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readNifti, writeNifti } from '#core/formats/nifti.ts';
import { worldPoint } from '#core/geometry/points.ts';
import { BANDS_INSTANCES, bandsNetwork } from '#core/inference/onnx/bandsNetwork.ts';
import { regionsNetwork } from '#core/inference/onnx/convolutionNetwork.ts';
import { testManifest } from '#core/inference/testManifest.ts';
import { writeTestPack } from '../../main/inference/testPack.ts';
import { commandLine } from './commandLine.ts';
import { look } from './look.ts';
import { openNetworks, run } from './networks.ts';
import { copyEmptyVault } from './phantom.ts';
import { type Session, startSession, until } from './session.ts';
import { chooseMode, expectQuiet, imageHasArrived, isSaved, segmentVolumes, unlock } from './workstation.ts';

const SIDE = 48;
const INSTANCES = 'What lies in a band';
const REGIONS = 'A whole and its core';
const OF_PROPOSAL = 'Segments of the proposal';
const ML = SIDE ** 2 / 1000;
/** By voxels along i: in the first band alone, in both, in the second alone. Besides, a bar that is in neither. */
const valueAt = (i: number, j: number): number => {
  if (i >= 40 && i < 44 && j >= 20 && j < 30) return 600;
  return i < 10 || i >= 36 ? 0 : i < 20 ? 100 : i < 30 ? 200 : 300;
};
const VOLUMES = new Map([
  ['Bright 1', `${(20 * ML).toFixed(1)} ml`],
  ['Bright 2', `${(16 * ML).toFixed(1)} ml`],
  ['Bright 3', `${((4 * 10 * SIDE) / 1000).toFixed(2)} ml`],
]);
const without = (name: string) => new Map([...VOLUMES].filter(([other]) => other !== name));

let session: Session;
const proposal = () => session.page.getByRole('region', { name: /^Proposal · not yet accepted/ });

function importBands(vaultFolder: string): void {
  copyEmptyVault(vaultFolder);
  const folder = mkdtempSync(join(tmpdir(), 'lantern-bands-'));
  const scalars = Int16Array.from({ length: SIDE ** 3 }, (_, n) => valueAt(n % SIDE, Math.floor(n / SIDE) % SIDE));
  const direction = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ] as const;
  const geometry = {
    size: [SIDE, SIDE, SIDE],
    spacingMm: [1, 1, 1],
    originLps: worldPoint(0, 0, 0),
    direction,
  } as const;
  writeFileSync(join(folder, 'bands.nii'), writeNifti({ geometry, scalars }));
  commandLine(vaultFolder, 'import', folder);
  rmSync(folder, { recursive: true });
}

beforeAll(async () => {
  session = await startSession({
    prepare: importBands,
    models: (folder) => {
      mkdirSync(folder, { recursive: true });
      const output = { kind: 'instances', activation: 'none', instances: BANDS_INSTANCES } as const;
      const changes = { name: INSTANCES, modality: 'any', input: { dimensions: 2 }, output } as const;
      const bands = [
        [50, 250],
        [150, 350],
        [550, 650],
      ] as const;
      writeTestPack(folder, 'bands', changes, bandsNetwork(bands));
      const [, bright] = testManifest({}).classes;
      if (!bright) throw new Error('the test manifest has two classes');
      const regions = {
        name: REGIONS,
        modality: 'any',
        output: { activation: 'sigmoid', overlapping: true },
        classes: [
          { ...bright, name: 'All of it' },
          { ...bright, value: 2, name: 'Its core', color: '#56b4e9' },
        ],
      } as const;
      writeTestPack(folder, 'regions', regions, regionsNetwork([50, 150]));
    },
  });
  await unlock(session);
  await session.page.getByRole('row', { name: /bands/ }).first().dblclick();
  await imageHasArrived(session);
  await chooseMode(session, 'Segment');
});
afterAll(() => session.end());

test('every instance is a segment of the proposal, each with all of its voxels where two share them', async () => {
  const { page } = session;
  await openNetworks(session);
  await page.getByRole('radio', { name: INSTANCES }).check();
  await run(session);
  await proposal().waitFor({ timeout: 60_000 });
  await until('the volumes are there', async () => (await segmentVolumes(session, OF_PROPOSAL)).size === VOLUMES.size);
  expect(await segmentVolumes(session, OF_PROPOSAL)).toEqual(VOLUMES);
  await session.screenshot('instances');
  // A single thing of many has no mask of scores to be asked about.
  expect(await page.getByRole('button', { name: 'Why this segment' }).count()).toBe(0);
});

test('one that is left out goes when the others are accepted, and its shared voxels stay with its neighbour', async () => {
  const { page } = session;
  await page.getByRole('checkbox', { name: 'Accept Bright 2' }).uncheck();
  await proposal().getByRole('button', { name: 'Accept 2 of 3' }).click();
  await proposal().waitFor({ state: 'detached' });
  await until('two are there', async () => (await segmentVolumes(session)).size === 2);
  expect(await segmentVolumes(session)).toEqual(without('Bright 2'));
});

test('undo gives the proposal back with all of its voxels, redo accepts the same part, and after another undo all is accepted', async () => {
  const { page } = session;
  const isBack = () =>
    until('the proposal is back', async () => (await segmentVolumes(session, OF_PROPOSAL)).size === VOLUMES.size);
  await page.getByRole('button', { name: 'Undo' }).click();
  await isBack();
  expect(await segmentVolumes(session, OF_PROPOSAL)).toEqual(VOLUMES);
  expect(await segmentVolumes(session)).toEqual(new Map());
  await page.getByRole('button', { name: 'Redo' }).click();
  await until('two are there', async () => (await segmentVolumes(session)).size === 2);
  expect(await segmentVolumes(session)).toEqual(without('Bright 2'));
  await page.getByRole('button', { name: 'Undo' }).click();
  await isBack();
  await page.getByRole('checkbox', { name: 'Accept Bright 2' }).check();
  await proposal().getByRole('button', { name: 'Accept', exact: true }).click();
  await until('three are there', async () => (await segmentVolumes(session)).size === 3);
  expect(await segmentVolumes(session)).toEqual(VOLUMES);
  await isSaved(session);
});

test('a second proposal is rejected, and what was accepted stays as it is', async () => {
  await run(session);
  await proposal().waitFor({ timeout: 60_000 });
  const before = await look(session.view('Axial'));
  await proposal().getByRole('button', { name: 'Reject' }).click();
  await proposal().waitFor({ state: 'detached' });
  expect(await segmentVolumes(session)).toEqual(VOLUMES);
  // The hatching of the proposal is gone.
  await until('it is drawn otherwise', async () => (await look(session.view('Axial'))).coloured !== before.coloured);
});

test('regions that share voxels are segments too, each with all of its own', async () => {
  const { page } = session;
  await page.getByRole('radio', { name: REGIONS }).check();
  await run(session);
  await proposal().waitFor({ timeout: 60_000 });
  await until('the volumes are there', async () => (await segmentVolumes(session, OF_PROPOSAL)).size === 2);
  // What the second holds the first holds as well.
  expect(await segmentVolumes(session, OF_PROPOSAL)).toEqual(
    new Map([
      ['All of it', `${(26 * ML + (4 * 10 * SIDE) / 1000).toFixed(1)} ml`],
      ['Its core', `${(16 * ML + (4 * 10 * SIDE) / 1000).toFixed(1)} ml`],
    ]),
  );
  // In sight without a hand, though it was asked for farther down.
  await until('it is in sight', async () => {
    const heading = await proposal().getByText('Proposal · not yet accepted').boundingBox();
    const accept = await proposal()
      .getByRole('button', { name: /^Accept/ })
      .boundingBox();
    return heading !== null && accept !== null && heading.y > 75 && accept.y + accept.height < 740;
  });
  await page.getByRole('button', { name: 'Why this segment' }).waitFor();
  await session.screenshot('regions');
  await proposal().getByRole('button', { name: 'Reject' }).click();
  await proposal().waitFor({ state: 'detached' });
});

test('a mask file of all of them is refused in words, one of them can be had', async () => {
  const { page } = session;
  await chooseMode(session, 'Report');
  await page.getByRole('button', { name: /^NIfTI/ }).click();
  await page.getByText('Segments overlap, and a mask file has one value a voxel.', { exact: true }).waitFor();
  await page.getByRole('combobox', { name: 'What is exported' }).selectOption({ label: 'Bright 2' });
  const download = page.waitForEvent('download', { timeout: 60_000 });
  await page.getByRole('button', { name: /^NIfTI/ }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/bright-2\.nii\.gz$/);
  const { scalars } = readNifti(gunzipSync(readFileSync(await file.path())));
  expect([...scalars].filter((value) => value === 2).length).toBe(16 * SIDE * SIDE);
});

test('nothing left this machine, and the console stayed quiet', () => expectQuiet(session));
