import { afterAll, beforeAll, expect, test } from 'vitest';
import { look, lookAt } from './look.ts';
import { CROPS, openNetworks, run, writeCropsPack } from './networks.ts';
import { copyPhantomVault } from './phantom.ts';
import { type Session, startSession, until } from './session.ts';
import { chooseMode, expectQuiet, millilitres, segmentVolumes, unlockAndOpenPhantom } from './workstation.ts';

let session: Session;

beforeAll(async () => {
  session = await startSession({ prepare: copyPhantomVault, models: writeCropsPack });
  await unlockAndOpenPhantom(session);
  await openNetworks(session);
  await session.page.getByRole('radio', { name: CROPS }).check();
});
afterAll(() => session.end());

const around = () => session.page.getByRole('checkbox', { name: 'Only around the crosshair' });
const regions = () => session.page.locator('[data-region]');
const choice = () => session.page.locator('label').filter({ hasText: CROPS });

/** Of the region in a view, CSS pixels. */
async function box(view: 'Axial' | 'Coronal' | 'Sagittal') {
  const found = await session.view(view).locator('[data-region]').boundingBox();
  if (!found) throw new Error(`no region in ${view}`);
  return found;
}

test('a network that was trained on crops looks around the crosshair, and the views show where', async () => {
  await until('it is offered', () => around().isVisible());
  expect(await around().isChecked()).toBe(true);
  await session.page.getByText('60 × 60 × 60 mm, as in its training.').waitFor();
  await until('it fits', async () => /Fits this series/.test(await choice().innerText()));
  expect(await choice().innerText()).toMatch(/one window/);
  expect(await regions().count()).toBe(3);
  await session.screenshot('around-crosshair');
});

test('the region follows the crosshair, and goes with the section', async () => {
  const { page } = session;
  const before = await box('Axial');
  const view = await session.view('Axial').boundingBox();
  if (!view) throw new Error('no view');
  await page.mouse.click(view.x + 0.4 * view.width, view.y + 0.45 * view.height);
  await until('it moved', async () => Math.abs((await box('Axial')).x - before.x) > 10);
  const { x, y, width, height } = await box('Axial');
  expect(Math.abs(width - before.width)).toBeLessThan(3);
  expect(Math.abs(x + width / 2 - (view.x + 0.4 * view.width))).toBeLessThan(6);
  expect(Math.abs(y + height / 2 - (view.y + 0.45 * view.height))).toBeLessThan(6);
  await page.getByRole('button', { name: 'Networks' }).click();
  expect(await regions().count()).toBe(0);
  await chooseMode(session, 'View');
  expect(await regions().count()).toBe(0);
  await chooseMode(session, 'Segment');
  await page.getByRole('button', { name: 'Networks' }).click();
  expect(await regions().count()).toBe(3);
});

test('its proposal lies in the region alone', async () => {
  const region = await box('Axial');
  const coloured = async () => ({
    view: (await look(session.view('Axial'))).coloured,
    region: (await lookAt(session.page, region)).coloured,
  });
  const before = await coloured();
  await run(session);
  const proposal = session.page.getByRole('region', { name: /^Proposal · not yet accepted/ });
  await proposal.waitFor();
  const [words] = [...(await segmentVolumes(session, /^Segments/)).values()];
  const volume = millilitres(words);
  // 6 × 6 × 6 cm are 216 ml; the phantom's lungs are air.
  expect(volume).toBeGreaterThan(20);
  expect(volume).toBeLessThan(217);
  await until('it is drawn', async () => (await coloured()).view > before.view + 50);
  const after = await coloured();
  expect(after.region - before.region).toBeGreaterThan(0.9 * (after.view - before.view));
  await session.screenshot('around-crosshair-proposal');
});

test('all of the series can be chosen, with what that means', async () => {
  await around().uncheck();
  await until('it warns', async () => /It was never shown so much/.test(await choice().innerText()));
  expect(await regions().count()).toBe(0);
});

test('nothing left this machine, and the console stayed quiet', () => expectQuiet(session));
