import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Aim, aimIn } from './aim.ts';
import { copyPhantomVault, deepInside, PHANTOM, phantomTruth } from './phantom.ts';
import { type Session, startSession, until } from './session.ts';
import {
  chooseMode,
  chooseTool,
  expectQuiet,
  millilitres,
  paintedVolume,
  segmentVolumes,
  statusText,
  unlockAndOpenPhantom,
  volumeBecomes,
} from './workstation.ts';

const SLICE = PHANTOM.size[2] / 2;
let session: Session;
let aim: Aim;

beforeAll(async () => {
  session = await startSession({ prepare: copyPhantomVault });
  await unlockAndOpenPhantom(session);
  await chooseMode(session, 'Segment');
  aim = await aimIn(session, 'Axial');
  await chooseTool(session, 'Smart click');
}, 300_000);
afterAll(() => session.end());

const section = () => session.page.getByRole('region', { name: 'Smart click' });
const shapes = () => session.page.locator('[data-prompt=axial]');
const outlined = () =>
  section()
    .getByText(/outline \d+ % sure/)
    .waitFor({ timeout: 60_000 });

async function clickIn(name: string, keys: 'plain' | 'Shift' = 'plain'): Promise<void> {
  const { x, y } = aim.at(deepInside(name, SLICE).pointLps);
  if (keys === 'Shift') await session.page.keyboard.down('Shift');
  await session.page.mouse.click(x, y);
  if (keys === 'Shift') await session.page.keyboard.up('Shift');
}

/** @returns ml of a structure in the slice that is shown */
function sliceMl(name: string): number {
  const { truth, structures } = phantomTruth();
  const number = structures.find((each) => each.name === name)?.number;
  const [columns, rows] = PHANTOM.size;
  const voxels = truth.voxels.subarray(columns * rows * SLICE, columns * rows * (SLICE + 1));
  const [x, y, z] = PHANTOM.spacingMm;
  let count = 0;
  for (const voxel of voxels) if (voxel === number) count++;
  return (count * x * y * z) / 1000;
}

test('it says in the status line what its hand does', async () => {
  expect(await statusText(session)).toMatch(
    /Smart click: click inside, Alt or Shift click outside, drag a box; Enter keeps/,
  );
});

test('a click outlines what was clicked, dashed; clicks outside are marked otherwise; Esc leaves nothing', async () => {
  const { page } = session;
  await clickIn('Spleen');
  await outlined();
  expect(await shapes().locator('path[stroke-dasharray]').count()).toBeGreaterThan(0);
  await clickIn('Liver', 'Shift');
  await until('both are marked', async () => (await shapes().locator('[data-point]').count()) === 2);
  expect(await shapes().locator('[data-point=outside]').count()).toBe(1);
  await page.keyboard.press('Escape');
  await until('nothing is left', async () => (await shapes().locator('[data-point], path').count()) === 0);
  expect((await segmentVolumes(session)).size).toBe(0);
});

test('Enter keeps it in a segment, about as large as it is, and undo takes it back', async () => {
  const { page } = session;
  await clickIn('Spleen');
  await outlined();
  await page.keyboard.press('Enter');
  const volume = await paintedVolume(session, 'Outlined 1');
  const ratio = millilitres(volume) / sliceMl('Spleen');
  expect(ratio, `${volume}, truth ${sliceMl('Spleen').toFixed(1)} ml`).toBeGreaterThan(0.75);
  expect(ratio, `${volume}, truth ${sliceMl('Spleen').toFixed(1)} ml`).toBeLessThan(1.3);
  await page.getByRole('button', { name: 'Undo' }).click();
  await volumeBecomes(session, 'Outlined 1', '0.0 ml');
});

test('a box is drawn, and the way through the slices ends in a proposal', async () => {
  const { page } = session;
  const { pointLps, radiusMm } = deepInside('Spleen', SLICE);
  const at = (sign: number) => aim.at([pointLps[0] + sign * radiusMm, pointLps[1] + sign * 2 * radiusMm, pointLps[2]]);
  const [from, to] = [at(-1), at(1)];
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 5 });
  await page.mouse.up();
  await outlined();
  const told = section().getByText(/^Enter adds it to Outlined 1\. Through slices makes a proposal;/);
  expect(await told.innerText()).toMatch(/accepted, it is a segmentation of its own\.$/);
  await session.screenshot('smart-click-box');
  await page.keyboard.press('p');
  await section().getByRole('button', { name: 'Cancel the way through the slices' }).click();
  await until('it has ended', () => section().getByRole('button', { name: 'Through slices', exact: true }).isEnabled());
  expect(await page.getByRole('region', { name: /^Proposal/ }).count()).toBe(0);
  await page.keyboard.press('p');
  const proposal = page.getByRole('region', { name: /^Proposal · not yet accepted/ });
  await proposal.waitFor({ timeout: 100_000 });
  await session.screenshot('smart-click-proposal');
  const [volume] = [...(await segmentVolumes(session, 'Segments of the proposal')).values()];
  expect(millilitres(volume), 'more than its slice').toBeGreaterThan(2 * sliceMl('Spleen'));
  await page.getByRole('button', { name: 'Why this segment' }).click();
  await page.getByText(/^This segment cannot be explained\. This segment does not come from a class/).waitFor();
  expect(await page.getByRole('alert').count(), 'told in place only').toBe(0);
  await proposal.getByRole('button', { name: 'Reject' }).click();
  await proposal.waitFor({ state: 'detached' });
});

test('nothing left this machine, and the console stayed quiet', () => expectQuiet(session));
