/** Instances that share voxels, from the network through a person's word into files that other programs read. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ExportResult } from '#contract/schemas/exportResult.ts';
import { inferenceResult } from '#contract/schemas/inference.ts';
import type { SegmentationDetail } from '#contract/schemas/segmentation.ts';
import { BANDS_INSTANCES, bandsNetwork } from '#core/inference/onnx/bandsNetwork.ts';
import { dicomErrors, runPython, testWith } from '../export/externalTools.ts';
import { syntheticDicom } from '../import/syntheticDicom.ts';
import { writeTestPack } from '../inference/testPack.ts';
import { createHost, type Host } from './createHost.ts';
import { hostCalls } from './hostCalls.ts';

/** A slice: a digit stands for hundreds. 1 is in the first band alone, 2 in the first and the second, 3 in the second, 6 in the third. */
const SLICES = [
  ['..........', '..........', '..........', '..........'],
  ['..111.....', '..1122....', '......33..', '.....66...'],
  ['..111122..', '..111223..', '...12233..', '....66....'],
  ['..1122....', '..1122333.', '....223...', '..........'],
  ['..........', '....333...', '.....33...', '........6.'],
];
const BANDS = [
  [50, 250],
  [150, 350],
  [550, 650],
] as const;
const values = SLICES.flatMap((rows) => rows.flatMap((row) => [...row].map((c) => (c === '.' ? 0 : 100 * Number(c)))));
/** What each instance holds: the third band's things do not touch from the third slice on, so they are two. */
const inBand = (n: number) => values.map((v) => (v > BANDS[n]![0] && v < BANDS[n]![1] ? 1 : 0));

let scratch = '';
let host: Host;
let seriesId = '';
let accepted: SegmentationDetail;

const { call, job } = hostCalls(() => host);

async function proposed(): Promise<SegmentationDetail> {
  const { result } = await job('inference/run', { seriesId, modelId: 'bands' });
  return call('segmentations/get', { id: inferenceResult.parse(result).segmentationId });
}

async function exported(format: string, name: string, segment?: number, { id } = accepted) {
  const file = join(scratch, name);
  const done = await job('exports/start', { segmentationId: id, format, file, ...(segment && { segment }) });
  return { file, error: done.error, notes: (done.result as ExportResult | null)?.notes ?? [] };
}

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'lantern-instances-'));
  await mkdir(join(scratch, 'study'));
  for (const [k, rows] of SLICES.entries()) {
    const [nj, ni] = [rows.length, rows[0]?.length ?? 0];
    const pixels = Int16Array.from(values.slice(k * ni * nj, (k + 1) * ni * nj));
    const about = {
      sop: `1.2.3.1.${k + 1}`,
      instanceNumber: k + 1,
      position: [0, 0, 2 * k],
      frameOfReference: '1.2.9',
    };
    const slice = syntheticDicom({ ...about, patientId: 'SYN-1', rows: nj, columns: ni, pixels, intercept: '0' });
    await writeFile(join(scratch, 'study', `image_${k}.dcm`), slice);
  }
  const output = { kind: 'instances', activation: 'none', instances: BANDS_INSTANCES } as const;
  writeTestPack(join(scratch, 'models'), 'bands', { input: { dimensions: 2 }, output }, bandsNetwork(BANDS));
  host = await createHost({ vaultFolder: join(scratch, 'vault'), modelFolders: [join(scratch, 'models')] });
  await call('vault/create', { name: 'Clinic', userName: 'Dr Test', passphrase: 'a quiet lantern at night' });
  const { result } = await job('imports/start', { paths: [join(scratch, 'study')] });
  seriesId = (result as { series: string[] }).series[0] ?? '';
  const { id } = await proposed();
  await call('segmentations/accept', { id });
  accepted = await call('segmentations/get', { id });
});
afterAll(async () => {
  await host?.close();
  await rm(scratch, { recursive: true, force: true });
});

test('every instance is a segment of its own, those that share voxels on different layers', () => {
  expect(accepted.segments.map(({ name, layer, origin }) => [name, layer, origin])).toEqual([
    ['Bright 1', 0, 'model'],
    ['Bright 2', 1, 'model'],
    ['Bright 3', 0, 'model'],
    ['Bright 4', 0, 'model'],
  ]);
  const counts = [inBand(0), inBand(1)].map((mask) => mask.reduce<number>((sum, v) => sum + v, 0));
  expect(accepted.voxels).toMatchObject({ 1: counts[0], 2: counts[1], 3: 4, 4: 1 });
  expect(accepted.provenance?.instances).toHaveLength(4);
});

