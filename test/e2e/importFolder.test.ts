import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { syntheticStack } from '../../main/import/syntheticDicom.ts';
import { copyEmptyVault, PHANTOM, PHANTOM_NAME, phantomDicomFolder } from './phantom.ts';
import { type Session, startSession, until } from './session.ts';
import { expectQuiet, unlock } from './workstation.ts';

const SLICES = PHANTOM.size[2];
let session: Session;

beforeAll(async () => {
  session = await startSession({ prepare: copyEmptyVault });
  await unlock(session);
});
afterAll(() => session.end());

async function chooseFolder(folder: string): Promise<void> {
  const { page } = session;
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('banner').getByRole('button', { name: 'Import folder' }).click();
  await (await chooser).setFiles(folder);
}

/** @returns the report's words, after it was closed */
async function importToReport(folder: string): Promise<string> {
  const { page } = session;
  await chooseFolder(folder);
  const report = page.getByRole('dialog');
  await report.waitFor();
  const said = (await report.innerText()).replace(/\s+/g, ' ');
  await report.getByRole('button', { name: 'Close' }).last().click();
  await report.waitFor({ state: 'hidden' });
  return said;
}

/** From now on keeps the names of all progress bars that come up. @returns the way to ask for them */
async function rememberProgress(): Promise<() => Promise<string[]>> {
  await session.page.evaluate(() => {
    const seen = new Set<string>();
    Object.assign(globalThis, { seenProgress: seen });
    new MutationObserver(() => {
      for (const bar of document.querySelectorAll('[role=progressbar]')) seen.add(bar.getAttribute('aria-label') ?? '');
    }).observe(document.body, { childList: true, subtree: true });
  });
  return () => session.page.evaluate(() => [...(globalThis as unknown as { seenProgress: Set<string> }).seenProgress]);
}

test('a folder is chosen, its progress is shown, and a notice counts its files', async () => {
  const { page } = session;
  const progress = await rememberProgress();
  await chooseFolder(phantomDicomFolder());
  const notice = page.getByRole('status').filter({ hasText: 'Import finished' });
  await notice.waitFor();
  expect(await notice.innerText()).toContain(`${SLICES} files imported.`);
  expect(await progress()).toContain('Reading files');
  await page.getByRole('row', { name: PHANTOM_NAME }).waitFor();
  expect(await page.getByRole('row').count(), 'the head and one study').toBe(2);
});

test('the same folder again brings only duplicates', async () => {
  const said = await importToReport(phantomDicomFolder());
  expect(said).toMatch(/^Nothing was imported/);
  expect(said).toContain(`${SLICES} already here`);
  expect(await session.page.getByRole('row').count()).toBe(2);
});

test('a broken file and a text named .dcm are told with their reasons, and do not stop the rest', async () => {
  const folder = join(session.folder, 'stick');
  mkdirSync(folder);
  const stacks = [
    { patientName: 'Abel^Anna', study: '1.2.77.1', series: '1.2.77.1.1', modality: 'CT' },
    { patientName: 'Zimmer^Zoe', study: '1.2.77.2', series: '1.2.77.2.1', modality: 'MR' },
  ];
  stacks.forEach((stack, n) => {
    const files = syntheticStack([0, 1, 2, 3, 4], stack);
    files.forEach((bytes, slice) => {
      writeFileSync(join(folder, `${n}-${slice}.dcm`), bytes);
    });
  });
  const slice = readFileSync(join(phantomDicomFolder(), 'ct-001.dcm'));
  writeFileSync(join(folder, 'truncated.dcm'), slice.subarray(0, slice.length / 2));
  writeFileSync(join(folder, 'letter.dcm'), 'Dear colleague, the pictures are on the other stick.');
  const said = await importToReport(folder);
  expect(said).toMatch(/^Import finished/);
  expect(said).toContain('10 files imported');
  expect(said).toMatch(/truncated\.dcm failed \S+/);
  expect(said).toMatch(/letter\.dcm (ignored|failed) \S+/);
  expect(said, 'no path of this machine').not.toContain(session.folder);
});

test('search and sort find the study', async () => {
  const { page } = session;
  const names = async () =>
    (await page.getByRole('row').allInnerTexts()).slice(1).map((row) => /Abel|Zimmer|Phantom/.exec(row)?.[0]);
  const patient = page.getByRole('columnheader', { name: 'Patient' });
  for (const direction of ['ascending', 'descending']) {
    await until(`sorted ${direction}`, async () => {
      if ((await patient.getAttribute('aria-sort')) === direction) return true;
      await patient.getByRole('button').click();
      return false;
    });
    const found = await names();
    expect(direction === 'ascending' ? found : found.reverse()).toEqual(['Abel', 'Phantom', 'Zimmer']);
  }

  const search = page.getByRole('searchbox', { name: /^Search the studies/ });
  await search.fill('zimm');
  await until('one study is found', async () => (await names()).join() === 'Zimmer');
  expect(await page.getByRole('contentinfo').innerText()).toMatch(/1 of 3 studies/);
  await search.fill('nobody of that name');
  await page.getByRole('button', { name: 'Show all studies' }).click();
  await until('all studies are back', async () => (await names()).length === 3);
  const modality = page.getByRole('navigation', { name: 'Which studies' }).getByRole('button', { name: /^MR/ });
  await modality.click();
  await until('only the MR', async () => (await names()).join() === 'Zimmer');
  await modality.click();
});

test('to remove a study is asked first, and then it is gone', async () => {
  const { page } = session;
  const row = page.getByRole('row', { name: /Zimmer/ });
  await row.click();
  const remove = page.getByRole('complementary', { name: 'The chosen study' }).getByRole('button', { name: 'Remove' });
  await remove.click();
  const question = page.getByRole('dialog', { name: /^Remove the study of .*Zimmer/ });
  expect(await question.innerText()).toMatch(/gone from this vault for good/);
  await question.getByRole('button', { name: 'Cancel' }).click();
  await question.waitFor({ state: 'hidden' });
  expect(await row.count()).toBe(1);
  await remove.click();
  await question.getByRole('button', { name: 'Remove for good' }).click();
  await row.waitFor({ state: 'detached' });
  expect(await page.getByRole('row').count(), 'the head and two studies').toBe(3);
});

test('nothing left this machine, and the console stayed quiet', () => expectQuiet(session));
