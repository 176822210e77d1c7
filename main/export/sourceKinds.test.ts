/** DICOM SEG of series that are not a plain stack: irregular, tilted, a second stack of one UID, and enhanced multi-frame. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import type { Segment } from '#core/segmentation/segment.ts';
import { importPaths } from '../import/importPaths.ts';
import { dicomElement, syntheticDicom, syntheticStack } from '../import/syntheticDicom.ts';
import { SegmentationService } from '../segmentations/segmentationService.ts';
import { loadVolume } from '../studies/loadVolume.ts';
import { type TemporaryVault, temporaryVault } from '../vault/temporaryVault.ts';
import { exportSegmentation } from './exportSegmentation.ts';
import { dicomErrors, runPython, testWith } from './externalTools.ts';

const context = { signal: new AbortController().signal, progress: () => {} };
let folder = '';
let temporary: TemporaryVault;
let service: SegmentationService;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lantern-kinds-'));
  temporary = await temporaryVault();
  service = new SegmentationService(temporary.vault);
});
afterEach(async () => {
  await service.close();
  await temporary.dispose();
  await rm(folder, { recursive: true, force: true });
});

const LESION: Segment = {
  number: 3,
  name: 'Lesion',
  layer: 0,
  color: '#c04040',
  codes: {
    category: { value: '49755003', scheme: 'SCT', meaning: 'Morphologically Altered Structure' },
    type: { value: '52988006', scheme: 'SCT', meaning: 'Lesion' },
  },
  opacity: 0.5,
  display: 'both',
  visible: true,
  locked: false,
  origin: 'manual',
};

async function importFiles(files: readonly Buffer[]): Promise<string[]> {
  for (const [n, bytes] of files.entries()) await writeFile(join(folder, `in_${n}`), bytes);
  const result = await importPaths(temporary.vault, [folder], context);
  expect(result.failed).toBe(0);
  return [...result.series];
}

interface SegFrame {
  readonly position: number[];
  readonly sop: string | null;
  readonly frame: number | null;
  readonly pixels: number[];
}

/** Every third voxel is the lesion. */
async function segOf(seriesId: string) {
  const { geometry } = await loadVolume(temporary.vault, seriesId);
  const voxels = Uint8Array.from({ length: geometry.size[0] * geometry.size[1] * geometry.size[2] }, (_, n) =>
    n % 3 === 0 ? 3 : 0,
  );
  const layers = [{ size: geometry.size, voxels }];
  const { id } = await service.addResult({
    seriesId,
    geometry,
    name: 'Lesions',
    state: 'accepted',
    origin: 'manual',
    provenance: null,
    segments: [LESION],
    layers,
  });
  const { bytes } = await exportSegmentation(
    { vault: temporary.vault, segmentations: service },
    { segmentationId: id, format: 'dicom-seg' },
    context,
  );
  const file = join(folder, 'seg.dcm');
  await writeFile(file, bytes);
  const script = `
import sys, json, pydicom
d = pydicom.dcmread(sys.argv[1]); n = d.Rows * d.Columns; pixels = d.pixel_array.reshape(-1, n)
def source(g):
    if "DerivationImageSequence" not in g: return None, None
    s = g.DerivationImageSequence[0].SourceImageSequence[0]
    return s.ReferencedSOPInstanceUID, (int(s.ReferencedFrameNumber) if "ReferencedFrameNumber" in s else None)
frames = [{"position": [float(x) for x in g.PlanePositionSequence[0].ImagePositionPatient], "sop": source(g)[0], "frame": source(g)[1],
  "pixels": p.tolist()} for g, p in zip(d.PerFrameFunctionalGroupsSequence, pixels)]
m = d.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]
print(json.dumps({"frames": frames, "between": float(m.SpacingBetweenSlices), "series": d.ReferencedSeriesSequence[0].SeriesInstanceUID}))`;
  const seen: { frames: SegFrame[]; between: number; series: string } = JSON.parse(runPython(script, file));
  const perSlice = geometry.size[0] * geometry.size[1];
  seen.frames.forEach(({ pixels }, k) => {
    expect(pixels).toEqual([...voxels.subarray(k * perSlice, (k + 1) * perSlice)].map((v) => (v === 3 ? 1 : 0)));
  });
  expect(dicomErrors(file)).toEqual([]);
  return { ...seen, slices: geometry.size[2] };
}

