import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExportFormat } from '#contract/schemas/exportResult.ts';
import type { Provenance } from '#contract/schemas/provenance.ts';
import type { SegmentationDetail } from '#contract/schemas/segmentation.ts';
import { writeNifti } from '#core/formats/nifti.ts';
import { readStl } from '#core/formats/stl.ts';
import { meshVolumeMl } from '#core/meshing/surfaceMesh.ts';
import { PHANTOM_LABEL, PHANTOM_STRUCTURES } from '#core/phantom/phantomStructures.ts';
import { phantomVolume } from '#core/phantom/phantomVolume.ts';
import type { Segment } from '#core/segmentation/segment.ts';
import { writePhantomDicom } from '../demo/phantomDicom.ts';
import { importPaths } from '../import/importPaths.ts';
import { SegmentationService } from '../segmentations/segmentationService.ts';
import { loadVolume } from '../studies/loadVolume.ts';
import { type TemporaryVault, temporaryVault } from '../vault/temporaryVault.ts';
import { exportSegmentation } from './exportSegmentation.ts';
import { dicomErrors, runPython, runTool, testWith } from './externalTools.ts';

const options = { size: [60, 44, 20], spacingMm: [5.8, 6.1, 12] } as const;
const phantom = phantomVolume(options);
const context = { signal: new AbortController().signal, progress: () => {} };

let folder = '';
let dicom: string[] = [];
let temporary: TemporaryVault;
let service: SegmentationService;

const provenance: Provenance = {
  modelId: 'torso',
  modelName: 'Torso organs',
  modelVersion: '1.2.0',
  sha256: 'a1b2c3d4e5f60718'.repeat(4),
  provider: 'cpu',
  seconds: 3.4,
  trace: [],
  at: '2026-11-25T03:00:00.000Z',
  operator: 'Tester',
  region: { aroundLps: [1, -2.5, 30], start: [0, 0, 0], size: [9, 8, 7] },
  warnings: [{ code: 'model/test', message: 'What the window said of it.' }],
};

/** Liver (4) and spleen (7) on the first layer, and on a second one a ball (9) that overlaps the liver. */
function segmentsOf(layered: boolean): {
  segments: Segment[];
  layers: { size: typeof options.size; voxels: Uint8Array }[];
} {
  const segment = (number: number, layer: number, change: Partial<Segment> = {}): Segment => {
    const structure = PHANTOM_STRUCTURES.find((s) => s.number === number);
    if (!structure) throw new RangeError('no such structure');
    return {
      ...structure,
      layer,
      opacity: 0.5,
      display: 'both',
      visible: true,
      locked: false,
      origin: 'model',
      ...change,
    };
  };
  const organs = phantom.truth.voxels.map((v) => (v === PHANTOM_LABEL.liver || v === PHANTOM_LABEL.spleen ? v : 0));
  const shifted = organs.map((_, at) => (organs[at - 4] === PHANTOM_LABEL.liver ? 9 : 0));
  const segments = [
    segment(PHANTOM_LABEL.liver, 0, { name: 'Печень, ήπαρ, wątroba' }),
    segment(PHANTOM_LABEL.spleen, 0, { origin: 'preset' }),
  ];
  const layers = [{ size: options.size, voxels: Uint8Array.from(organs) }];
  if (!layered) return { segments, layers };
  return {
    segments: [...segments, segment(9, 1, { name: 'Margin', origin: 'manual' })],
    layers: [...layers, { size: options.size, voxels: Uint8Array.from(shifted) }],
  };
}

async function added(
  layered: boolean,
  seriesId: string,
  state: 'proposed' | 'accepted' = 'accepted',
): Promise<SegmentationDetail> {
  const { geometry } = await loadVolume(temporary.vault, seriesId);
  return service.addResult({
    seriesId,
    geometry,
    name: 'Torso',
    state,
    origin: 'model',
    provenance,
    ...segmentsOf(layered),
  });
}

