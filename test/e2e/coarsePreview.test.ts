import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Look, look } from './look.ts';
import { openNetworks, run, SLOW, writeSlowPack } from './networks.ts';
import { copyPhantomVault } from './phantom.ts';
import { type Session, startSession, until } from './session.ts';
import { chooseMode, expectQuiet, unlockAndOpenPhantom } from './workstation.ts';

const NOTE = 'Coarse preview: the full result replaces it';
let session: Session;
let empty: Look;

beforeAll(async () => {
  session = await startSession({ prepare: copyPhantomVault, models: writeSlowPack, isNewMachine: true });
  await unlockAndOpenPhantom(session);
  await openNetworks(session);
  empty = await look(session.view('Axial'));
});
afterAll(() => session.end());

const proposal = () => session.page.getByRole('region', { name: /^Proposal · not yet accepted/ });

test('a long run shows what it is about to find, marked as coarse in every slice view', async () => {
  const { page } = session;
  await page.getByRole('radio', { name: SLOW }).check();
  await run(session);
  await session.view('Axial').getByText(NOTE).waitFor({ timeout: 100_000 });
  for (const name of ['Coronal', 'Sagittal'] as const) expect(await session.view(name).getByText(NOTE).count()).toBe(1);
  await until('it is drawn', async () => (await look(session.view('Axial'))).coloured > empty.coloured + 50);
  await page.getByText(/A coarse preview is shown; it is never kept/).waitFor();
  await session.screenshot('coarse-preview');
  expect(await proposal().count(), 'the run still goes on').toBe(0);
});

test('it is no segmentation: nothing to accept, to export or to measure', async () => {
  const { page } = session;
  await chooseMode(session, 'Report');
  for (const format of ['DICOM SEG', 'NIfTI', 'STL'])
    expect(await page.getByRole('button', { name: new RegExp(`^${format}`) }).isEnabled(), format).toBe(false);
  await chooseMode(session, 'Segment');
  expect(await page.getByText(NOTE).count()).toBe(3);
});

test('the full result takes its place', { timeout: 400_000 }, async () => {
  await proposal().waitFor({ timeout: 380_000 });
  expect(await session.page.getByText(NOTE).count()).toBe(0);
  await until('it is drawn', async () => (await look(session.view('Axial'))).coloured > empty.coloured + 50);
});

test('nothing left this machine, and the console stayed quiet', () => expectQuiet(session));