const SEG_SCRIPT = `
import sys, json, pydicom, numpy
d = pydicom.dcmread(sys.argv[1]); nk = int(sys.argv[2])
src = {s.SOPInstanceUID: float(s.ImagePositionPatient[2]) for s in (pydicom.dcmread(f, stop_before_pixels=True) for f in sys.argv[3:])}
out = numpy.zeros((len(d.SegmentSequence), nk, d.Rows, d.Columns), int); resolved = 0
for f, per in zip(d.pixel_array.reshape(-1, d.Rows, d.Columns), d.PerFrameFunctionalGroupsSequence):
    z = float(per.PlanePositionSequence[0].ImagePositionPatient[2])
    out[per.SegmentIdentificationSequence[0].ReferencedSegmentNumber - 1, round(z / 2)] = f
    resolved += abs(src[per.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID] - z) < 1e-3
print(json.dumps({"voxels": [s.ravel().tolist() for s in out], "frames": int(d.NumberOfFrames), "resolved": resolved, "overlap": d.SegmentsOverlap,
  "labels": [s.SegmentLabel for s in d.SegmentSequence], "algorithms": [s.SegmentAlgorithmType + " " + s.SegmentAlgorithmName for s in d.SegmentSequence],
  "study": d.StudyInstanceUID, "frame": d.FrameOfReferenceUID}))`;

function readSeg(file: string) {
  const sources = SLICES.map((_, k) => join(scratch, 'study', `image_${k}.dcm`));
  return JSON.parse(runPython(SEG_SCRIPT, file, String(SLICES.length), ...sources));
}

testWith(
  'pydicom',
  'DICOM SEG gives pydicom each instance as a segment, with the voxels that two of them share',
  async () => {
    const { file, error } = await exported('dicom-seg', 'all.dcm');
    expect(error).toBeNull();
    const seen = readSeg(file);
    expect(seen).toMatchObject({ overlap: 'YES', study: '1.2.3', frame: '1.2.9', resolved: seen.frames });
    expect(seen.labels).toEqual(['Bright 1', 'Bright 2', 'Bright 3', 'Bright 4']);
    expect(seen.algorithms[0]).toMatch(/^AUTOMATIC Threshold/);
    const [first, second, third, fourth] = seen.voxels as number[][];
    expect(first).toEqual(inBand(0));
    expect(second).toEqual(inBand(1));
    expect(third?.map((v, n) => v + (fourth?.[n] ?? 0))).toEqual(inBand(2));
    expect(fourth?.indexOf(1)).toBe(values.lastIndexOf(600));
    const shared = first?.filter((v, n) => v === 1 && second?.[n] === 1).length;
    expect(shared).toBe(values.filter((v) => v === 200).length);
  },
);

testWith('dciodvfy', 'it has no error for dciodvfy', async () => {
  expect(dicomErrors((await exported('dicom-seg', 'valid.dcm')).file)).toEqual([]);
});

test.each(['nifti', 'nrrd'])('%s refuses instances that share voxels, with what to do instead', async (format) => {
  const { error } = await exported(format, `all.${format}`);
  expect(error).toMatchObject({ code: 'export/overlap', hint: expect.stringContaining('DICOM SEG') });
});

testWith('nibabel', 'one segment at a time, NIfTI holds the shared voxels in both files', async () => {
  const script = `
import sys, json, nibabel, numpy
print(json.dumps(numpy.asanyarray(nibabel.load(sys.argv[1]).dataobj).ravel(order="F").tolist()))`;
  for (const number of [1, 2]) {
    const { file, error } = await exported('nifti', `one-${number}.nii.gz`, number);
    expect(error).toBeNull();
    expect(JSON.parse(runPython(script, file))).toEqual(inBand(number - 1).map((v) => v * number));
  }
});

testWith(
  'pydicom',
  'accepted in part, only what was taken is handed over, and as a mask where it no longer overlaps',
  async () => {
    const { id, segments } = await proposed();
    const kept = segments.filter(({ name }) => name !== 'Bright 1').map(({ number }) => number);
    await call('segmentations/accept', { id, segments: kept });
    const part = await call<SegmentationDetail>('segmentations/get', { id });
    const seg = await exported('dicom-seg', 'part.dcm', undefined, part);
    const seen = readSeg(seg.file);
    expect(seen).toMatchObject({ overlap: 'NO', labels: ['Bright 2', 'Bright 3', 'Bright 4'] });
    expect(seen.voxels[0]).toEqual(inBand(1));
    expect(seg.notes.join(' ')).toContain('2 became 1, 3 became 2, 4 became 3');
    expect((await exported('nrrd', 'part.nrrd', undefined, part)).error).toBeNull();
  },
);