async function exported(id: string, format: ExportFormat, name: string, segment?: number) {
  const request = { segmentationId: id, format, ...(segment !== undefined && { segment }) };
  const result = await exportSegmentation({ vault: temporary.vault, segmentations: service }, request, context);
  const file = join(folder, name);
  await writeFile(file, result.bytes);
  return { ...result, file };
}

let seriesId = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lantern-export-'));
  temporary = await temporaryVault();
  service = new SegmentationService(temporary.vault);
  dicom = await writePhantomDicom(join(folder, 'dicom'), undefined, options);
  const result = await importPaths(temporary.vault, [join(folder, 'dicom')], context);
  seriesId = result.series[0] ?? '';
});
afterAll(async () => {
  await service.close();
  await temporary.dispose();
  await rm(folder, { recursive: true, force: true });
});

describe('exportSegmentation', () => {
  test('refuses a proposal that nobody accepted', async () => {
    const { id } = await added(false, seriesId, 'proposed');
    await expect(exported(id, 'nifti', 'p.nii.gz')).rejects.toMatchObject({ code: 'export/proposal-not-accepted' });
    await service.accept(id);
    await expect(exported(id, 'nifti', 'p.nii.gz')).resolves.toBeDefined();
  });

  test('writes the act into the audit', async () => {
    const { id } = await added(false, seriesId);
    await exported(id, 'nrrd', 'audit.nrrd');
    const row = temporary.vault.db
      .prepare("SELECT detail FROM audit WHERE action = 'export.write' AND subject = ?")
      .get(id);
    expect(JSON.parse((row as { detail: string }).detail)).toMatchObject({ format: 'nrrd', segments: [4, 7] });
  });

  test('stops when it is cancelled', async () => {
    const { id } = await added(false, seriesId);
    const signal = AbortSignal.abort(new Error('cancelled'));
    const run = exportSegmentation(
      { vault: temporary.vault, segmentations: service },
      { segmentationId: id, format: 'stl' },
      { ...context, signal },
    );
    await expect(run).rejects.toThrow('cancelled');
  });

  test('refuses masks of overlapping segments and takes one of them', async () => {
    const { id } = await added(true, seriesId);
    await expect(exported(id, 'nifti', 'o.nii.gz')).rejects.toMatchObject({ code: 'export/overlap' });
    await expect(exported(id, 'nifti', 'o.nii.gz', 9)).resolves.toMatchObject({ suggestedName: 'torso-margin.nii.gz' });
    await expect(exported(id, 'nifti', 'o.nii.gz', 12)).rejects.toMatchObject({ code: 'segmentation/unknown-segment' });
  });

  test('names an empty segmentation', async () => {
    const { geometry } = await loadVolume(temporary.vault, seriesId);
    const { id } = await service.create({ seriesId, name: 'Nothing', geometry });
    await expect(exported(id, 'stl', 'n.stl')).rejects.toMatchObject({ code: 'export/empty' });
  });

  test('keeps the volume of the mask in its smoothed surface, and states it', async () => {
    const { id } = await added(false, seriesId);
    const { bytes, notes } = await exported(id, 'stl', 'spleen.stl', PHANTOM_LABEL.spleen);
    const voxels = phantom.truth.voxels.filter((v) => v === PHANTOM_LABEL.spleen).length;
    const maskMl = (voxels * 5.8 * 6.1 * 12) / 1000;
    expect(Math.abs(meshVolumeMl(readStl(bytes)) / maskMl - 1)).toBeLessThan(0.001);
    expect(notes.join(' ')).toContain(`Spleen: the mask holds ${maskMl.toFixed(1)} ml`);
    expect(notes.join(' ')).toContain(`${maskMl.toFixed(1)} ml as written`);
  });

  testWith('nibabel', 'gives nibabel the segment numbers on the grid of the series', async () => {
    const { id } = await added(false, seriesId);
    const { file } = await exported(id, 'nifti', 'mask.nii.gz');
    const script = `
import sys, json, nibabel, numpy
i = nibabel.load(sys.argv[1]); d = numpy.asanyarray(i.dataobj)
print(json.dumps({"affine": i.affine.tolist(), "dtype": str(d.dtype), "shape": d.shape, "voxels": d.ravel(order="F").tolist()}))`;
    const seen = JSON.parse(runPython(script, file));
    const { originLps: o, spacingMm: s } = phantom.volume.geometry;
    expect(seen.dtype).toBe('uint8');
    expect(seen.shape).toEqual([...options.size]);
    expect(seen.voxels).toEqual([...(segmentsOf(false).layers[0]?.voxels ?? [])]);
    const affine = [
      [-s[0], 0, 0, -o[0]],
      [0, -s[1], 0, -o[1]],
      [0, 0, s[2], o[2]],
      [0, 0, 0, 1],
    ];
    for (const [n, x] of seen.affine.flat().entries()) expect(x).toBeCloseTo(affine.flat()[n] ?? 0, 3);
  });

  test('names the segments for 3D Slicer in an NRRD header', async () => {
    const { id } = await added(false, seriesId);
    const { bytes } = await exported(id, 'nrrd', 'mask.nrrd');
    const header = Buffer.from(bytes).toString('utf8').split('\n\n')[0];
    expect(header).toContain('space: left-posterior-superior');
    expect(header).toContain('Segment0_LabelValue:=4');
    expect(header).toContain('Segment1_Name:=Spleen');
    expect(header).toContain('Segment1_Color:=0.615686 0.435294 0.690196');
  });
});

