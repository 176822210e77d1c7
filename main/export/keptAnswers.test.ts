import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ExportFormat } from '#contract/schemas/exportResult.ts';
import type { Provenance } from '#contract/schemas/provenance.ts';
import { readNifti } from '#core/formats/nifti.ts';
import { phantomVolume } from '#core/phantom/phantomVolume.ts';
import { diffLabelmaps } from '#core/segmentation/delta.ts';
import { encodeEdit } from '#core/segmentation/editPacket.ts';
import { newSegment } from '#core/segmentation/segmentEdits.ts';
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
const voxelsPerSlice = 60 * 44;

/** Points of both kinds and a name that a text format has to escape. */
const origin = {
  modelId: 'prompt',
  modelName: 'Point “at” a\\structure',
  modelVersion: '0.2.0',
  sha256: 'c0ffee12'.repeat(8),
  provider: 'cpu',
  seconds: 0.4,
  trace: [
    {
      step: 'prompt',
      points: [
        { pointLps: [-12.5, 30, 110], inside: true },
        { pointLps: [40, 31, 110], inside: false },
      ],
      boxLps: null,
    },
    { step: 'slices', plane: 'axial', first: 3, last: 3, prompted: 3 },
  ],
  warnings: [],
};

let folder = '';
let temporary: TemporaryVault;
let service: SegmentationService;
let seriesId = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lantern-kept-'));
  temporary = await temporaryVault();
  service = new SegmentationService(temporary.vault);
  await writePhantomDicom(join(folder, 'dicom'), undefined, options);
  const result = await importPaths(temporary.vault, [join(folder, 'dicom')], context);
  seriesId = result.series[0] ?? '';
});
afterAll(async () => {
  await service.close();
  await temporary.dispose();
  await rm(folder, { recursive: true, force: true });
});

/** Two segments: one drawn by hand, and one in which what was pointed at is kept. @returns its id and the origin as it is stored */
async function kept(): Promise<{ id: string; provenance: Provenance }> {
  const { geometry } = await loadVolume(temporary.vault, seriesId);
  const drawn = newSegment([], { name: 'Drawn' });
  const segments = [drawn, newSegment([drawn], { name: 'Outlined 1' })];
  const layer = { size: options.size, voxels: new Uint8Array(phantom.truth.voxels.length).fill(1, 0, 50) };
  const result = { seriesId, geometry, name: 'Mixed', segments, layers: [layer] };
  const added = await service.addResult({ ...result, state: 'accepted', origin: 'manual', provenance: null });
  const from = 3 * voxelsPerSlice;
  const after = { size: options.size, voxels: layer.voxels.slice().fill(2, from, from + 200) };
  const edit = { code: 'prompt/keep', label: 'Smart click', source: 'model', segmentsBefore: null, segmentsAfter: null } as const; // biome-ignore format: one line
  const deltas = [{ layer: 0, delta: diffLabelmaps(layer, after) }];
  const { savedAt } = await service.commit(added.id, 0, encodeEdit({ ...edit, deltas, origin }));
  return { id: added.id, provenance: { ...origin, at: savedAt, operator: temporary.vault.user.name } };
}

/** A proposal of the same model, accepted. */
async function proposed(): Promise<string> {
  const { geometry } = await loadVolume(temporary.vault, seriesId);
  const segments = [newSegment([], { name: 'Followed', origin: 'model' })];
  const layers = [{ size: options.size, voxels: new Uint8Array(phantom.truth.voxels.length).fill(1, 0, 50) }];
  const provenance = { ...origin, at: '2026-11-25T03:00:00.000Z', operator: 'Tester' };
  const result = { seriesId, geometry, name: 'Followed', segments, layers, provenance };
  return (await service.addResult({ ...result, state: 'accepted', origin: 'model' })).id;
}

async function exported(segmentationId: string, format: ExportFormat, name: string) {
  const { bytes } = await exportSegmentation(
    { vault: temporary.vault, segmentations: service },
    { segmentationId, format },
    context,
  );
  const file = join(folder, name);
  await writeFile(file, bytes);
  return { bytes, file };
}

test('NRRD: the header carries the whole origin of what was pointed at, and none for what was drawn', async () => {
  const { id, provenance } = await kept();
  const { bytes } = await exported(id, 'nrrd', 'kept.nrrd');
  const lines = Buffer.from(bytes).toString('latin1').split('\n\n')[0]?.split('\n') ?? [];
  const values = lines.filter((line) => /_Origin:=/.test(line));
  expect(values).toHaveLength(1);
  const [key = '', value = ''] = values[0]?.split(':=') ?? [];
  expect(key).toBe('Segment1_Origin');
  expect(JSON.parse(value.replaceAll('\\\\', '\\'))).toEqual({ origins: [provenance] });
});

