import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { phantomVolume } from '#core/phantom/phantomVolume.ts';
import { dicomErrors, runPython, testWith } from '../export/externalTools.ts';
import { writePhantomDicom } from './phantomDicom.ts';

const options = { size: [48, 40, 6], spacingMm: [7, 7.5, 20] } as const;
let folder = '';
let files: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lantern-phantom-'));
  files = await writePhantomDicom(join(folder, 'a'), undefined, options);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('writePhantomDicom', () => {
  test('writes the same bytes again, so that a second import finds duplicates', async () => {
    const again = await writePhantomDicom(join(folder, 'b'), undefined, options);
    for (const [n, file] of files.entries()) expect(await readFile(again[n] ?? '')).toEqual(await readFile(file));
  });

  test('stops between two slices when it is cancelled', async () => {
    const controller = new AbortController();
    const context = { signal: controller.signal, progress: () => controller.abort(new Error('cancelled')) };
    await expect(writePhantomDicom(join(folder, 'c'), context, options)).rejects.toThrow('cancelled');
  });

  testWith('dciodvfy', 'writes slices in which dciodvfy finds no error', () => {
    for (const file of files) expect(dicomErrors(file)).toEqual([]);
  });

  testWith('pydicom', 'gives pydicom the HU and the places that the phantom has', () => {
    const script = `
import sys, json, pydicom
out = []
for f in sys.argv[1:]:
    d = pydicom.dcmread(f)
    hu = d.pixel_array.astype(int) * int(d.RescaleSlope) + int(d.RescaleIntercept)
    out.append({"position": [float(x) for x in d.ImagePositionPatient], "spacing": [float(x) for x in d.PixelSpacing],
                "name": str(d.PatientName), "id": d.PatientID, "hu": hu.ravel().tolist()})
print(json.dumps(out))`;
    const seen: { position: number[]; spacing: number[]; name: string; id: string; hu: number[] }[] = JSON.parse(
      runPython(script, ...files),
    );
    const { volume } = phantomVolume(options);
    const [x0, y0, z0] = volume.geometry.originLps;
    seen.forEach((slice, k) => {
      expect(slice.position).toEqual([x0, y0, z0 + 20 * k]);
      expect(slice.spacing).toEqual([7.5, 7]);
      expect([slice.name, slice.id]).toEqual(['Demonstration^Phantom', 'LANTERN-DEMO']);
      expect(slice.hu).toEqual([...volume.scalars.subarray(k * 48 * 40, (k + 1) * 48 * 40)]);
    });
  });
});
