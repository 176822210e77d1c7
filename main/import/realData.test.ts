import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadVolume } from '../studies/loadVolume.ts';
import { readOriginals } from '../studies/originals.ts';
import { listStudies } from '../studies/studyStore.ts';
import { temporaryVault } from '../vault/temporaryVault.ts';
import { importPaths } from './importPaths.ts';

const DATA = join(import.meta.dirname, '..', '..', '..', 'shared', 'data');
const PYTHON = '/usr/bin/python3';
const hasPydicom = (() => {
  try {
    execFileSync(PYTHON, ['-c', 'import pydicom, numpy'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
const isPossible = hasPydicom && existsSync(DATA);
if (!isPossible)
  console.warn('SKIPPED: ../shared/data or python3 with pydicom is missing; real studies are not compared');

/**
 * Reads the originals that the vault gives back with pydicom, slice after slice; prints for each file the SHA-256 of its modality values
 * as float32, or "undecodable" where pydicom has no codec for them.
 */
const SCRIPT = `
import glob, hashlib, sys, numpy as np, pydicom
for f in sorted(glob.glob(sys.argv[1] + '/*')):
    d = pydicom.dcmread(f, force=True)
    try:
        a = d.pixel_array
    except Exception:
        print('undecodable'); continue
    v = a.astype(np.float64) * float(d.get('RescaleSlope', 1)) + float(d.get('RescaleIntercept', 0))
    print(hashlib.sha256(v.astype('<f4').tobytes()).hexdigest())
`;

async function compare(folder: string, expected: { series: number; comparedSlices: number }): Promise<void> {
  const temporary = await temporaryVault();
  const files = await mkdtemp(join(tmpdir(), 'lantern-truth-'));
  try {
    const { vault } = temporary;
    const context = { signal: new AbortController().signal, progress: () => undefined };
    const result = await importPaths(vault, [join(DATA, folder)], context);
    expect(result.failed).toBe(0);
    const series = listStudies(vault, () => []).flatMap((study) => study.series);
    expect(series).toHaveLength(expected.series);
    let compared = 0;
    for (const { id, instances, size, warnings } of series) {
      expect(warnings).toEqual([]);
      expect(size[2]).toBe(instances);
      const volume = await loadVolume(vault, id);
      for (const [k, { bytes }] of (await readOriginals(vault, id)).entries()) {
        await writeFile(join(files, `${String(k).padStart(5, '0')}.dcm`), bytes);
      }
      const truth = execFileSync(PYTHON, ['-c', SCRIPT, files]).toString().trim().split('\n');
      expect(truth).toHaveLength(instances);
      const perSlice = size[0] * size[1];
      for (const [k, hash] of truth.entries()) {
        if (hash === 'undecodable') continue;
        const values = Float32Array.from(volume.scalars.subarray(k * perSlice, (k + 1) * perSlice));
        const mine = createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex');
        expect(mine, `slice ${k} of a series in ${folder}`).toBe(hash);
        compared++;
      }
      await rm(files, { recursive: true });
      await mkdir(files);
    }
    expect(compared).toBeGreaterThanOrEqual(expected.comparedSlices);
  } finally {
    await temporary.dispose();
    await rm(files, { recursive: true, force: true });
  }
}

test.skipIf(!isPossible)('an RLE CT has the values that pydicom reads', () =>
  compare('ct-abdomen-ircad01/PATIENT_DICOM', { series: 1, comparedSlices: 129 }),
);

test.skipIf(!isPossible)('PET with a slope for each slice, CT and MR have the values that pydicom reads', () =>
  compare('pet-ct-mr-sarcoma', { series: 3, comparedSlices: 131 }),
);

test.skipIf(!isPossible)(
  'deflated, JPEG lossless, JPEG-LS and RLE series of MR have the values that pydicom reads',
  () => compare('mr-brain-tumour', { series: 5, comparedSlices: 84 }),
);

test.skipIf(!isPossible)('every lossless transfer syntax of one CT slice gives the same values', async () => {
  const folder = join(DATA, 'dicom-variety', 'transfer-syntax');
  const names = [
    '1.2.1',
    '1.2.1.99',
    '1.2.2',
    '1.2.4.57',
    '1.2.4.70',
    '1.2.4.80',
    '1.2.4.90',
    '1.2.4.201_derived',
    '1.2.5',
  ];
  const hashes = new Set<string>();
  for (const name of names) {
    const temporary = await temporaryVault();
    try {
      const context = { signal: new AbortController().signal, progress: () => undefined };
      const file = join(folder, `CTImage_1.2.840.10008.${name}.dcm`);
      const { series } = await importPaths(temporary.vault, [file], context);
      const { scalars } = await loadVolume(temporary.vault, series[0] ?? '');
      hashes.add(createHash('sha256').update(new Uint8Array(scalars.buffer)).digest('hex'));
    } finally {
      await temporary.dispose();
    }
  }
  expect(hashes.size).toBe(1);
});

test.skipIf(!isPossible)('everything in the collection of odd files is imported or has a reason', async () => {
  const temporary = await temporaryVault();
  try {
    const context = { signal: new AbortController().signal, progress: () => undefined };
    const result = await importPaths(temporary.vault, [join(DATA, 'dicom-variety')], context);
    expect(result.imported).toBeGreaterThan(40);
    for (const { status, reason } of result.files) {
      if (status === 'failed' || status === 'ignored') expect(reason).toMatch(/^[A-Z].*\.$/);
    }
    const by = (name: string) => result.files.find(({ path }) => path.endsWith(name));
    expect(by('MR_truncated.dcm')?.status).toBe('failed');
    expect(by('rtstruct.dcm')?.reason).toContain('RT structure sets');
    expect(by('DICOMDIR')?.reason).toContain('table of contents');
  } finally {
    await temporary.dispose();
  }
});
