/** Flips, ensembles, folds, doubt and a chosen provider through the real process. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { convolutionNetwork, thresholdNetwork } from '#core/inference/onnx/convolutionNetwork.ts';
import type { InferenceRequest } from './inferenceRequest.ts';
import { InferenceService, type InferenceServiceOptions } from './inferenceService.ts';
import { Providers } from './Providers.ts';
import { cubeVolume, testContext, writeFoldPack, writeTestPack } from './testPack.ts';

let folder: string;
let services: InferenceService[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lantern-looks-'));
  services = [];
});
afterEach(async () => {
  await Promise.all(services.map((service) => service.close()));
  rmSync(folder, { recursive: true, force: true });
});

function started(options: Partial<InferenceServiceOptions> = {}): InferenceService {
  const service = new InferenceService({ modelFolders: [folder], ...options });
  services.push(service);
  return service;
}

const request = (modelId: string, changes: Partial<InferenceRequest> = {}): InferenceRequest => ({
  modelId,
  volume: cubeVolume(),
  modality: 'CT',
  ...changes,
});

/** Probability of "bright" by thresholdNetwork(t): sigmoid(2·(x − t)). */
const bright = (x: number, threshold: number): number => 1 / (1 + Math.exp(-2 * (x - threshold)));
const entropy = (p: number): number => (p <= 0 || p >= 1 ? 0 : -(p * Math.log2(p) + (1 - p) * Math.log2(1 - p)));

describe('doubt', () => {
  it('comes on the series’ own grid beside the mask, with the places that hold most of it', async () => {
    writeTestPack(folder, 'bright', { input: { orientation: 'SAR' } }, thresholdNetwork(99.9));
    const volume = cubeVolume();
    // A cube of 3 voxels at the threshold: p = 0.55.
    for (let k = 9; k < 12; k++)
      for (let j = 9; j < 12; j++) for (let i = 10; i < 13; i++) volume.scalars[i + 16 * (j + 16 * k)] = 100;
    const { doubt, provenance, labelmap } = await started().run(
      request('bright', { volume, doubt: 'required' }),
      testContext(),
    );
    const expected = Array.from(volume.scalars, (x) => Math.round(255 * entropy(bright(x, 99.9))));
    expect([...(doubt?.values ?? [])]).toEqual(expected);
    expect(labelmap.voxels.filter((v) => v === 1).length).toBe(64 + 27);
    expect(doubt?.places).toMatchObject([{ voxels: 27, classes: [{ value: 1 }, { value: 0 }] }]);
    expect(doubt?.places[0]?.doubtMl).toBeCloseTo((27 * 0.7 * 0.9 * 2 * entropy(bright(100, 99.9))) / 1000, 3);
    expect(provenance.doubt).toEqual({ kind: 'entropy', answers: 1, classes: 2 });
  });

  it('is not measured unless it is asked for', async () => {
    writeTestPack(folder, 'bright');
    const { doubt, provenance } = await started().run(request('bright'), testContext());
    expect(doubt).toBeNull();
    expect(provenance.doubt).toBeUndefined();
  });

  it('of a network that gives no probabilities is refused, or left out with a warning', async () => {
    writeTestPack(folder, 'bare', { output: { activation: 'none' } });
    const service = started();
    const required = service.run(request('bare', { doubt: 'required' }), testContext());
    await expect(required).rejects.toMatchObject({ code: 'model/no-probabilities' });
    const { doubt, warnings, labelmap } = await service.run(request('bare', { doubt: 'if-possible' }), testContext());
    expect(doubt).toBeNull();
    expect(warnings).toMatchObject([{ code: 'model/doubt-unknown' }]);
    expect(labelmap.voxels.includes(1)).toBe(true);
  });
});

