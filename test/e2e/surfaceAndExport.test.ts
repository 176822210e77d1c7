import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandLine, firstSeries } from './commandLine.ts';
import { look } from './look.ts';
import { copyPhantomVault, trueVolumeMl } from './phantom.ts';
import { type Session, startSession, until } from './session.ts';
import { chooseMode, expectQuiet, millilitres, unlockAndOpenPhantom } from './workstation.ts';

let session: Session;

beforeAll(async () => {
  session = await startSession({
    prepare: (vault) => {
      copyPhantomVault(vault);
      commandLine(vault, 'segment', firstSeries(vault), '--model', 'phantom-organs', '--accept');
    },
  });
  await unlockAndOpenPhantom(session);
});
afterAll(() => session.end());

async function exported(format: string): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const { page } = session;
  const download = page.waitForEvent('download', { timeout: 60_000 });
  await page.getByRole('button', { name: new RegExp(`^${format}`) }).click();
  const file = await download;
  await page.getByText(/, [\d.]+ [kM]B: written\./).waitFor();
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

test('surfaces are made, their volumes stand beside those of the voxels, and 3D shows them', async () => {
  const { page } = session;
  await chooseMode(session, 'Segment');
  await page.getByRole('button', { name: '3D surface' }).click();
  const before = await look(session.view('3D'));
  await page.getByRole('switch', { name: 'Show surfaces in 3D' }).press('Space');
  const rows = page.getByRole('list', { name: '3D surface' }).getByRole('listitem');
  const row = rows.filter({ hasText: /^Liver:/ });
  await row.waitFor({ timeout: 60_000 });
  const [, voxels, surface] = /Liver: ([\d.,]+) ml voxels, ([\d.,]+) ml surface/.exec(await row.innerText()) ?? [];
  expect(millilitres(surface) / millilitres(voxels), 'of the volume of the voxels').toBeGreaterThan(0.97);
  expect(millilitres(surface) / millilitres(voxels), 'of the volume of the voxels').toBeLessThan(1.03);
  expect(Math.abs(millilitres(voxels) / trueVolumeMl('Liver') - 1)).toBeLessThan(0.06);
  await until('3D shows them', async () => (await look(session.view('3D'))).coloured > before.coloured + 2000, 60_000);
  await session.screenshot('surfaces');
});

test('DICOM SEG arrives as DICOM', async () => {
  await chooseMode(session, 'Report');
  const { name, bytes } = await exported('DICOM SEG');
  expect(name).toMatch(/\.dcm$/);
  expect(bytes.toString('latin1', 128, 132)).toBe('DICM');
  expect(bytes.toString('latin1'), 'the class of segmentations').toContain('1.2.840.10008.5.1.4.1.1.66.4');
});

test('NIfTI arrives packed, on the grid of the series', async () => {
  const { name, bytes } = await exported('NIfTI');
  expect(name).toMatch(/\.nii\.gz$/);
  const plain = gunzipSync(bytes);
  expect(plain.toString('latin1', 344, 347)).toBe('n+1');
  expect([plain.readInt16LE(42), plain.readInt16LE(44), plain.readInt16LE(46)]).toEqual([128, 128, 60]);
});

test('NRRD arrives with its segments named', async () => {
  const { name, bytes } = await exported('NRRD');
  expect(name).toMatch(/\.nrrd$/);
  expect(bytes.toString('latin1', 0, 5)).toBe('NRRD0');
  expect(bytes.subarray(0, 20_000).toString('latin1')).toMatch(/Segment\d+_Name:=Liver/);
});

test('STL arrives as closed surfaces', async () => {
  const { name, bytes } = await exported('STL');
  expect(name).toMatch(/\.stl$/);
  const triangles = bytes.readUInt32LE(80);
  expect(triangles).toBeGreaterThan(1000);
  expect(bytes.length).toBe(84 + 50 * triangles);
  expect(openEdges(bytes, triangles), 'edges without a neighbour').toBe(0);
});

/** Every edge of a closed surface is walked once in each direction. */
function openEdges(stl: Buffer, triangles: number): number {
  const balance = new Map<string, number>();
  for (let n = 0; n < triangles; n++) {
    const corners = [0, 1, 2].map((c) => stl.toString('latin1', 84 + 50 * n + 12 + 12 * c, 84 + 50 * n + 24 + 12 * c));
    for (let c = 0; c < 3; c++) {
      const [a = '', b = ''] = [corners[c], corners[(c + 1) % 3]];
      const key = a < b ? a + b : b + a;
      balance.set(key, (balance.get(key) ?? 0) + (a < b ? 1 : -1));
    }
  }
  return [...balance.values()].filter((sum) => sum !== 0).length;
}

test('the report arrives as PDF', async () => {
  const { name, bytes } = await exported('PDF report');
  expect(name).toMatch(/\.pdf$/);
  expect(bytes.toString('latin1', 0, 5)).toBe('%PDF-');
  expect(bytes.toString('latin1', bytes.length - 8)).toContain('%%EOF');
});

test('nothing left this machine, and the console stayed quiet', () => expectQuiet(session));
