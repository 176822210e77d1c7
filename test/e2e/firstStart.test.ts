import { afterAll, beforeAll, expect, test } from 'vitest';
import { PHANTOM_NAME } from './phantom.ts';
import { PASSPHRASE, type Session, startSession } from './session.ts';
import { expectQuiet } from './workstation.ts';

const NEW_PASSPHRASE = 'river lamp onion tractor velvet 7';
let session: Session;
let recoveryCode = '';

beforeAll(async () => {
  session = await startSession();
});
afterAll(() => session.end());

test('a weak passphrase is refused in words, and so are two that differ', async () => {
  const { page } = session;
  await page.getByRole('heading', { name: 'Make your vault' }).waitFor();
  await page.getByLabel('Name of the vault').fill('Valley clinic');
  await page.getByLabel('Your name').fill('A. Radiologist');
  await page.getByLabel(/^Passphrase/).fill('aaaaaaaaaaaa');
  const again = page.getByLabel('The same passphrase again');
  await again.fill('something else');
  await page.getByText('The two passphrases differ.').waitFor();
  const create = page.getByRole('button', { name: 'Create the vault' });
  expect(await create.isEnabled()).toBe(false);
  await again.fill('aaaaaaaaaaaa');
  await create.click();
  const said = await page.getByRole('alert').innerText();
  expect(said).toMatch(/A passphrase has at least 10 characters, and at least four different ones\./);
  expect(said, 'the next step').toMatch(/three or four words/);
});

test('the recovery code is shown, has to be kept, and the demonstration study appears', async () => {
  const { page } = session;
  await page.getByLabel(/^Passphrase/).fill(PASSPHRASE);
  await page.getByLabel('The same passphrase again').fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Create the vault' }).click();
  await page.getByRole('heading', { name: 'Keep the recovery code' }).waitFor();
  recoveryCode = await page.getByText(/^[0-9A-Z]{5}(-[0-9A-Z]{5}){6}$/).innerText();
  await session.screenshot('recovery-sheet');
  const next = page.getByRole('button', { name: 'Continue' });
  expect(await next.isEnabled()).toBe(false);
  await page.getByRole('checkbox', { name: 'I have kept it' }).check();
  await next.click();
  await page.getByRole('heading', { name: 'A study to begin with' }).waitFor();
  await page.getByRole('button', { name: 'Open the worklist' }).click({ timeout: 60_000 });
  const row = page.getByRole('row', { name: PHANTOM_NAME });
  await row.waitFor();
  expect(await row.innerText()).toMatch(/CT/);
});

test('the recovery code is not shown again', async () => {
  const { page } = session;
  await page.reload();
  await page.getByRole('row', { name: PHANTOM_NAME }).waitFor();
  expect(await page.content()).not.toContain(recoveryCode.slice(0, 11));
});

test('locked, nothing of a patient is on the page; a wrong passphrase is refused, the right one opens', async () => {
  const { page } = session;
  await page.getByRole('button', { name: 'Lock', exact: true }).click();
  const field = page.getByLabel('Passphrase', { exact: true });
  await field.waitFor();
  expect(await page.content()).not.toMatch(PHANTOM_NAME);
  await page.getByRole('heading', { name: 'Valley clinic' }).waitFor();
  await field.fill('not the passphrase 1234');
  await page.getByRole('button', { name: 'Unlock' }).click();
  expect(await page.getByRole('alert').innerText()).toMatch(/passphrase/i);
  await field.fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await page.getByRole('row', { name: PHANTOM_NAME }).waitFor();
});

test('the recovery code sets a new passphrase, and the old one stops working', async () => {
  const { page } = session;
  await page.getByRole('button', { name: 'Lock', exact: true }).click();
  await page.getByRole('button', { name: 'Use the recovery code instead' }).click();
  const code = page.getByLabel('Recovery code');
  const open = page.getByRole('button', { name: 'Set the passphrase and open' });
  const mistyped = recoveryCode.slice(0, -1) + (recoveryCode.endsWith('7') ? '8' : '7');
  await code.fill(mistyped);
  await page.getByLabel('New passphrase').fill(NEW_PASSPHRASE);
  await page.getByLabel('The same passphrase again').fill(NEW_PASSPHRASE);
  await open.click();
  expect(await page.getByRole('alert').innerText()).toMatch(/typing mistake/);
  await code.fill(recoveryCode.toLowerCase().replaceAll('-', ' '));
  await open.click();
  await page.getByRole('row', { name: PHANTOM_NAME }).waitFor();

  await page.getByRole('button', { name: 'Lock', exact: true }).click();
  const field = page.getByLabel('Passphrase', { exact: true });
  await field.fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await page.getByRole('alert').waitFor();
  await field.fill(NEW_PASSPHRASE);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await page.getByRole('row', { name: PHANTOM_NAME }).waitFor();
});

test('nothing left this machine, and the console stayed quiet', () => expectQuiet(session));
