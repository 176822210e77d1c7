import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Look, look } from './look.ts';
import { ORGANS, openNetworks, SLOW, writeSlowPack } from './networks.ts';
import { copyPhantomVault, trueVolumeMl } from './phantom.ts';
import { type Session, startSession, until } from './session.ts';
import {
  chooseMode,
  expectNothingToExport,
  expectQuiet,
  millilitres,
  segmentVolumes,
  unlockAndOpenPhantom,
} from './workstation.ts';

const PROPOSAL = /^Proposal · not yet accepted/;
let session: Session;
let proposed: Look;

beforeAll(async () => {
  session = await startSession({ prepare: copyPhantomVault, models: writeSlowPack });
  await unlockAndOpenPhantom(session);
  await chooseMode(session, 'Segment');
});
afterAll(() => session.end());

const proposal = () => session.page.getByRole('region', { name: PROPOSAL });

async function startNetwork(): Promise<void> {
  const networks = session.page.getByRole('button', { name: 'Networks' });
  if ((await networks.getAttribute('aria-expanded')) === 'false') await networks.click();
  const run = session.page.getByRole('button', { name: 'Run', exact: true });
  await until('it may run', () => run.isEnabled());
  await run.click();
}

test('the network says what it is for, runs with progress, and is cancelled', async () => {
  const { page } = session;
  await openNetworks(session);
  await page.getByRole('radio', { name: ORGANS }).check();
  await page.getByText('demonstration only', { exact: true }).waitFor();
  await page.getByText(/Demonstration only, not for patients/).waitFor();
  // One that is still at work when the hand reaches the button, on any machine.
  await page.getByRole('radio', { name: SLOW }).check();
  await startNetwork();
  await page.getByRole('progressbar', { name: `Segment with ${SLOW}` }).waitFor();
  // In the status line, in the words of every other job.
  await page.getByText(/^\d+ (s|min) left$/).waitFor({ timeout: 60_000 });
  await session.screenshot('time-left');
  await page.getByRole('button', { name: `Cancel: Segment with ${SLOW}` }).click();
  await page
    .getByRole('status')
    .filter({ hasText: `Segment with ${SLOW}: cancelled` })
    .waitFor();
  expect(await proposal().count()).toBe(0);
  await page.getByRole('radio', { name: ORGANS }).check();
});

test('its result is a proposal: who made it, what it is not for, drawn unlike what is accepted', async () => {
  await chooseMode(session, 'View');
  const empty = await look(session.view('Axial'));
  await chooseMode(session, 'Segment');
  await startNetwork();
  await proposal().waitFor({ timeout: 60_000 });
  const said = (await proposal().innerText()).replace(/\s+/g, ' ');
  expect(said).toMatch(/Torso organs \(demonstration\) 1\.0\.0/);
  expect(said).toMatch(/CPU · [\d.]+ s/);
  expect(said, 'the warning for whatever is not the demonstration study').toMatch(/never on a patient/);
  await until('it is drawn', async () => (await look(session.view('Axial'))).coloured > empty.coloured + 500);
  proposed = await look(session.view('Axial'));
  await session.screenshot('proposal');
});

test('a proposal is not exported before someone accepts it', () => expectNothingToExport(session));

test('accepted, it is the segmentation, with the volumes that the phantom has', async () => {
  const { page } = session;
  const list = await segmentVolumes(session, 'Segments of the proposal');
  await proposal().getByRole('button', { name: 'Accept' }).click();
  await proposal().waitFor({ state: 'detached' });
  await until('the segments are there', async () => (await segmentVolumes(session)).size === list.size);
  const volumes = await segmentVolumes(session);
  expect(volumes).toEqual(list);
  for (const [name, tolerance] of [
    ['Liver', 0.06],
    ['Spleen', 0.08],
    ['Right lung', 0.05],
    ['Left lung', 0.05],
  ] as const) {
    const error = Math.abs(millilitres(volumes.get(name)) / trueVolumeMl(name) - 1);
    expect(error, `${name}: ${volumes.get(name)}, truth ${trueVolumeMl(name).toFixed(0)} ml`).toBeLessThan(tolerance);
  }
  // Dashed lines and hatching leave more of the grey image free.
  await until('it is drawn otherwise', async () => {
    const accepted = await look(session.view('Axial'));
    return Math.abs(accepted.coloured - proposed.coloured) > 200;
  });
  await page.getByText('AI', { exact: true }).first().waitFor();
});

test('a second proposal is rejected, and what was accepted stays as it is', async () => {
  const before = await segmentVolumes(session);
  await startNetwork();
  await proposal().waitFor({ timeout: 60_000 });
  await proposal().getByRole('button', { name: 'Reject' }).click();
  await proposal().waitFor({ state: 'detached' });
  expect(await segmentVolumes(session)).toEqual(before);
});

test('nothing left this machine, and the console stayed quiet', () => expectQuiet(session));