testWith('nibabel', 'NIfTI: nibabel reads the origin from the extension, and the mask as before', async () => {
  const { id, provenance } = await kept();
  const { file, bytes } = await exported(id, 'nifti', 'kept.nii.gz');
  const script = `
import sys, json, nibabel, numpy
i = nibabel.load(sys.argv[1]); d = numpy.asanyarray(i.dataobj)
print(json.dumps({"extensions": [[e.get_code(), e.get_content().decode() if isinstance(e.get_content(), bytes) else e.get_content()] for e in i.header.extensions],
  "counts": [int((d == n).sum()) for n in (0, 1, 2)], "at": int(d.ravel(order="F")[${3 * voxelsPerSlice}])}))`;
  const seen = JSON.parse(runPython(script, file));
  expect(seen.counts).toEqual([60 * 44 * 20 - 250, 50, 200]);
  expect(seen.at).toBe(2);
  const [[code, content]] = seen.extensions;
  expect(code).toBe(6);
  expect(JSON.parse(content.replace(/\0+$/, ''))).toEqual({ LanternOrigin: { '2': { origins: [provenance] } } });
  expect(readNifti(bytes).scalars.filter((v) => v === 2)).toHaveLength(200);
});

const SEG_SCRIPT = `
import sys, json, pydicom
d = pydicom.dcmread(sys.argv[1])
print(json.dumps([{"type": s.SegmentAlgorithmType, "name": s.get("SegmentAlgorithmName"), "description": s.get("SegmentDescription"),
  "family": [a.AlgorithmFamilyCodeSequence[0].CodeValue for a in s.get("SegmentationAlgorithmIdentificationSequence", [])],
  "version": [a.AlgorithmVersion for a in s.get("SegmentationAlgorithmIdentificationSequence", [])],
  "parameters": [a.AlgorithmParameters for a in s.get("SegmentationAlgorithmIdentificationSequence", [])]} for s in d.SegmentSequence]))`;

testWith('pydicom', 'DICOM SEG: names the model, and holds hash, provider, operator, time and clicks', async () => {
  const { id, provenance } = await kept();
  const { file } = await exported(id, 'dicom-seg', 'kept.dcm');
  const [drawn, outlined] = JSON.parse(runPython(SEG_SCRIPT, file));
  expect(drawn).toMatchObject({ type: 'MANUAL', name: null, description: null, parameters: [] });
  expect(outlined).toMatchObject({
    ...{ type: 'SEMIAUTOMATIC', name: 'Point “at” a structure 0.2.0', family: ['123109'], version: ['0.2.0'] },
    description: 'A person pointed (axial): inside at (-12.5, 30.0, 110.0); outside at (40.0, 31.0, 110.0), LPS mm.',
  });
  expect(JSON.parse(outlined.parameters[0])).toEqual({ origins: [provenance] });
});

testWith('pydicom', 'DICOM SEG: a proposal that somebody pointed at is no automatic one', async () => {
  const { file } = await exported(await proposed(), 'dicom-seg', 'proposed.dcm');
  const [followed] = JSON.parse(runPython(SEG_SCRIPT, file));
  expect(followed).toMatchObject({ type: 'SEMIAUTOMATIC', version: ['0.2.0'] });
  expect(followed.description).toContain('inside at (-12.5, 30.0, 110.0)');
});

testWith('dciodvfy', 'DICOM SEG: dciodvfy finds no error', async () => {
  expect(dicomErrors((await exported((await kept()).id, 'dicom-seg', 'valid.dcm')).file)).toEqual([]);
});

testWith(
  'pdftotext',
  'the report tells which model outlined the segment, for whom, and where was pointed',
  async () => {
    const { id, provenance } = await kept();
    const { file } = await exported(id, 'pdf', 'kept.pdf');
    const text = runTool('pdftotext', ['-layout', file, '-']).replace(/\s+/g, ' ');
    for (const words of [
      'outlined by the model where',
      'Outlined 1: Point “at” a\\structure, version 0.2.0 (prompt), weights c0ffee12c0ff, run on cpu in 0.4 s at',
      `by ${provenance.operator}. A person pointed (axial): inside at (-12.5, 30.0, 110.0); outside at (40.0, 31.0,`,
    ]) {
      expect(text).toContain(words);
    }
  },
);
