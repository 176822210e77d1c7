import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Look, look } from './look.ts';
import { ORGANS, openNetworks, run } from './networks.ts';
import { copyPhantomVault } from './phantom.ts';
import { type Session, startSession, until } from './session.ts';
import {
  chooseMode,
  expectNothingToExport,
  expectQuiet,
  isSaved,
  segmentVolumes,
  unlockAndOpenPhantom,
} from './workstation.ts';

const OF_PROPOSAL = 'Segments of the proposal';
const ALL = 16;
let session: Session;
let liver: string;
let choiceDrawn: Look;

const proposal = () => session.page.getByRole('region', { name: /^Proposal · not yet accepted/ });
const accept = () => proposal().getByRole('button', { name: `Accept 1 of ${ALL}` });
const bar = () => session.page.getByRole('toolbar', { name: 'Undo and redo' });
const history = () => session.page.getByRole('list', { name: 'History' });

beforeAll(async () => {
  session = await startSession({ prepare: copyPhantomVault });
  await unlockAndOpenPhantom(session);
  await openNetworks(session);
  await session.page.getByRole('radio', { name: ORGANS }).check();
  await run(session);
  await proposal().waitFor({ timeout: 60_000 });
});
afterAll(() => session.end());

async function onlyLiverIsAccepted(): Promise<void> {
  await proposal().waitFor({ state: 'detached' });
  // Until it is loaded, the one that was edited before is listed.
  await until('it is there alone', async () => [...(await segmentVolumes(session)).keys()].join() === 'Liver');
  expect(await segmentVolumes(session)).toEqual(new Map([['Liver', liver]]));
  expect(await bar().innerText()).toBe('Last: Accept Liver');
}

async function isProposalAgain(): Promise<void> {
  await proposal().waitFor();
  expect((await segmentVolumes(session, OF_PROPOSAL)).size).toBe(ALL);
  expect(await segmentVolumes(session)).toEqual(new Map());
  expect(await bar().innerText()).toBe('Nothing to undo');
}

test('what leaves a hole in what is accepted is told before, and only that', async () => {
  const { page } = session;
  const tick = (name: string) => proposal().getByRole('checkbox', { name: `Accept ${name}`, exact: true });
  const told = page.getByText(/^Left out, Liver lesion leaves a hole of [\d.]+ ml in Liver\.$/);
  await tick('Liver lesion').uncheck();
  await told.waitFor();
  await session.screenshot('hole-told');
  await tick('Spleen').uncheck();
  await tick('Liver').uncheck();
  await told.waitFor({ state: 'detached' });
  expect(await page.getByText(/leaves a hole/).count()).toBe(0);
  await proposal().getByRole('button', { name: 'All', exact: true }).click();
});

test('one of sixteen is accepted, and the step says so', async () => {
  const { page } = session;
  await until('all are listed', async () => (await segmentVolumes(session, OF_PROPOSAL)).size === ALL);
  liver = (await segmentVolumes(session, OF_PROPOSAL)).get('Liver') ?? '';
  await proposal().getByRole('button', { name: 'None' }).click();
  await page.getByRole('checkbox', { name: 'Accept Liver', exact: true }).check();
  choiceDrawn = await look(session.view('Axial'));
  await accept().click();
  await page.getByText(/^1 accepted\. Left out: .*Undo gives the proposal back\.$/).waitFor();
  await onlyLiverIsAccepted();
  expect(await history().innerText()).toContain('Accept Liver');
  await isSaved(session);
  await session.screenshot('accepted-in-part');
});

test('undo gives the proposal back as it was chosen: drawn as one, and not for export', async () => {
  const { page } = session;
  const accepted = await look(session.view('Axial'));
  await page.keyboard.press('Control+z');
  await isProposalAgain();
  await page.getByText(/Undo gives the proposal back/).waitFor({ state: 'detached' });
  await accept().waitFor();
  expect(await page.getByRole('checkbox', { name: 'Accept Spleen' }).isChecked()).toBe(false);
  await until('it is drawn as before', async () => {
    const { coloured } = await look(session.view('Axial'));
    return coloured === choiceDrawn.coloured && coloured !== accepted.coloured;
  });
  await session.screenshot('acceptance-undone');
  await expectNothingToExport(session);
});

test('redo accepts the same part, and undo behind later edits gives the proposal back again', async () => {
  const { page } = session;
  await page.keyboard.press('Control+Shift+z');
  await onlyLiverIsAccepted();
  await page.getByRole('button', { name: 'Add segment' }).click();
  await until('another is there', async () => (await segmentVolumes(session)).size === 2);
  expect([...(await segmentVolumes(session)).keys()], 'counted by what is there').toEqual(['Liver', 'Segment 2']);
  await page.keyboard.press('Control+z');
  await onlyLiverIsAccepted();
  await page.keyboard.press('Control+z');
  await isProposalAgain();
});

test('the program was killed: it is a proposal still, and what was accepted can be redone', async () => {
  const { page } = session;
  await session.killAndReopen();
  await unlockAndOpenPhantom(session);
  await chooseMode(session, 'Segment');
  await isProposalAgain();
  await expectNothingToExport(session);
  await bar().getByRole('button', { name: 'Redo' }).click();
  await onlyLiverIsAccepted();
  await page.keyboard.press('Control+z');
  await isProposalAgain();
});

test('what was edited before comes back into the editor with the proposal beside it', async () => {
  const { page } = session;
  await page.getByRole('button', { name: 'Add segment' }).click();
  await until('it is there', async () => (await segmentVolumes(session)).size === 1);
  await isSaved(session);
  const [drawn] = (await segmentVolumes(session)).keys();
  const last = await bar().innerText();
  await proposal().getByRole('button', { name: 'None' }).click();
  await page.getByRole('checkbox', { name: 'Accept Liver', exact: true }).check();
  await accept().click();
  await onlyLiverIsAccepted();
  await page.keyboard.press('Control+z');
  await accept().waitFor();
  await until('the other is edited', async () => (await segmentVolumes(session)).has(drawn ?? ''));
  expect(await bar().innerText()).toBe(last);
  await page.keyboard.press('Control+Shift+z');
  await onlyLiverIsAccepted();
});

test('nothing left this machine, and the console stayed quiet', () => expectQuiet(session));