describe('an ensemble', () => {
  it.each([
    ['with all networks in memory', { window: { size: [8, 8, 8] as const } }, undefined],
    ['with one network in memory at a time', { peakMemoryMb: 700 }, 1_200e6],
  ])('averages its members’ probabilities, %s', async (_, changes, memoryCeilingBytes) => {
    writeTestPack(folder, 'low', { name: 'Low', ...changes }, thresholdNetwork(99.9));
    writeTestPack(folder, 'high', { name: 'High', ...changes }, thresholdNetwork(150));
    const volume = cubeVolume();
    volume.scalars[0] = 100;
    const context = testContext();
    const answer = await started(memoryCeilingBytes ? { memoryCeilingBytes } : {}).run(
      request('low', { ensemble: ['high'], volume, doubt: 'required' }),
      context,
    );
    const p = (x: number): number => (bright(x, 99.9) + bright(x, 150)) / 2;
    expect([...answer.labelmap.voxels]).toEqual(Array.from(volume.scalars, (x) => (p(x) > 0.5 ? 1 : 0)));
    expect(answer.doubt?.values[0]).toBe(Math.round(255 * entropy(p(100))));
    expect(answer.name).toBe('Low + High');
    expect(answer.provenance.members?.map((m) => m.modelId)).toEqual(['low', 'high']);
    expect(answer.provenance.doubt).toEqual({ kind: 'entropy', answers: 2, classes: 2 });
  });

  it('of folds in one pack does the same', async () => {
    const manifest = writeFoldPack(folder, 'folds', [90, 110, 250].map(thresholdNetwork));
    const volume = cubeVolume();
    const { labelmap, provenance, model } = await started().run(
      request('folds', { volume, flips: true }),
      testContext(),
    );
    // Two of three say bright at 200.
    expect([...labelmap.voxels]).toEqual(Array.from(volume.scalars, (x) => (x > 100 ? 1 : 0)));
    expect(provenance.members?.map((m) => m.sha256)).toEqual(manifest.files.map((f) => f.sha256));
    expect(provenance.flippedAxes).toEqual(['left-right']);
    expect(model.sha256).not.toBe(manifest.files[0]?.sha256);
  });

  it('counts every window of every member and flip, and is cancelled between them', async () => {
    const changes = { window: { size: [8, 8, 8] as const } };
    writeTestPack(folder, 'a', changes);
    writeTestPack(folder, 'b', changes);
    const totals: number[] = [];
    const context = testContext();
    const counting = {
      ...context,
      progress: (done: number, total: number) => {
        totals.push(total);
        if (done === 20) context.abort();
      },
    };
    const service = started();
    const run = service.run(request('a', { ensemble: ['b'], flips: true }), counting);
    await expect(run).rejects.toThrow('a person cancelled');
    expect(Math.max(...totals)).toBe(27 * 2 * 2);
    expect((await service.run(request('a'), testContext())).segments.length).toBe(1);
  });

  it('is refused in words: a missing member, other classes, another grid, too much memory', async () => {
    writeTestPack(folder, 'a', { window: { size: [8, 8, 8] }, peakMemoryMb: 700 });
    writeTestPack(folder, 'twin', { window: { size: [8, 8, 8] }, peakMemoryMb: 700 });
    writeTestPack(folder, 'other', { window: { size: [4, 8, 8] } });
    const [background, bright] = writeTestPack(folder, 'dark', { window: { size: [8, 8, 8] } }).classes;
    if (!background || !bright) throw new Error('the test manifest has two classes');
    writeTestPack(folder, 'dark', {
      window: { size: [8, 8, 8] },
      classes: [background, { ...bright, name: 'Dark', codes: undefined, value: 0 }, bright],
    });
    const service = started({ memoryCeilingBytes: 1_200e6 });
    const refusal = (ensemble: string[]) => service.run(request('a', { ensemble }), testContext());
    await expect(refusal(['absent'])).rejects.toMatchObject({ code: 'model/unknown' });
    await expect(refusal(['other'])).rejects.toMatchObject({ code: 'model/ensemble-grid' });
    await expect(refusal(['dark'])).rejects.toMatchObject({ code: 'model/ensemble-classes' });
    await expect(refusal(['twin'])).rejects.toMatchObject({ code: 'model/volume-too-large' });
  });

  it('is stopped by a member whose network answers with other classes than its manifest', async () => {
    writeTestPack(folder, 'a');
    writeTestPack(folder, 'liar', {}, convolutionNetwork({ widths: [2], classes: 3 }));
    const run = started().run(request('a', { ensemble: ['liar'] }), testContext());
    await expect(run).rejects.toMatchObject({ code: 'model/shape-mismatch' });
  });

  it('is stopped by a fold that is missing or exchanged', async () => {
    writeFoldPack(folder, 'folds', [thresholdNetwork(90), thresholdNetwork(110)]);
    const service = started();
    writeFileSync(join(folder, 'folds', 'fold-1.onnx'), thresholdNetwork(111));
    await expect(service.run(request('folds'), testContext())).rejects.toMatchObject({ code: 'model/hash-mismatch' });
    rmSync(join(folder, 'folds', 'fold-1.onnx'));
    await expect(service.run(request('folds'), testContext())).rejects.toMatchObject({ code: 'model/weights-missing' });
  });
});

