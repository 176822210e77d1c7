import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeNifti } from '#core/formats/nifti.ts';
import { worldPoint } from '#core/geometry/points.ts';
import { flatThresholdNetwork } from '#core/inference/onnx/convolutionNetwork.ts';
import type { Volume } from '#core/volume/volume.ts';
import { writeTestPack } from '../../main/inference/testPack.ts';
import { commandLine } from './commandLine.ts';
import { openNetworks } from './networks.ts';
import { copyEmptyVault } from './phantom.ts';
import { type Session, startSession, until } from './session.ts';
import { chooseMode, expectQuiet, imageHasArrived, millilitres, segmentVolumes, unlock } from './workstation.ts';

const SIDE = 48;
const TWO = 'Bright in both';
let session: Session;

/** Voxels of 1 mm; bright in [from, to) along i. */
function slab(from: number, to: number): Volume {
  const scalars = Int16Array.from({ length: SIDE ** 3 }, (_, n) => (n % SIDE >= from && n % SIDE < to ? 100 : 0));
  const direction = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ] as const;
  return {
    geometry: { size: [SIDE, SIDE, SIDE], spacingMm: [1, 1, 1], originLps: worldPoint(0, 0, 0), direction },
    scalars,
  };
}

function importTwoVolumes(vaultFolder: string): void {
  copyEmptyVault(vaultFolder);
  const folder = mkdtempSync(join(tmpdir(), 'lantern-two-volumes-'));
  for (const [name, volume] of [
    ['first', slab(10, 30)],
    ['second', slab(20, 40)],
  ] as const)
    writeFileSync(join(folder, `${name}.nii`), writeNifti(volume));
  commandLine(vaultFolder, 'import', folder);
  rmSync(folder, { recursive: true });
}

beforeAll(async () => {
  session = await startSession({
    prepare: importTwoVolumes,
    models: (folder) => {
      mkdirSync(folder, { recursive: true });
      const channels = [{ name: 'T1' }, { name: 'FLAIR' }] as const;
      const input = { channels, dimensions: 2 } as const;
      writeTestPack(folder, 'both', { name: TWO, modality: 'any', input }, flatThresholdNetwork(150, 2));
    },
  });
  await unlock(session);
  await session.page.getByRole('row', { name: /first/ }).first().dblclick();
  await imageHasArrived(session);
  await chooseMode(session, 'Segment');
});
afterAll(() => session.end());

test('a network of two series asks which the second is, and cannot run before', async () => {
  const { page } = session;
  await openNetworks(session);
  await page.getByRole('radio', { name: TWO }).check();
  await page.getByText(/^T1 is the open series, .*first/).waitFor();
  expect(await page.getByRole('button', { name: 'Run', exact: true }).isDisabled()).toBe(true);
});

test('with the second one it marks what both say', async () => {
  const { page } = session;
  await page
    .getByRole('combobox', { name: 'FLAIR' })
    .or(page.getByRole('textbox', { name: 'FLAIR' }))
    .click();
  await page.getByRole('option', { name: /second/ }).click();
  await session.screenshot('several-series');
  const run = page.getByRole('button', { name: 'Run', exact: true });
  await until('it may run', () => run.isEnabled());
  await run.click();
  await page.getByRole('region', { name: /^Proposal · not yet accepted/ }).waitFor({ timeout: 60_000 });
  const volumes = await segmentVolumes(session, 'Segments of the proposal');
  expect(millilitres(volumes.get('Bright'))).toBeCloseTo((10 * SIDE * SIDE) / 1000, 0);
});

test('nothing left this machine, and the console stayed quiet', () => expectQuiet(session));
