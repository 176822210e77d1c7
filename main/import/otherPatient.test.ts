import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listStudies } from '../studies/studyStore.ts';
import { type TemporaryVault, temporaryVault } from '../vault/temporaryVault.ts';
import { importPaths } from './importPaths.ts';
import { type SyntheticSlice, syntheticStack } from './syntheticDicom.ts';

let temporary: TemporaryVault;
let folder: string;
beforeEach(async () => {
  temporary = await temporaryVault();
  folder = await mkdtemp(join(tmpdir(), 'lantern-patient-'));
});
afterEach(async () => {
  await temporary.dispose();
  await rm(folder, { recursive: true, force: true });
});

async function bring(name: string, change: Partial<SyntheticSlice>) {
  const place = join(folder, name);
  await mkdir(place);
  const files = syntheticStack([0, 2, 4], change);
  for (const [n, bytes] of files.entries()) await writeFile(join(place, `image_${n}`), bytes);
  return importPaths(temporary.vault, [place], { signal: new AbortController().signal, progress: () => undefined });
}
const studies = () => listStudies(temporary.vault, () => []);

test('a file of another patient never comes into a study that is known', async () => {
  await bring('a', { patientName: 'Adler^Anna', patientId: 'A1', series: '1.2.3.1' });
  const other = await bring('b', { patientName: 'Berg^Bo', patientId: 'B2', series: '1.2.3.2' });
  expect(other).toMatchObject({ imported: 0, failed: 3 });
  expect(other.files[0]?.reason).toContain('another patient');
  expect(studies()).toMatchObject([{ patientId: 'A1', series: [{ instances: 3 }] }]);
});

test('nor do two patients of one import share a study', async () => {
  for (const [name, patientId] of [
    ['a', 'A1'],
    ['b', 'B2'],
  ] as const) {
    await mkdir(join(folder, name));
    const files = syntheticStack([0, 2], { patientId, series: `1.2.3.${name.charCodeAt(0)}` });
    for (const [n, bytes] of files.entries()) await writeFile(join(folder, name, `image_${n}`), bytes);
  }
  const result = await importPaths(temporary.vault, [folder], {
    signal: new AbortController().signal,
    progress: () => undefined,
  });
  expect(result).toMatchObject({ imported: 2, failed: 2 });
  expect(studies()).toMatchObject([{ series: [{ instances: 2 }] }]);
});

test('a name that is spelt in another way is the same patient, when the ID is', async () => {
  await bring('a', { patientName: 'Adler^Anna', patientId: 'A1', series: '1.2.3.1' });
  expect(await bring('b', { patientName: 'ADLER^ANNA^M', patientId: 'A1', series: '1.2.3.2' })).toMatchObject({
    imported: 3,
  });
});

test('without IDs the names decide', async () => {
  await bring('a', { patientName: 'Adler^Anna', series: '1.2.3.1' });
  expect(await bring('b', { patientName: 'ADLER^ANNA', series: '1.2.3.2' })).toMatchObject({ imported: 3 });
  expect(await bring('c', { patientName: 'Berg^Bo', series: '1.2.3.3' })).toMatchObject({ imported: 0, failed: 3 });
});

test('without IDs, family name and date of birth name the patient, whatever the given name', async () => {
  await bring('a', { patientName: 'Adler^Anna', birthDate: '19700102', series: '1.2.3.1' });
  const same = { patientName: 'Adler^A.', birthDate: '19700102', series: '1.2.3.2' };
  expect(await bring('b', same)).toMatchObject({ imported: 3, failed: 0 });
  const younger = { patientName: 'Adler^Anna', birthDate: '19990102', series: '1.2.3.3' };
  expect(await bring('c', younger)).toMatchObject({ imported: 0, failed: 3 });
  const other = { patientName: 'Berg^Anna', birthDate: '19700102', series: '1.2.3.4' };
  expect(await bring('d', other)).toMatchObject({ imported: 0, failed: 3 });
});