testWith('pydicom', 'of an irregular series each frame lies where its image lies', async () => {
  const places = [0, 2, 4, 7, 9];
  const [id = ''] = await importFiles(syntheticStack(places));
  const { frames } = await segOf(id);
  expect(frames.map(({ position }) => position[2])).toEqual(places);
  expect(frames.map(({ sop }) => sop)).toEqual(places.map((_, n) => `1.2.3.1.${n + 1}`));
});

testWith(
  'pydicom',
  'of a tilted series each frame lies where its image lies, and the spacing is across the planes',
  async () => {
    const files = [0, 2, 4, 6].map((z, n) =>
      syntheticDicom({ sop: `1.2.3.1.${n + 1}`, instanceNumber: n + 1, position: [0, z / 4, z] }),
    );
    const [id = ''] = await importFiles(files);
    const { frames, between } = await segOf(id);
    expect(frames.map(({ position }) => position)).toEqual([0, 2, 4, 6].map((z) => [0, z / 4, z]));
    expect(between).toBeCloseTo(2, 6);
  },
);

testWith('pydicom', 'of the second stack of a series the file names the series as it was sent', async () => {
  const stack = (orientation: readonly number[], first: number) =>
    [0, 1, 2].map((n) =>
      syntheticDicom({
        sop: `1.2.3.1.${first + n}`,
        instanceNumber: first + n,
        orientation,
        position: orientation[4] === 1 ? [0, 0, 2 * n] : [0, 2 * n, 0],
      }),
    );
  const ids = await importFiles([...stack([1, 0, 0, 0, 1, 0], 1), ...stack([1, 0, 0, 0, 0, -1], 11)]);
  expect(ids).toHaveLength(2);
  for (const id of ids) {
    const { series, frames } = await segOf(id);
    expect(series).toBe('1.2.3.1');
    expect(frames.every(({ sop }) => sop !== null)).toBe(true);
  }
});

testWith('pydicom', 'of an enhanced multi-frame image each frame names the frame that it was drawn on', async () => {
  // Stored out of order: frame 2 is the lowest.
  const [id = ''] = await importFiles([enhanced([4, 0, 2])]);
  const { frames, slices } = await segOf(id);
  expect(slices).toBe(3);
  expect(frames.map(({ position }) => position[2])).toEqual([0, 2, 4]);
  expect(frames.map(({ frame }) => frame)).toEqual([2, 3, 1]);
  expect(new Set(frames.map(({ sop }) => sop))).toEqual(new Set(['1.2.9.1']));
});

/** An Enhanced CT of 4 × 4 pixels: each frame states its place in its functional groups. */
function enhanced(places: readonly number[]): Buffer {
  const item = (...elements: Buffer[]) => {
    const body = Buffer.concat(elements);
    const head = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
    head.writeUInt32LE(body.length, 4);
    return Buffer.concat([head, body]);
  };
  const sequence = (group: number, element: number, ...items: Buffer[]) =>
    dicomElement(group, element, 'SQ', Buffer.concat(items));
  const frames = places.map((z) =>
    item(sequence(0x0020, 0x9113, item(dicomElement(0x0020, 0x0032, 'DS', `0\\0\\${z}`)))),
  );
  const shared = item(
    sequence(0x0020, 0x9116, item(dicomElement(0x0020, 0x0037, 'DS', '1\\0\\0\\0\\1\\0'))),
    sequence(
      0x0028,
      0x9110,
      item(dicomElement(0x0018, 0x0050, 'DS', '2'), dicomElement(0x0028, 0x0030, 'DS', '0.5\\0.5')),
    ),
  );
  const pixels = Int16Array.from({ length: 16 * places.length }, (_, n) => n);
  const plain = syntheticDicom({ sop: '1.2.9.1', sopClass: '1.2.840.10008.5.1.4.1.1.2.1', series: '1.2.9', pixels });
  const pixelData = 12 + pixels.byteLength;
  return Buffer.concat([
    withFrameCount(plain.subarray(0, plain.length - pixelData), places.length),
    sequence(0x5200, 0x9229, shared),
    sequence(0x5200, 0x9230, ...frames),
    plain.subarray(plain.length - pixelData),
  ]);
}

/** Puts NumberOfFrames before Rows. */
function withFrameCount(head: Buffer, frames: number): Buffer {
  const rows = head.indexOf(Buffer.from([0x28, 0x00, 0x10, 0x00]));
  return Buffer.concat([
    head.subarray(0, rows),
    dicomElement(0x0028, 0x0008, 'IS', String(frames)),
    head.subarray(rows),
  ]);
}