describe('flips', () => {
  it('give the mask of a network that does not mind, on the series’ own grid, and a warning that they are a guess', async () => {
    writeTestPack(folder, 'bright', { input: { orientation: 'PSR' } });
    const volume = cubeVolume();
    const { labelmap, warnings } = await started().run(request('bright', { volume, flips: true }), testContext());
    expect(labelmap.voxels).toEqual(Uint8Array.from(volume.scalars, (v) => (v > 100 ? 1 : 0)));
    expect(warnings).toMatchObject([{ code: 'model/flips-not-stated' }]);
  });
});

describe('a model that is shown mirrored images by default', () => {
  it('is so in every run that does not refuse it, and its estimate knows', async () => {
    const output = { mirrorAxes: ['i', 'k'], mirrorByDefault: true } as const;
    writeTestPack(folder, 'mirrored', { output, input: { orientation: 'PSR' } });
    const service = started();
    const { volume } = request('mirrored');
    const subject = { geometry: volume.geometry, modality: 'CT', isDemonstration: false };
    expect((await service.estimate('mirrored', subject)).looks).toBe(4);
    const usual = await service.run(request('mirrored', { volume, doubt: 'required' }), testContext());
    expect(usual.labelmap.voxels).toEqual(Uint8Array.from(volume.scalars, (v) => (v > 100 ? 1 : 0)));
    expect(usual.provenance).toMatchObject({ flippedAxes: ['front-back', 'left-right'], doubt: { answers: 4 } });
    // Beside one that is not, nobody is: a run looks as all of its models do by default.
    writeTestPack(folder, 'plain', { input: { orientation: 'PSR' } });
    const both = await service.run(request('mirrored', { volume, ensemble: ['plain'] }), testContext());
    expect(both.provenance.flippedAxes).toBeUndefined();
    const once = await service.run(request('mirrored', { volume, flips: false }), testContext());
    expect(once.provenance.flippedAxes).toBeUndefined();
    expect(once.labelmap.voxels).toEqual(usual.labelmap.voxels);
  });
});

describe('a cascade whose first model is shown mirrored images by default', () => {
  it('looks once where a run refuses them', async () => {
    const output = { mirrorAxes: ['i', 'j', 'k'], mirrorByDefault: true } as const;
    writeTestPack(folder, 'coarse', { output, window: { size: [8, 8, 8] } });
    writeTestPack(folder, 'fine', { cascade: { modelId: 'coarse', classes: [1], marginMm: 2 } });
    const service = started();
    const windows = async (flips?: false): Promise<number> => {
      let most = 0;
      const told = { ...testContext(), progress: (_: number, total: number) => (most = Math.max(most, total)) };
      await service.run(request('fine', flips === false ? { flips } : {}), told);
      return most;
    };
    expect(await windows()).toBe(8 * (await windows(false)));
  });
});

describe('a provider that a person insists on', () => {
  it('is used, or refused with its reason and without trying another', async () => {
    writeTestPack(folder, 'bright');
    const service = started();
    expect((await service.run(request('bright', { provider: 'cpu' }), testContext())).provider).toBe('cpu');
    const absent = process.platform === 'win32' ? 'coreml' : 'directml';
    const refused = await service.run(request('bright', { provider: absent }), testContext()).catch((e: unknown) => e);
    expect(refused).toMatchObject({ code: 'provider/unusable', message: expect.stringMatching(/is a part of/) });
  });

  it('fails where it fails, instead of answering from the processor', async () => {
    writeTestPack(folder, 'bright');
    const stateFolder = join(folder, 'state');
    const providers = new Providers({ nodePath: process.execPath, stateFolder });
    await providers.distrust('cuda', 'failed');
    await expect(providers.required('cuda')).rejects.toMatchObject({ code: 'provider/unusable' });
  });
});