const SEG_SCRIPT = `
import sys, json, pydicom, numpy
d = pydicom.dcmread(sys.argv[1]); size = json.loads(sys.argv[2]); origin = json.loads(sys.argv[3]); spacing = json.loads(sys.argv[4])
src = {pydicom.dcmread(f, stop_before_pixels=True).SOPInstanceUID: float(pydicom.dcmread(f, stop_before_pixels=True).ImagePositionPatient[2]) for f in sys.argv[5:]}
out = numpy.zeros((len(d.SegmentSequence), size[2], size[1], size[0]), int); resolved = 0
frames = d.pixel_array.reshape(-1, size[1], size[0])
for f, per in zip(frames, d.PerFrameFunctionalGroupsSequence):
    p = per.PlanePositionSequence[0].ImagePositionPatient
    out[per.SegmentIdentificationSequence[0].ReferencedSegmentNumber - 1, round((float(p[2]) - origin[2]) / spacing[2])] = f
    if "DerivationImageSequence" in per:
        r = per.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID
        resolved += abs(src[r] - float(p[2])) < 1e-3
print(json.dumps({"voxels": [s.ravel().tolist() for s in out], "frames": len(frames), "resolved": resolved,
  "patient": [str(d.PatientName), d.PatientID], "study": d.StudyInstanceUID, "frame": d.FrameOfReferenceUID, "overlap": d.SegmentsOverlap,
  "labels": [s.SegmentLabel for s in d.SegmentSequence], "algorithms": [s.SegmentAlgorithmType for s in d.SegmentSequence],
  "codes": [s.SegmentedPropertyTypeCodeSequence[0].CodeValue for s in d.SegmentSequence], "software": d.SoftwareVersions,
  "equipment": d.ContributingEquipmentSequence[0].Manufacturer, "uid": d.SOPInstanceUID}))`;

function readSeg(file: string) {
  const { originLps, spacingMm } = phantom.volume.geometry;
  return JSON.parse(
    runPython(SEG_SCRIPT, file, ...[options.size, originLps, spacingMm].map((v) => JSON.stringify(v)), ...dicom),
  );
}

