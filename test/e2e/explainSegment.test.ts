import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readNifti } from '#core/formats/nifti.ts';
import { shiftedNetwork } from '#core/inference/onnx/shiftedNetwork.ts';
import { writeTestPack } from '../../main/inference/testPack.ts';
import { commandLine, firstSeries } from './commandLine.ts';
import { look } from './look.ts';
import { openNetworks, run } from './networks.ts';
import { copyPhantomVault } from './phantom.ts';
import { type Session, startSession, until } from './session.ts';
import { chooseMode, expectQuiet, unlockAndOpenPhantom } from './workstation.ts';

const SPLEEN = 'Spleen';
const ATTENTIVE = 'What lies right of what is dense';
const MAP = 'What it read';
let session: Session;
let file = '';
let written: { saliency: Record<string, unknown>; model: { id: string; sha256: string } };
let proposal: { id: string; segments: { number: number; name: string }[] };
let refused = '';

beforeAll(async () => {
  session = await startSession({
    models: (folder) => {
      mkdirSync(folder, { recursive: true });
      const output = { attention: [{ output: 'looked-at', name: MAP }] };
      writeTestPack(folder, 'attentive', { name: ATTENTIVE, output }, shiftedNetwork(150, 6));
    },
    prepare: (vaultFolder) => {
      copyPhantomVault(vaultFolder);
      const id = firstSeries(vaultFolder);
      const answer = commandLine(vaultFolder, 'segment', id, '--model', 'phantom-organs');
      proposal = (answer as { segmentation: typeof proposal }).segmentation;
      const number = String(proposal.segments.find(({ name }) => name === SPLEEN)?.number);
      file = `${vaultFolder}-saliency.nii.gz`;
      const options = ['--segment', number, '--saliency', file, '--runs', '24'];
      written = commandLine(vaultFolder, 'explain', proposal.id, ...options) as typeof written;
      try {
        commandLine(vaultFolder, 'explain', proposal.id, '--attention', file);
      } catch (error) {
        refused = String(error);
      }
    },
  });
  await unlockAndOpenPhantom(session);
  await chooseMode(session, 'Segment');
}, 300_000);
afterAll(async () => {
  await session.end();
  rmSync(file, { force: true });
});

const page = () => session.page;
const open = () => page().getByRole('button', { name: 'Why this segment' });
const legend = () => page().getByRole('img', { name: /^Share of the segment that is lost when this place is hidden/ });
const explain = () => page().getByRole('button', { name: 'What the network needs to see', exact: true });

