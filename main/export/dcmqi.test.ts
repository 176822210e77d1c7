/** Our DICOM SEG, read back by dcmqi, the converter that 3D Slicer and many archives use, as @itk-wasm/dicom carries it. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readNifti } from '#core/formats/nifti.ts';
import { PHANTOM_LABEL, PHANTOM_STRUCTURES } from '#core/phantom/phantomStructures.ts';
import { phantomVolume } from '#core/phantom/phantomVolume.ts';
import type { Labelmap } from '#core/segmentation/labelmap.ts';
import type { Segment } from '#core/segmentation/segment.ts';
import { writePhantomDicom } from '../demo/phantomDicom.ts';
import { importPaths } from '../import/importPaths.ts';
import { SegmentationService } from '../segmentations/segmentationService.ts';
import { loadVolume } from '../studies/loadVolume.ts';
import { type TemporaryVault, temporaryVault } from '../vault/temporaryVault.ts';
import { exportSegmentation } from './exportSegmentation.ts';
import type { DcmqiReading } from './readWithDcmqi.ts';

const context = { signal: new AbortController().signal, progress: () => {} };
const root = join(import.meta.dirname, '..', '..');
const reader = join(import.meta.dirname, 'readWithDcmqi.ts');
let folder = '';
let temporary: TemporaryVault;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lantern-dcmqi-'));
  temporary = await temporaryVault();
});
afterEach(async () => {
  await temporary.dispose();
  await rm(folder, { recursive: true, force: true });
});

async function readWithDcmqi(file: string) {
  const [mask, meta] = [join(folder, 'mask.raw'), join(folder, 'meta.json')];
  const done = spawnSync(process.execPath, [reader, file, mask, meta], { encoding: 'utf8' });
  expect(done.status, done.stderr).toBe(0);
  const bytes = await readFile(mask);
  const voxels = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  const facts: DcmqiReading = JSON.parse(await readFile(meta, 'utf8'));
  return { ...facts, voxels };
}

function segmentOf(number: number): Segment {
  const structure = PHANTOM_STRUCTURES.find((s) => s.number === number);
  if (!structure) throw new RangeError('no such structure');
  return {
    ...structure,
    layer: 0,
    opacity: 0.5,
    display: 'both',
    visible: true,
    locked: false,
    origin: 'manual',
  };
}

/** Exports the mask and compares what dcmqi finds in the file with it, voxel for voxel. */
async function expectTheSame(seriesId: string, segments: readonly Segment[], labelmap: Labelmap): Promise<void> {
  const service = new SegmentationService(temporary.vault);
  const { geometry } = await loadVolume(temporary.vault, seriesId);
  const { id } = await service.addResult({
    seriesId,
    geometry,
    name: 'For dcmqi',
    state: 'accepted',
    origin: 'manual',
    provenance: null,
    segments,
    layers: [labelmap],
  });
  const deps = { vault: temporary.vault, segmentations: service };
  const { bytes } = await exportSegmentation(deps, { segmentationId: id, format: 'dicom-seg' }, context);
  await service.close();
  const file = join(folder, 'seg.dcm');
  await writeFile(file, bytes);
  const seen = await readWithDcmqi(file);
  expect(seen.segments.map(({ SegmentLabel }) => SegmentLabel)).toEqual(segments.map(({ name }) => name));
  expect(seen.segments.map((s) => s.SegmentedPropertyTypeCodeSequence)).toMatchObject(
    segments.map(({ codes }) => ({ CodeValue: codes.type.value, CodingSchemeDesignator: codes.type.scheme })),
  );
  // dcmqi's image begins at the first slice that has a frame.
  const [ni, nj, nk] = geometry.size;
  const firstSlice = Math.round(((seen.origin[2] ?? 0) - geometry.originLps[2]) / geometry.spacingMm[2]);
  expect(seen.size.slice(0, 2)).toEqual([ni, nj]);
  const numberOf = new Map(seen.segments.map(({ labelID }, n) => [labelID, segments[n]?.number ?? 0]));
  const read = new Uint8Array(ni * nj * nk);
  const offset = firstSlice * ni * nj;
  for (let at = 0; at < seen.voxels.length; at++) read[offset + at] = numberOf.get(seen.voxels[at]!) ?? 0;
  expect(Buffer.compare(read, Uint8Array.from(labelmap.voxels))).toBe(0);
}

test('dcmqi finds every voxel of the phantom: numbers with gaps, slices without a frame in the middle', async () => {
  const options = { size: [60, 44, 24], spacingMm: [5.8, 6.1, 10] } as const;
  await writePhantomDicom(join(folder, 'dicom'), undefined, options);
  const { series } = await importPaths(temporary.vault, [join(folder, 'dicom')], context);
  const chosen: readonly number[] = [PHANTOM_LABEL.liver, PHANTOM_LABEL.spleen];
  const { truth } = phantomVolume(options);
  const perSlice = 60 * 44;
  const occupied = [...Array(24).keys()].filter((k) =>
    truth.voxels.subarray(k * perSlice, (k + 1) * perSlice).some((v) => chosen.includes(v)),
  );
  const middle = occupied[occupied.length >> 1];
  const voxels = Uint8Array.from(truth.voxels, (v, at) =>
    chosen.includes(v) && Math.floor(at / perSlice) !== middle ? v : 0,
  );
  expect(occupied.length).toBeGreaterThan(4);
  await expectTheSame(series[0] ?? '', chosen.map(segmentOf), { size: options.size, voxels });
});

const ircad = join(root, '..', 'shared', 'data', 'ct-abdomen-ircad01');
if (!existsSync(ircad))
  process.stderr.write('\nSKIPPED for want of ../shared/data: dcmqi reads a SEG of 3D-IRCADb-01\n');

test.runIf(existsSync(ircad))('dcmqi finds every voxel of bone and liver of 3D-IRCADb-01', async () => {
  const { series } = await importPaths(temporary.vault, [join(ircad, 'PATIENT_DICOM')], context);
  const { scalars, geometry } = readNifti(await readFile(join(ircad, 'ircad01_labels.nii.gz')));
  // Organ 1 is bone (here with the spine's name and code), 7 the liver; see ircad01_labels.txt.
  const numbers = new Map([
    [1, PHANTOM_LABEL.spine],
    [7, PHANTOM_LABEL.liver],
  ]);
  const voxels = new Uint8Array(scalars.length);
  for (let at = 0; at < scalars.length; at++) voxels[at] = numbers.get((scalars[at]! - 1) >> 6) ?? 0;
  const segments = [...numbers.values()].sort((a, b) => a - b).map(segmentOf);
  await expectTheSame(series[0] ?? '', segments, { size: geometry.size, voxels });
});
