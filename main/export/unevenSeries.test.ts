/** Exports of a stack that is not what its grid says: each says so, and the SEG's frames lie where the images lie. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { newSegment } from '#core/segmentation/segmentEdits.ts';
import { DicomAttributes } from '../import/DicomAttributes.ts';
import { importPaths } from '../import/importPaths.ts';
import { parseDicomFile } from '../import/parseDicomFile.ts';
import { syntheticDicom, syntheticStack } from '../import/syntheticDicom.ts';
import { SegmentationService } from '../segmentations/segmentationService.ts';
import { loadVolume } from '../studies/loadVolume.ts';
import { type TemporaryVault, temporaryVault } from '../vault/temporaryVault.ts';
import { exportSegmentation } from './exportSegmentation.ts';

const context = { signal: new AbortController().signal, progress: () => {} };
let folder = '';
let temporary: TemporaryVault;
let segmentations: SegmentationService;
let segmentationId = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lantern-uneven-'));
  temporary = await temporaryVault();
  segmentations = new SegmentationService(temporary.vault);
  // Slices at 0, 2, 4, 8, 10: one is missing; the one at 4 is there twice.
  const files = [...syntheticStack([0, 2, 4, 8, 10]), syntheticDicom({ sop: '1.2.9', instanceNumber: 9, position: [0, 0, 4] })]; // biome-ignore format: one line
  for (const [n, bytes] of files.entries()) await writeFile(join(folder, `in_${n}`), bytes);
  const [seriesId = ''] = (await importPaths(temporary.vault, [folder], context)).series;
  const { geometry } = await loadVolume(temporary.vault, seriesId);
  const { size } = geometry;
  const voxels = new Uint8Array(size[0] * size[1] * size[2]).fill(1);
  const added = await segmentations.addResult({
    ...{ seriesId, geometry, name: 'All', state: 'accepted', origin: 'manual', provenance: null },
    ...{ segments: [newSegment([])], layers: [{ size, voxels }] },
  });
  segmentationId = added.id;
});
afterEach(async () => {
  await segmentations.close();
  await temporary.dispose();
  await rm(folder, { recursive: true, force: true });
});

const exported = (format: 'dicom-seg' | 'nifti' | 'nrrd' | 'stl') =>
  exportSegmentation({ vault: temporary.vault, segmentations }, { segmentationId, format }, context);

it('puts each frame of a DICOM SEG where its image lies, also behind a gap and with an image too many', async () => {
  const { bytes } = await exported('dicom-seg');
  const seg = new DicomAttributes(parseDicomFile(bytes).dataSet);
  const frames = seg.items('x52009230');
  expect(frames.map((frame) => frame.items('x00209113')[0]?.decimals('x00200032')[2])).toEqual([0, 2, 4, 8, 10]);
  const sources = frames.map((frame) => frame.items('x00089124')[0]?.items('x00082112')[0]?.string('x00081155'));
  expect(sources).toEqual([1, 2, 3, 4, 5].map((n) => `1.2.3.1.${n}`));
});

it.each(['dicom-seg', 'nifti', 'nrrd', 'stl'] as const)(
  'says with a file of %s that a slice is missing',
  async (format) => {
    const { notes } = await exported(format);
    expect(notes.join(' ')).toMatch(/slice is missing/);
  },
);
