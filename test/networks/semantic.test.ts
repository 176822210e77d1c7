import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ort from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orientRecord, orientVolume } from '#core/inference/orient.ts';
import type { Volume } from '#core/volume/volume.ts';
import { InferenceService } from '../../main/inference/inferenceService.ts';
import { testContext, writeTestPack } from '../../main/inference/testPack.ts';
import { canExport, exported, exportedVolume, floatsOf } from './exported.ts';

interface Case {
  readonly name: string;
  readonly dimensions: 2 | 3;
  readonly neighbours: number;
  readonly window: [number, number, number] | null;
  readonly input: number[];
}

const NAMES = [
  'fcn',
  'unet2d',
  'unet2d-windows',
  'unet2.5d',
  'segnet-unpool',
  'segnet-scatter',
  'resnet',
  'densenet',
  'unet3d',
  'meshnet',
];
const present = canExport('semantic networks exported by PyTorch', 'torch');

describe.skipIf(!present)('a semantic network exported by PyTorch', () => {
  let networks = '';
  let packs = '';
  let service: InferenceService;
  let cases: Case[] = [];
  let volume: Volume;

  beforeAll(() => {
    networks = exported('semantic.py');
    packs = mkdtempSync(join(tmpdir(), 'lantern-semantic-'));
    service = new InferenceService({ modelFolders: [packs] });
    const read = JSON.parse(readFileSync(join(networks, 'cases.json'), 'utf8')) as {
      cases: Case[];
      size: [number, number, number];
    };
    cases = read.cases;
    volume = exportedVolume(networks, read.size);
    for (const { name, dimensions, neighbours, window } of cases) writePack(name, dimensions, neighbours, window);
  });
  afterAll(async () => {
    await service?.close();
    rmSync(packs, { recursive: true, force: true });
  });

  function writePack(name: string, dimensions: 2 | 3, neighbours: number, size: Case['window']): void {
    const class2 = { value: 2, name: 'Dark', color: '#00ccff', codes: CODES };
    const class1 = { value: 1, name: 'Bright', color: '#ffcc00', codes: CODES };
    const changes = {
      input: { dimensions, neighbours, normalisation: { kind: 'z-score', over: 'volume' } as const },
      window: { size, overlap: 0.5, blending: 'gaussian' as const },
      classes: [{ value: 0, name: 'Background' }, class1, class2],
    };
    writeTestPack(packs, name, changes, readFileSync(join(networks, `${name}.onnx`)));
  }

  it('is one of those that the script exports', () => {
    expect(cases.map(({ name }) => name)).toEqual(NAMES);
  });

  it.each(NAMES)(
    '%s answers with torch’s numbers, and gives the mask of an independent sliding window',
    async (name) => {
      const { input } = cases.find((c) => c.name === name) as Case;
      const session = await ort.InferenceSession.create(join(networks, `${name}.onnx`), { logSeverityLevel: 4 });
      const image = new ort.Tensor('float32', floatsOf(join(networks, `${name}.window.f32`)), input);
      const scores = (await session.run({ image }))['scores']?.data as Float32Array;
      const torch = floatsOf(join(networks, `${name}.scores.f32`));
      expect(scores.length).toBe(torch.length);
      const scale = Math.max(...torch.map(Math.abs));
      expect(Math.max(...scores.map((x, n) => Math.abs(x - (torch[n] ?? 0)))) / scale).toBeLessThan(1e-3);

      const wanted = readFileSync(join(networks, `${name}.labels.u8`));
      const { labelmap } = await service.run({ modelId: name, volume, modality: 'CT' }, testContext());
      let wrong = 0;
      for (const [n, label] of labelmap.voxels.entries()) if (label !== wanted[n]) wrong++;
      expect(wrong / wanted.length).toBeLessThan(0.001);
    },
  );

  it('of slices reads the slices that its manifest means, however the series lies', async () => {
    const run = async (v: Volume) =>
      (await service.run({ modelId: 'unet2.5d', volume: v, modality: 'CT' }, testContext())).labelmap.voxels;
    const mask = await run(volume);
    const turn = orientRecord(volume.geometry, 'SRA');
    const turned = await run(orientVolume(volume, turn));
    const expected = orientVolume({ ...volume, scalars: mask }, turn).scalars;
    const differ = Array.from(turned).reduce((sum: number, label, n) => sum + (label === expected[n] ? 0 : 1), 0);
    // The sum for mean and deviation runs in another order.
    expect(differ / mask.length).toBeLessThan(0.001);
  });

  it('is shown flipped, and its answers are averaged', async () => {
    const answer = await service.run({ modelId: 'unet2d', volume, modality: 'CT', flips: true }, testContext());
    expect(answer.provenance.flippedAxes).toEqual(['left-right']);
  });

  it('runs on a single slice when it reads slices, and is refused there when it reads volumes', async () => {
    const [ni, nj] = volume.geometry.size;
    const slice: Volume = {
      geometry: { ...volume.geometry, size: [ni, nj, 1] },
      scalars: (volume.scalars as Int16Array).slice(0, ni * nj),
    };
    const { labelmap } = await service.run({ modelId: 'unet2d', volume: slice, modality: 'CT' }, testContext());
    expect(labelmap.size).toEqual([ni, nj, 1]);
    await expect(
      service.run({ modelId: 'meshnet', volume: slice, modality: 'CT' }, testContext()),
    ).rejects.toMatchObject({ code: 'model/volume-too-small' });
  });

  it.each([
    ['volumes, and reads slices', 'unet2d', { dimensions: 3 } as const],
    ['slices, and reads volumes', 'meshnet', { dimensions: 2 } as const],
    ['one slice, and reads five', 'unet2.5d', { dimensions: 2, neighbours: 0 } as const],
    ['two images, and reads one', 'unet2d', { dimensions: 2, channels: [{ name: 'CT' }, { name: 'CT' }] } as const],
  ])('whose manifest says that it reads %s is refused in words before it runs', async (_, name, input) => {
    writeTestPack(packs, 'liar', { input }, readFileSync(join(networks, `${name}.onnx`)));
    await expect(service.run({ modelId: 'liar', volume, modality: 'CT' }, testContext())).rejects.toMatchObject({
      code: 'model/shape-mismatch',
      message: expect.stringContaining('not the one that its manifest describes'),
    });
  });
});

const CODES = {
  category: { value: '123037004', scheme: 'SCT', meaning: 'Anatomical Structure' },
  type: { value: '85756007', scheme: 'SCT', meaning: 'Tissue' },
};