test('the command line writes the map on the series’ own grid, and says what was measured', () => {
  const { saliency, model } = written;
  expect(model).toMatchObject({ id: 'phantom-organs', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(saliency).toMatchObject({ segment: { name: SPLEEN }, windows: 1, file });
  expect(saliency['runs']).toBeLessThanOrEqual(24);
  expect(saliency['most']).toBeGreaterThan(0.05);
  const { scalars, geometry } = readNifti(gunzipSync(readFileSync(file)));
  expect(geometry.size).toEqual([128, 128, 60]);
  const most = Array.from(scalars).reduce((a, b) => Math.max(a, b), 0);
  expect(most).toBeCloseTo(Number(saliency['most']), 5);
  expect(refused).toContain('model/no-attention');
});

test('the window says what it would take, runs it, and can be told to stop', async () => {
  await open().click();
  await page().getByRole('combobox', { name: 'Segment to explain' }).selectOption({ label: SPLEEN });
  await page()
    .getByText(/at most 60 runs/)
    .waitFor();
  await explain().click();
  await page().getByRole('progressbar', { name: 'Progress of the explanation' }).waitFor();
  await page().getByRole('button', { name: 'Cancel the explanation' }).click();
  await until('it has stopped', () => explain().isEnabled());
  expect(await legend().count()).toBe(0);
});

test('the map is laid over the slices with its legend, and taken away', async () => {
  await session.view('Axial').focus();
  await explain().click();
  await legend().waitFor({ timeout: 200_000 });
  await page().getByRole('button', { name: 'Go to the strongest place' }).click();
  await session.view('Axial').focus();
  await session.screenshot('explanation');
  const magenta = async () => (await look(session.view('Axial'))).magenta;
  const button = (name: string) => page().getByRole('button', { name });
  await button('Hide the explanation on the slices').click();
  await button('Show the explanation on the slices').waitFor();
  // Segments may be of a like colour: what counts is that the map comes and goes.
  await session.view('Axial').focus();
  const plain = await magenta();
  await button('Show the explanation on the slices').click();
  await session.view('Axial').focus();
  await until('it is drawn', async () => (await magenta()) > plain + 500);
  await open().click();
  await session.view('Axial').focus();
  await until('folded, it goes with its legend', async () => (await magenta()) < plain + 500);
  expect(await legend().isVisible()).toBe(false);
  await open().click();
  await session.view('Axial').focus();
  await until('and comes back with it', async () => (await magenta()) > plain + 500);
  expect(await legend().isVisible()).toBe(true);
  await button('Hide the explanation on the slices').click();
  await session.view('Axial').focus();
  await until('it is gone', async () => (await magenta()) < plain + 500);
}, 300_000);

test('a network that has a map of its own offers it by name, for the proposal that it has just made', async () => {
  await openNetworks(session);
  await page().getByRole('radio', { name: ATTENTIVE }).check();
  await run(session);
  await page()
    .getByRole('region', { name: /^Proposal/ })
    .getByText(ATTENTIVE)
    .waitFor({ timeout: 60_000 });
  await page()
    .getByRole('button', { name: `Show “${MAP}”` })
    .click();
  const own = page().getByRole('img', { name: new RegExp(`^The network’s own map “${MAP}”`) });
  await own.waitFor({ timeout: 60_000 });
  await session.view('Axial').focus();
  await session.screenshot('attention');
  // However far down the panel goes: nothing can push the window's edge out of sight.
  const pushed = await page().evaluate(() => {
    const frames = [document.documentElement, document.body, document.getElementById('root')!];
    for (const frame of frames) frame.scrollTop = 500;
    return frames.map(({ scrollTop }) => scrollTop);
  });
  expect(pushed).toEqual([0, 0, 0]);
  const magenta = async () => (await look(session.view('Axial'))).magenta;
  const drawn = await magenta();
  await page().getByRole('button', { name: 'Hide the explanation on the slices' }).click();
  await session.view('Axial').focus();
  await until('it is gone', async () => (await magenta()) < drawn - 500);
});

test('accepted, no map stays on the slices without its legend and its switch', async () => {
  const magenta = async () => (await look(session.view('Axial'))).magenta;
  const waiting = page().getByRole('region', { name: /^Proposal/ });
  // The only one that waits, and nothing accepted before: what is explained is the same before and after.
  for (const name of [ATTENTIVE, 'Torso organs']) {
    await waiting.getByText(name).waitFor();
    await waiting.getByRole('button', { name: 'Reject' }).click();
    await waiting.getByText(name).waitFor({ state: 'detached' });
  }
  await run(session);
  await waiting.getByText(ATTENTIVE).waitFor({ timeout: 60_000 });
  if ((await open().getAttribute('aria-expanded')) === 'false') await open().click();
  await page()
    .getByRole('button', { name: `Show “${MAP}”` })
    .click();
  const hide = page().getByRole('button', { name: 'Hide the explanation on the slices' });
  await hide.waitFor({ timeout: 60_000 });
  await session.view('Axial').focus();
  const drawn = await magenta();
  await waiting.getByRole('button', { name: 'Accept' }).click();
  await waiting.waitFor({ state: 'detached' });
  await session.view('Axial').focus();
  await until('it is gone', async () => (await magenta()) < drawn - 500);
  expect(await hide.count()).toBe(0);
});

test('nothing left this machine, and the console stayed quiet', () => expectQuiet(session));
