import { afterAll, beforeAll, expect, test } from 'vitest';
import { look } from './look.ts';
import { ORGANS, openNetworks, run, writeBrightPack } from './networks.ts';
import { copyPhantomVault } from './phantom.ts';
import { type Session, startSession, until } from './session.ts';
import { expectQuiet, segmentVolumes, unlockAndOpenPhantom } from './workstation.ts';

const PROPOSAL = /^Proposal · not yet accepted/;
let session: Session;

beforeAll(async () => {
  session = await startSession({ prepare: copyPhantomVault, models: writeBrightPack, isNewMachine: true });
  await unlockAndOpenPhantom(session);
  await openNetworks(session);
});
afterAll(() => session.end());

const choice = (name: string) => session.page.locator('label').filter({ hasText: name });
const proposal = () => session.page.getByRole('region', { name: PROPOSAL });

test('each network says what it reads and finds, whether it fits this series and why not', async () => {
  const organs = choice(ORGANS);
  await organs.getByText(/^Fits with care/).waitFor();
  const said = (await organs.innerText()).replace(/\s+/g, ' ');
  expect(said).toMatch(/CT demonstration only/);
  expect(said).toMatch(/Right lung, Left lung, Heart and 13 more/);
  expect(said).toMatch(/whole volume at once/);
  expect(said).toMatch(/\d MB/);
  const head = (await choice('Bright structures').innerText()).replace(/\s+/g, ' ');
  expect(head).toMatch(/MR research imported/);
  expect(head).toMatch(/Not for this series: .*trained on MR; this series is CT/);
});

test('the time is estimated on a machine where it never ran', async () => {
  await until('a time', async () => /about \d+ (s|min|h)/.test(await choice(ORGANS).innerText()), 120_000);
  await session.screenshot('model-chooser');
});

test('it is chosen by keyboard, and one that does not fit cannot be run', async () => {
  const { page } = session;
  const runButton = page.getByRole('button', { name: 'Run', exact: true });
  await page.getByRole('radio', { name: ORGANS }).focus();
  await page.keyboard.press('ArrowDown');
  // The next in the list is for another kind of image: those that fit stand first.
  expect(await page.getByRole('radio', { name: ORGANS }).isChecked()).toBe(false);
  await until('the choice is taken', () => runButton.isDisabled());
  expect(await runButton.isDisabled()).toBe(true);
  await page.keyboard.press('ArrowUp');
  expect(await page.getByRole('radio', { name: ORGANS }).isChecked()).toBe(true);
  await until('it may run', () => runButton.isEnabled());
});

test('its card tells version, hash, licence and figures, and nothing in it becomes HTML', async () => {
  const { page } = session;
  await page.getByRole('button', { name: `Card of ${ORGANS}` }).click();
  const dialog = page.getByRole('dialog', { name: ORGANS });
  await dialog.getByText('Apache-2.0', { exact: true }).waitFor();
  expect(await dialog.getByText(/^[0-9a-f]{64}$/).count()).toBe(1);
  const measured = dialog.getByRole('region', { name: 'Measured by its makers' });
  expect(await measured.getByRole('row', { name: 'Liver Dice 0.964' }).count()).toBe(1);
  expect(await dialog.getByRole('heading', { name: 'Limits' }).count()).toBe(1);
  await session.screenshot('model-card');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });

  await page.getByRole('radio', { name: /Bright structures/ }).check();
  await page.getByRole('button', { name: /^Card of Bright/ }).click();
  const foreign = page.getByRole('dialog', { name: /Bright structures/ });
  await foreign.getByText(/<img src=x onerror/).waitFor();
  expect(await foreign.locator('img, script, a').count()).toBe(0);
  expect(await foreign.locator('pre').innerText()).toBe('Attribution 4.0 International');
  await page.keyboard.press('Escape');
  await foreign.waitFor({ state: 'detached' });
  await page.getByRole('radio', { name: ORGANS }).check();
});

test('a run is watched in the panel and cancelled there', async () => {
  const { page } = session;
  await run(session);
  // At 0 % it has no width, and counts as hidden.
  await page.getByRole('progressbar', { name: `Progress of ${ORGANS}` }).waitFor({ state: 'attached' });
  await page.getByRole('button', { name: `Cancel ${ORGANS}` }).click();
  await page
    .getByRole('status')
    .filter({ hasText: `Segment with ${ORGANS}: cancelled` })
    .waitFor();
});

test('of its proposal a person accepts some segments: what is left out is hidden first, then gone, and undo gives the proposal back', async () => {
  const { page } = session;
  await run(session);
  await proposal().waitFor({ timeout: 90_000 });
  const all = await segmentVolumes(session, 'Segments of the proposal');
  await until('it is drawn', async () => (await look(session.view('Axial'))).coloured > 500);
  const drawn = (await look(session.view('Axial'))).coloured;
  await proposal().getByRole('button', { name: 'None', exact: true }).click();
  await until('nothing is drawn', async () => (await look(session.view('Axial'))).coloured < drawn / 2);
  expect(
    await proposal()
      .getByRole('button', { name: `Accept 0 of ${all.size}` })
      .isDisabled(),
  ).toBe(true);
  await proposal().getByRole('checkbox', { name: 'Accept Liver', exact: true }).check();
  await proposal().getByRole('checkbox', { name: 'Accept Spleen', exact: true }).check();
  await session.screenshot('proposal-in-part');
  await proposal()
    .getByRole('button', { name: `Accept 2 of ${all.size}` })
    .click();
  await proposal().waitFor({ state: 'detached' });
  await until('two are left', async () => (await segmentVolumes(session)).size === 2);
  expect(await segmentVolumes(session)).toEqual(
    new Map(['Liver', 'Spleen'].map((name) => [name, all.get(name) ?? 'missing'])),
  );
  await page
    .getByRole('status')
    .filter({ hasText: /^2 accepted\. Left out: / })
    .waitFor();

  await page.getByRole('button', { name: 'Undo', exact: true }).first().click();
  await proposal().waitFor();
  await proposal()
    .getByRole('button', { name: `Accept 2 of ${all.size}` })
    .waitFor();
  expect(await segmentVolumes(session, 'Segments of the proposal')).toEqual(all);
  await proposal().getByRole('button', { name: 'Reject' }).click();
  await proposal().waitFor({ state: 'detached' });
});

test('a person may have it look at mirror images too, and is told what that takes and that it did', async () => {
  const { page } = session;
  const mirror = page.getByRole('checkbox', { name: 'Look at mirror images too' });
  const looks = () => choice(ORGANS).getByText('whole volume at once, 2 looks');
  expect(await looks().count()).toBe(0);
  await mirror.check();
  await looks().waitFor();
  await session.screenshot('mirror-images');
  await run(session);
  await proposal().waitFor({ timeout: 90_000 });
  await proposal().getByText('mirror images too').waitFor();
  await proposal().getByRole('button', { name: 'Reject' }).click();
  await proposal().waitFor({ state: 'detached' });
  await mirror.uncheck();
  await looks().waitFor({ state: 'detached' });
});

test('after a run its time is known from it', async () => {
  await until('from runs', async () => (await choice(ORGANS).locator('[title^="From earlier runs"]').count()) === 1);
});

test('nothing left this machine, and the console stayed quiet', () => expectQuiet(session));
