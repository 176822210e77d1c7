import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Vector3 } from '#core/geometry/points.ts';
import { commandLine, firstSeries } from './commandLine.ts';
import { look } from './look.ts';
import { copyPhantomVault } from './phantom.ts';
import { type Session, startSession, until } from './session.ts';
import { chooseMode, expectQuiet, shownSlice, unlockAndOpenPhantom } from './workstation.ts';

let session: Session;

beforeAll(async () => {
  session = await startSession({
    prepare: (vaultFolder) => {
      copyPhantomVault(vaultFolder);
      const id = firstSeries(vaultFolder);
      commandLine(
        vaultFolder,
        'segment',
        id,
        '--model',
        'phantom-organs',
        '--uncertainty',
        `${vaultFolder}-doubt.nii.gz`,
      );
    },
  });
  await unlockAndOpenPhantom(session);
  await chooseMode(session, 'Segment');
}, 300_000);
afterAll(() => session.end());

const section = () => session.page.getByRole('region', { name: 'Places to check' });
const places = () => section().getByRole('list', { name: 'Places where the network was unsure' });
const slices = async (): Promise<Vector3> => [
  (await shownSlice(session, 'Sagittal')).slice,
  (await shownSlice(session, 'Coronal')).slice,
  (await shownSlice(session, 'Axial')).slice,
];

test('the places to check stand below the proposal, the most doubt first, in words', async () => {
  await places().getByRole('listitem').first().waitFor();
  const rows = (await places().getByRole('listitem').allInnerTexts()).map((row) => row.replace(/\s+/g, ' '));
  expect(rows.length).toBeGreaterThan(1);
  rows.forEach((row, n) => {
    // The peak stands there only where it says something.
    expect(row).toMatch(new RegExp(`^${n + 1} .+ [\\d.]+ ml( \\d\\d? %)?$`));
  });
  const titles = await places()
    .getByRole('button')
    .evaluateAll((buttons) => buttons.map((button) => button.getAttribute('title')));
  for (const title of titles) expect(title).toMatch(/^.+: [\d.]+ ml of doubt, \d+ % at its peak/);
  const cut = places()
    .locator('span')
    .evaluateAll((spans) =>
      spans
        .filter((span) => span.scrollWidth > span.clientWidth && span.clientWidth > 0 && span.childElementCount === 0)
        .map((span) => span.textContent),
    );
  expect(await cut, 'names that are cut').toEqual([]);
  const volumes = rows.map((row) => Number(/([\d.]+) ml/.exec(row)?.[1]));
  expect(volumes).toEqual([...volumes].sort((a, b) => b - a));
  expect(await section().innerText()).toContain(`0 of ${rows.length} checked`);
});

test('a click goes there in all three views; what was seen is ticked', async () => {
  const before = await slices();
  const row = places().getByRole('listitem').first();
  await row.getByRole('button').click();
  await until('other slices', async () => (await slices()).join() !== before.join());
  await row.getByRole('img', { name: 'checked' }).waitFor();
  expect(await section().innerText()).toMatch(/1 of \d+ checked/);
});

test('N and Shift N walk the list, round at its ends', async () => {
  const { page } = session;
  const current = () => places().locator('[aria-current=location]').innerText();
  const first = await slices();
  await session.view('Axial').focus();
  await page.keyboard.press('n');
  await until('the second', async () => /^2\b/.test(await current()));
  expect(await slices()).not.toEqual(first);
  await page.keyboard.press('Shift+N');
  await until('the first again', async () => /^1\b/.test(await current()));
  expect(await slices()).toEqual(first);
  await page.keyboard.press('Shift+N');
  const count = await places().getByRole('listitem').count();
  await until('the last', async () => (await current()).startsWith(`${count}`));
  expect(await section().innerText()).toContain(`3 of ${count} checked`);
  await places().getByRole('button').first().click();
});

test('the map is laid over the slices by button and key, with its legend', async () => {
  const { page } = session;
  // The edge of the view that has the focus is part of the picture.
  await session.view('Axial').focus();
  const plain = await look(session.view('Axial'));
  await section().getByRole('button', { name: 'Show doubt on the slices' }).click();
  await section().getByRole('img', { name: 'Colour of doubt: sure – two classes equally likely' }).waitFor();
  await session.view('Axial').focus();
  await until('it is drawn', async () => (await look(session.view('Axial'))).amber > plain.amber + 100);
  const shown = await look(session.view('Axial'));
  await session.screenshot('doubt');
  await page.keyboard.press('u');
  await until('it is gone', async () => (await look(session.view('Axial'))).amber < plain.amber + 100);
  await page.keyboard.press('u');
  await until('it is back', async () => (await look(session.view('Axial'))).amber > shown.amber - 100);
});

test('an accepted segmentation keeps its places; a rejected one takes them away', async () => {
  const { page } = session;
  const before = await places().getByRole('listitem').count();
  const proposal = page.getByRole('region', { name: /^Proposal/ });
  await proposal.getByRole('button', { name: 'Accept' }).click();
  await proposal.waitFor({ state: 'detached' });
  await until('the places stay', async () => (await places().getByRole('listitem').count()) === before);
  expect(await section().innerText(), 'and so does what was seen').toMatch(/3 of \d+ checked/);
});

test('nothing left this machine, and the console stayed quiet', () => expectQuiet(session));
