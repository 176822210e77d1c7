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
import { PASSPHRASE, startSession, until } from '../test/e2e/session.ts';

const pictures = fileURLToPath(new URL('pictures', import.meta.url));
const program = fileURLToPath(new URL('../main/cli/lantern.ts', import.meta.url));
const dicom = mkdtempSync(join(tmpdir(), 'lantern-pictures-'));

mkdirSync(pictures, { recursive: true });
await writePhantomDicom(dicom);
const session = await startSession({ prepare: segmentedDemonstration });
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
  await page.getByRole('switch', { name: 'Show surfaces in 3D' }).check({ force: true });
  await until('surfaces were made', async () => (await page.getByText(/voxels, .* surface/).count()) > 3, 120_000);
  await until('3D is drawn', async () => (await page.getByText('Making surfaces').count()) === 0, 60_000);
  await picture('segment');

  await page.getByRole('tab', { name: 'Report', exact: true }).click();
  await page.getByRole('button', { name: /PDF/ }).waitFor();
  await picture('report');
} finally {
  await session.end();
  rmSync(dicom, { recursive: true, force: true });
}

async function picture(name: string): Promise<void> {
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(pictures, `${name}.png`) });
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
