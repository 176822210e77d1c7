import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ort from 'onnxruntime-node';
import { afterAll, describe, expect, it } from 'vitest';
import { modelManifest } from '#contract/modelManifest.ts';
import { PHANTOM_LABEL, PHANTOM_STRUCTURES } from '#core/phantom/phantomStructures.ts';
import { phantomVolume } from '#core/phantom/phantomVolume.ts';
import { InferenceService } from './inferenceService.ts';
import { createSession } from './session.ts';
import { diceOf } from './testDice.ts';
import { testContext } from './testPack.ts';

const MODELS = new URL('../../models/', import.meta.url);
const pack = (name: string): URL => new URL(`phantom-organs/${name}`, MODELS);
const service = new InferenceService({ modelFolders: [fileURLToPath(MODELS)] });
afterAll(() => service.close());

describe('the demonstration model', () => {
  it('is whole: hash, classes and codes as the phantom has them', async () => {
    const models = await service.models();
    const model = models.find((m) => m.id === 'phantom-organs');
    expect(model?.problem).toBeNull();
    expect(model?.demonstrationOnly).toBe(true);
    expect(model?.classes).toEqual(PHANTOM_STRUCTURES.map(({ number, ...rest }) => ({ value: number, ...rest })));
    expect(model?.card).toContain('not for patients');
  });

  it('gives in ONNX Runtime what PyTorch gave when it was exported', async () => {
    const floats = (name: string): Float32Array => new Float32Array(new Uint8Array(readFileSync(pack(name))).buffer);
    const session = await createSession(readFileSync(pack('model.onnx')), 'cpu');
    const input = new ort.Tensor('float32', floats('golden/input.f32'), [1, 1, 24, 24, 24]);
    const scores = (await session.run({ image: input }))['scores'];
    const got = scores?.data as Float32Array;
    const row = floats('golden/scores.f32');
    for (let c = 0; c < 17; c++) {
      for (let i = 0; i < 24; i++) {
        expect(Math.abs((got[i + 24 * (12 + 24 * (12 + 24 * c))] ?? 0) - (row[i + 24 * c] ?? 0))).toBeLessThan(1e-3);
      }
    }
    const labels = readFileSync(pack('golden/labels.u8'));
    let differing = 0;
    for (let n = 0; n < labels.length; n++) {
      let best = 0;
      for (let c = 1; c < 17; c++) if ((got[n + c * 24 ** 3] ?? 0) > (got[n + best * 24 ** 3] ?? 0)) best = c;
      if (best !== labels[n]) differing++;
    }
    // Where two scores are equal within rounding either may win.
    expect(differing).toBeLessThanOrEqual(2);
  });

  it('finds the large organs of a phantom that it has never seen, on the series’ own grid', async () => {
    const phantom = phantomVolume({ seed: 4242, jitter: 1, size: [180, 180, 100], spacingMm: [2, 2, 3] });
    const answer = await service.run(
      { modelId: 'phantom-organs', volume: phantom.volume, modality: 'CT', isDemonstration: true },
      testContext(),
    );
    expect(answer.labelmap.size).toEqual([180, 180, 100]);
    expect(answer.warnings.filter((w) => w.code !== 'model/not-found')).toEqual([]);
    const { liver, spleen, rightKidney, leftKidney, rightLung, leftLung, aorta } = PHANTOM_LABEL;
    for (const label of [liver, spleen, rightKidney, leftKidney, rightLung, leftLung, aorta]) {
      expect(diceOf(answer.labelmap.voxels, phantom.truth.voxels, label), `structure ${label}`).toBeGreaterThan(0.88);
    }
  });

  it('warns that its result means nothing on anything but the demonstration study', async () => {
    const { volume } = phantomVolume({ size: [64, 64, 32], spacingMm: [5, 5, 8] });
    const answer = await service.run({ modelId: 'phantom-organs', volume, modality: 'CT' }, testContext());
    expect(answer.warnings).toMatchObject([{ code: 'model/demonstration-only' }]);
  });

  it('has a manifest that states the figures of its card', () => {
    const manifest = modelManifest.parse(JSON.parse(readFileSync(pack('manifest.json'), 'utf8')));
    const card = readFileSync(pack('card.md'), 'utf8');
    for (const { subject, value } of manifest.metrics) {
      expect(card).toMatch(new RegExp(`\\| ${subject} *\\| ${value.toFixed(3).replace('.', '\\.')} `));
    }
    expect(manifest.metrics.find((m) => m.subject === 'Liver')?.value).toBeGreaterThan(0.9);
  });
});
