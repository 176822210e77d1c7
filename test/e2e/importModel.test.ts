import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { zipOf } from '../../main/models/testSources.ts';
import { writeBrightPack } from './networks.ts';
import { copyPhantomVault } from './phantom.ts';
import { type Session, startSession } from './session.ts';
import { expectQuiet, unlock } from './workstation.ts';

let session: Session;
let stick: string;

beforeAll(async () => {
  stick = mkdtempSync(join(tmpdir(), 'lantern-stick-'));
  writeBrightPack(stick);
  session = await startSession({ prepare: copyPhantomVault });
  await unlock(session);
});
afterAll(async () => {
  await session.end();
  rmSync(stick, { recursive: true, force: true });
});

const dialog = () => session.page.getByRole('dialog', { name: 'Import a model' });
const settings = () => session.page.getByRole('dialog', { name: 'Settings' });

async function openDialog(): Promise<void> {
  const { page } = session;
  if ((await settings().count()) === 0) await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('tab', { name: 'Models and hardware' }).click();
  await page.getByRole('button', { name: 'Import a model …' }).click({ timeout: 60_000 });
  await dialog().waitFor();
}

async function choose(button: string, path: string): Promise<void> {
  const chooser = session.page.waitForEvent('filechooser');
  await dialog().getByRole('button', { name: button }).click();
  await (await chooser).setFiles(path);
}

test('a .zip file shows what it is, and nothing is taken before a person answers for it', async () => {
  const { page } = session;
  const zip = join(stick, 'bright-head.zip');
  writeFileSync(zip, zipOf(join(stick, 'bright-head')));
  await openDialog();
  await choose('Choose a .zip file', zip);
  await dialog()
    .getByRole('heading', { name: /^Bright structures of the head/ })
    .waitFor({ timeout: 60_000 });
  const said = (await dialog().innerText()).replace(/\s+/g, ' ');
  expect(said).toContain('CC BY 4.0');
  expect(said).toContain('not signed');
  expect(said).toContain(JSON.parse(readFileSync(join(stick, 'bright-head', 'manifest.json'), 'utf8')).files[0].sha256);
  const go = dialog().getByRole('button', { name: 'Import', exact: true });
  expect(await go.isDisabled()).toBe(true);
  await session.screenshot('import-model');
  await dialog()
    .getByRole('checkbox', { name: /answer for its use/ })
    .check();
  await go.click();
  await dialog().getByText('Bright structures of the head can be used now.').waitFor({ timeout: 120_000 });
  await dialog().getByRole('button', { name: 'Close' }).last().click();
  await settings().waitFor();
  const item = page.getByRole('button', { name: /Bright structures of the head/ });
  await item.waitFor({ timeout: 60_000 });
  expect((await item.innerText()).replace(/\s+/g, ' ')).toMatch(/MR research imported/);
});

test('a folder whose network was exchanged is refused in words, and the person can choose again', async () => {
  writeBrightPack(stick, 'exchanged');
  writeFileSync(join(stick, 'exchanged', 'model.onnx'), 'something else');
  await openDialog();
  await choose('Choose a folder', join(stick, 'exchanged'));
  const alert = dialog().getByRole('alert');
  await alert.waitFor({ timeout: 60_000 });
  expect(await alert.innerText()).toMatch(/not the ones that its manifest names/);
  expect(await dialog().getByRole('button', { name: 'Choose a folder' }).isEnabled()).toBe(true);
  await session.page.keyboard.press('Escape');
  await settings().waitFor();
});

test('an imported model is removed once the person is sure', async () => {
  const { page } = session;
  await page.getByRole('button', { name: /Bright structures of the head/ }).click({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Remove Bright structures of the head' }).click();
  await page.getByRole('button', { name: 'Remove it' }).click();
  await page
    .getByRole('button', { name: /Bright structures of the head/ })
    .waitFor({ state: 'detached', timeout: 60_000 });
  expect(await page.getByRole('button', { name: /Torso organs/ }).count()).toBe(1);
});

test('nothing left this machine, and the console stayed quiet', () => expectQuiet(session));
