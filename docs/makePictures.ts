/**
 * `npm run pictures`: the README's pictures, taken from the running program with the demonstration study (never with a patient's data).
 * The study is written, imported and segmented by the command line, then looked at in Chromium at 1366 × 768.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writePhantomDicom } from '../main/demo/phantomDicom.ts';
import { ORGANS, openNetworks, run, writeBrightPack } from '../test/e2e/networks.ts';
import { PASSPHRASE, startSession, until } from '../test/e2e/session.ts';

const pictures = fileURLToPath(new URL('pictures', import.meta.url));
const program = fileURLToPath(new URL('../main/cli/lantern.ts', import.meta.url));
const dicom = mkdtempSync(join(tmpdir(), 'lantern-pictures-'));

mkdirSync(pictures, { recursive: true });
await writePhantomDicom(dicom);
const stick = mkdtempSync(join(tmpdir(), 'lantern-pictures-stick-'));
const session = await startSession({ prepare: segmentedDemonstration, models: writeBrightPack });
const { page } = session;
try {
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Unlock' }).click();
  const row = page.getByRole('row', { name: /Demonstration/i });
  await row.click();
  await page.waitForFunction(
    () => document.images.length > 0 && [...document.images].every((image) => image.naturalWidth > 0),
  );
  await picture('worklist');

  await row.dblclick();
  await page.getByRole('tab', { name: 'Segment', exact: true }).click();
  const segments = page.getByRole('list', { name: 'Segments', exact: true });
  await segments.getByRole('listitem').nth(3).waitFor();
  await until('the image has arrived', async () => (await page.getByRole('progressbar').count()) === 0);
  const surfaces = page.getByText('3D surface', { exact: true });
  await surfaces.last().click();
  await page.getByRole('switch', { name: 'Show surfaces in 3D' }).press('Space');
  await until('surfaces were made', async () => (await page.getByText(/voxels, .* surface/).count()) > 3, 120_000);
  await until('3D is drawn', async () => (await page.getByText('Making surfaces').count()) === 0, 60_000);
  await picture('segment');

  await surfaces.last().click();
  await networksPictures();
  await smartClickPicture();

  await page.getByRole('tab', { name: 'Report', exact: true }).click();
  await page.getByRole('button', { name: /PDF/ }).waitFor();
  await picture('report');
} finally {
  await session.end();
  for (const folder of [dicom, stick]) rmSync(folder, { recursive: true, force: true });
}

/** Choosing a model, its card, its proposal accepted in part, another model before it is imported. */
async function networksPictures(): Promise<void> {
  await openNetworks(session);
  await until('a time', async () => (await page.getByText(/^about \d+ (s|min)/).count()) > 0, 120_000);
  await picture('model-chooser');
  await page.getByRole('button', { name: `Card of ${ORGANS}` }).click();
  await page.getByRole('region', { name: 'Measured by its makers' }).waitFor();
  await picture('model-card');
  await page.keyboard.press('Escape');

  await run(session);
  const proposal = page.getByRole('region', { name: /^Proposal/ });
  await proposal.waitFor({ timeout: 120_000 });
  for (const name of ['Liver lesion', 'Gallbladder', 'Ribs'])
    await proposal.getByRole('checkbox', { name: `Accept ${name}`, exact: true }).uncheck();
  await picture('proposal-in-part');
  await doubtPicture();
  await explanationPicture();
  await proposal.getByRole('button', { name: 'Reject all' }).click();
  await proposal.waitFor({ state: 'detached' });

  writeBrightPack(stick, 'bright-structures');
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Import a model …' }).click();
  await page.getByRole('button', { name: 'Choose a folder' }).click();
  await (await chooser).setFiles(join(stick, 'bright-structures'));
  await page.getByText('not signed', { exact: true }).waitFor({ timeout: 60_000 });
  await picture('import-model');
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
}

/** The proposal's first place to check, with the map of doubt over the slices. */
async function doubtPicture(): Promise<void> {
  const places = page.getByRole('region', { name: 'Places to check' });
  await places.getByRole('list').getByRole('button').first().click();
  await places.getByRole('button', { name: 'Show doubt on the slices' }).click();
  await places.getByRole('img', { name: /^Colour of doubt/ }).waitFor();
  await picture('doubt');
  await places.getByRole('button', { name: 'Hide doubt on the slices' }).click();
}

/** What the network needs to see of the proposal's spleen, at its strongest place. */
async function explanationPicture(): Promise<void> {
  await page.getByRole('button', { name: 'Why this segment' }).click();
  await page.getByRole('combobox', { name: 'Segment to explain' }).selectOption({ label: 'Spleen' });
  await page.getByRole('button', { name: 'What the network needs to see', exact: true }).click();
  await page.getByRole('button', { name: 'Go to the strongest place' }).click({ timeout: 300_000 });
  await picture('explanation');
  await page.getByRole('button', { name: 'Hide the explanation on the slices' }).click();
}

/** A click into the middle of the axial slice, a place outside of it, and the outline. */
async function smartClickPicture(): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Tools' })
    .getByRole('button', { name: 'Smart click', exact: true })
    .click();
  const box = await session.view('Axial').boundingBox();
  if (!box) throw new Error('the axial view is not shown');
  await page.mouse.click(box.x + 0.4 * box.width, box.y + 0.42 * box.height);
  await page.getByText(/outline \d+ % sure/).waitFor({ timeout: 120_000 });
  await picture('smart-click');
  await page.keyboard.press('Escape');
}

async function picture(name: string): Promise<void> {
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(pictures, `${name}.png`), animations: 'disabled' });
}

function segmentedDemonstration(vaultFolder: string): void {
  lantern(vaultFolder, 'init');
  const { series } = lantern(vaultFolder, 'import', dicom) as { series: string[] };
  lantern(vaultFolder, 'segment', series[0] ?? '', '--model', 'phantom-organs', '--accept');
}

function lantern(vaultFolder: string, ...args: string[]): unknown {
  const run = spawnSync(process.execPath, [program, ...args, '--vault', vaultFolder, '--json'], {
    encoding: 'utf8',
    env: { ...process.env, LANTERN_PASSPHRASE: PASSPHRASE },
  });
  if (run.status !== 0) throw new Error(`lantern ${args[0]}: ${run.stdout}`);
  return JSON.parse(run.stdout);
}