describe('DICOM SEG', () => {
  testWith('dciodvfy', 'has no error for dciodvfy', async () => {
    const { id } = await added(true, seriesId);
    expect(dicomErrors((await exported(id, 'dicom-seg', 'valid.dcm')).file)).toEqual([]);
  });

  testWith('pydicom', 'gives pydicom every voxel, overlaps too, and source images that resolve', async () => {
    const { id } = await added(true, seriesId);
    const { file, notes } = await exported(id, 'dicom-seg', 'seg.dcm');
    const seen = readSeg(file);
    const { segments, layers } = segmentsOf(true);
    segments.forEach(({ number, layer }, n) => {
      expect(seen.voxels[n]).toEqual([...(layers[layer]?.voxels ?? [])].map((v) => (v === number ? 1 : 0)));
    });
    expect(seen.resolved).toBe(seen.frames);
    expect(seen.patient).toEqual(['Demonstration^Phantom', 'LANTERN-DEMO']);
    expect(seen.labels).toEqual(['Печень, ήπαρ, wątroba', 'Spleen', 'Margin']);
    expect(seen.algorithms).toEqual(['AUTOMATIC', 'SEMIAUTOMATIC', 'MANUAL']);
    expect(seen.codes).toEqual(['10200004', '78961009', '15776009']);
    expect(seen.overlap).toBe('YES');
    expect([seen.equipment, seen.uid.slice(0, 5)]).toEqual(['Lantern', '2.25.']);
    expect(notes.join(' ')).toContain('4 became 1, 7 became 2, 9 became 3');
  });

  testWith('pydicom', 'is made for a series from NIfTI too, and says what it lacks', async () => {
    await mkdir(join(folder, 'nifti'), { recursive: true });
    await writeFile(join(folder, 'nifti', 'torso.nii'), writeNifti(phantom.volume));
    const result = await importPaths(temporary.vault, [join(folder, 'nifti')], context);
    const { id } = await added(false, result.series[0] ?? '');
    const { file, notes } = await exported(id, 'dicom-seg', 'from-nifti.dcm');
    const seen = readSeg(file);
    expect(seen.resolved).toBe(0);
    expect(seen.frame).toMatch(/^2\.25\.\d+$/);
    expect(seen.voxels[0]).toEqual([...(segmentsOf(false).layers[0]?.voxels ?? [])].map((v) => (v === 4 ? 1 : 0)));
    expect(notes.join(' ')).toContain('did not come as DICOM');
    expect(dicomErrors(file)).toEqual([]);
  });

  test('leaves nothing behind in the scratch folder', async () => {
    expect(await readdir(await temporary.vault.scratchFolder())).toEqual([]);
  });
});

describe('PDF report', () => {
  testWith('pdftotext', 'names patient, segments, volumes, model and study on its pages', async () => {
    const { id } = await added(true, seriesId);
    const { file } = await exported(id, 'pdf', 'report.pdf');
    const text = runTool('pdftotext', ['-layout', file, '-']).replace(/\s+/g, ' ');
    for (const words of [
      'Demonstration',
      'LANTERN-DEMO',
      'Печень, ήπαρ, wątroba',
      'Spleen',
      'SCT 78961009',
      'Torso organs',
      'a1b2c3d4e5f6',
      'What the window said of it.',
      'Only 9 × 8 × 7 voxels around (1.0, -2.5, 30.0) mm',
      'not a cleared medical device',
      'Page 1 of',
    ]) {
      expect(text).toContain(words);
    }
    expect(runTool('pdfimages', ['-list', file]).split('\n').length).toBeGreaterThan(6);
  });

  testWith('pdftotext', 'writes characters that its font lacks as numbers and says so', async () => {
    const { id } = await added(false, seriesId);
    await service.rename(id, '肝 liver');
    const { file, notes } = await exported(id, 'pdf', 'cjk.pdf');
    expect(runTool('pdftotext', ['-layout', file, '-'])).toContain('[U+809D] liver');
    expect(notes.join(' ')).toContain('Unicode numbers');
  });
});
