import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandLine, firstSeries } from './commandLine.ts';
import { copyPhantomVault } from './phantom.ts';
import { type Session, startSession, until } from './session.ts';
import { chooseMode, expectQuiet, openPhantom, segmentVolumes, unlockAndOpenPhantom } from './workstation.ts';

/** Left out of the second segmentation, so that a file tells which of the two it is. */
const HEART = 'Heart';
let session: Session;

beforeAll(async () => {
  session = await startSession({
    prepare: (vaultFolder) => {
      copyPhantomVault(vaultFolder);
      const id = firstSeries(vaultFolder);
      const segment = (...options: string[]) =>
        commandLine(vaultFolder, 'segment', id, '--model', 'phantom-organs', ...options);
      segment('--accept');
      segment('--uncertainty', `${vaultFolder}-doubt.nii.gz`);
      segment();
    },
  });
  await unlockAndOpenPhantom(session);
  await chooseMode(session, 'Segment');
}, 300_000);
afterAll(() => session.end());

const proposal = () => session.page.getByRole('region', { name: /^Proposal/ });
const places = () => session.page.getByRole('list', { name: 'Places where the network was unsure' });
const figures = () => session.page.getByRole('table', { name: /Torso organs/ });
const chosen = () => session.page.getByRole('combobox', { name: 'Segmentation', exact: true });

async function exported(): Promise<string> {
  const { page } = session;
  const download = page.waitForEvent('download', { timeout: 60_000 });
  await page.getByRole('button', { name: /^NRRD/ }).click();
  return readFileSync(await (await download).path())
    .subarray(0, 20_000)
    .toString('latin1');
}

const reject = () => proposal().getByRole('button', { name: 'Reject' }).click();
const waiting = (place: string) => proposal().getByText(place, { exact: true });
const rejected = () => session.page.getByText(/^Rejected “Torso organs/);

test('a rejected proposal comes back by its notice or by Ctrl Z, with all that belongs to it', async () => {
  const { page } = session;
  await waiting('1 of 2').waitFor();
  const before = await proposal().innerText();
  await reject();
  await waiting('1 of 2').waitFor({ state: 'detached' });
  await rejected().waitFor();
  await session.screenshot('rejected');
  await page.getByText(/^Last: Reject Torso organs/).waitFor();
  await page
    .getByRole('alert')
    .or(page.getByRole('status'))
    .filter({ has: rejected() })
    .getByRole('button', { name: 'Undo' })
    .click();
  await waiting('1 of 2').waitFor();
  await rejected().waitFor({ state: 'detached' });
  expect(await proposal().innerText()).toBe(before);
  // The one that is left has places to check.
  await reject();
  await places().getByRole('listitem').first().waitFor();
  const listed = await places().innerText();
  const heart = proposal().getByRole('checkbox', { name: `Accept ${HEART}` });
  await heart.uncheck();
  await proposal().getByRole('button', { name: 'Reject all' }).click();
  await proposal().waitFor({ state: 'detached' });
  await page.keyboard.press('Control+z');
  await proposal().waitFor();
  expect(await heart.isChecked(), 'ticked as it was').toBe(false);
  await heart.check();
  await until('its places are back', async () => (await places().innerText()) === listed);
  await page.keyboard.press('Control+z');
  await waiting('1 of 2').waitFor();
  expect(await proposal().innerText()).toBe(before);
});

test('killed while it could be taken back, the program has it as a proposal still', async () => {
  await reject();
  await waiting('1 of 2').waitFor({ state: 'detached' });
  await rejected().waitFor();
  await session.killAndReopen();
  await unlockAndOpenPhantom(session);
  await chooseMode(session, 'Segment');
  await waiting('1 of 2').waitFor();
});

test('a proposal says how many wait, so that the next one after Reject is not taken for the same', async () => {
  await waiting('1 of 2').waitFor();
  await session.screenshot('two-proposals');
  await reject();
  await waiting('1 of 2').waitFor({ state: 'detached' });
  await proposal().waitFor();
});

test('once the case is left, what was rejected is gone', async () => {
  await session.page.getByRole('button', { name: 'Back to the worklist' }).click();
  await openPhantom(session);
  await chooseMode(session, 'Segment');
  await proposal().waitFor();
  expect(
    await proposal()
      .getByText(/^\d of \d$/)
      .count(),
  ).toBe(0);
  await session.page.getByText(/^Last: Reject Torso organs/).waitFor({ state: 'detached' });
});

test('places of what is not ticked are not listed, and come back with the tick', async () => {
  await places().getByRole('listitem').first().waitFor();
  const all = await places().getByRole('listitem').count();
  const only = places().getByRole('listitem').filter({ hasText: HEART }).filter({ hasText: 'background' });
  const gone = await only.count();
  expect(gone, 'places that concern the heart alone').toBeGreaterThan(0);
  const heart = proposal().getByRole('checkbox', { name: `Accept ${HEART}` });
  await heart.uncheck();
  await until('they are gone', async () => (await places().getByRole('listitem').count()) === all - gone);
  await session.page.getByText(new RegExp(`\\d of ${all - gone} checked`)).waitFor();
  await heart.check();
  await until('they are back', async () => (await places().getByRole('listitem').count()) === all);
});

test('accepted in part, places of what was left out are not listed', async () => {
  const { page } = session;
  await places().getByRole('listitem').first().waitFor();
  const all = await places().getByRole('listitem').count();
  const only = places().getByRole('listitem').filter({ hasText: HEART }).filter({ hasText: 'background' });
  expect(await only.count(), 'places that concern the heart alone').toBeGreaterThan(0);
  const gone = await only.count();
  await proposal()
    .getByRole('checkbox', { name: `Accept ${HEART}` })
    .uncheck();
  await proposal()
    .getByRole('button', { name: /^Accept \d+ of \d+/ })
    .click();
  await proposal().waitFor({ state: 'detached' });
  await until('they are gone', async () => (await places().getByRole('listitem').count()) === all - gone);
  expect(await only.count()).toBe(0);
  await page.getByText(new RegExp(`\\d of ${all - gone} checked`)).waitFor();
  await session.screenshot('places-accepted-in-part');
});

test('the report names and exports the segmentation that is drawn, not the oldest one', async () => {
  expect([...(await segmentVolumes(session)).keys()]).not.toContain(HEART);
  await chooseMode(session, 'Report');
  await figures().waitFor();
  expect(await figures().innerText()).not.toContain(HEART);
  expect(await chosen().inputValue()).toMatch(/^2 · Torso organs/);
  await session.screenshot('report-of-two');
  expect(await exported()).not.toContain(`:=${HEART}`);
});

test('another one that is chosen in the report is drawn, and exported', async () => {
  const { page } = session;
  await chosen().click();
  await page.getByRole('option', { name: /^1 · Torso organs/ }).click();
  await figures().getByText(HEART).waitFor();
  expect(await exported()).toContain(`:=${HEART}`);
  await chooseMode(session, 'Segment');
  await until('it is the one that is edited', async () => (await segmentVolumes(session)).has(HEART));
  // Chosen in Segment, it is the one in the report.
  await page.getByRole('combobox', { name: 'Segmentation', exact: true }).click();
  await page.getByRole('option', { name: /^2 · Torso organs/ }).click();
  await until('the other one', async () => !(await segmentVolumes(session)).has(HEART));
  await chooseMode(session, 'Report');
  await figures().waitFor();
  expect(await figures().innerText()).not.toContain(HEART);
});

test('nothing left this machine, and the console stayed quiet', () => expectQuiet(session));
