/** An Attention U-Net exported by PyTorch: its gates’ maps through the engine. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ort from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ATTENTION_STEPS } from '#core/inference/explain/runAttention.ts';
import { shiftedNetwork } from '#core/inference/onnx/shiftedNetwork.ts';
import { orientRecord, orientVolume } from '#core/inference/orient.ts';
import { readModel, writeModel } from '#core/onnx/readModel.ts';
import { sliceNetwork } from '#core/onnx/sliced/sliceNetwork.ts';
import type { Volume } from '#core/volume/volume.ts';
import { blockSize } from '../../main/inference/blockedKernels.ts';
import { InferenceService } from '../../main/inference/inferenceService.ts';
import { testContext, writeTestPack } from '../../main/inference/testPack.ts';
import { canExport, exported, exportedVolume, floatsOf } from './exported.ts';

/** Of this machine: with another's, the runtime reads beyond the weights. */
const block = await blockSize();
const OUTPUTS = ['scores', 'gate1', 'gate2'] as const;
const ATTENTION = [
  { output: 'gate1', name: 'Attention gate, level 1' },
  { output: 'gate2', name: 'Attention gate, level 2' },
];
const code = { value: '85756007', scheme: 'SCT', meaning: 'Tissue' };
const codes = { category: code, type: code };

describe.skipIf(!canExport('an Attention U-Net exported by PyTorch', 'torch'))('an Attention U-Net', () => {
  let networks = '';
  let packs = '';
  let service: InferenceService;
  let volume: Volume;
  let input: number[] = [];

  beforeAll(() => {
    networks = exported('attention.py');
    packs = mkdtempSync(join(tmpdir(), 'lantern-attention-'));
    service = new InferenceService({ modelFolders: [packs] });
    const read = JSON.parse(readFileSync(join(networks, 'cases.json'), 'utf8')) as {
      size: [number, number, number];
      window: [number, number, number];
      input: number[];
    };
    input = read.input;
    volume = exportedVolume(networks, read.size);
    const changes = {
      input: { normalisation: { kind: 'z-score', over: 'volume' } as const },
      window: { size: read.window, overlap: 0.5, blending: 'gaussian' as const },
      output: { attention: ATTENTION },
      classes: [
        { value: 0, name: 'Background' },
        { value: 1, name: 'Bright', color: '#ffcc00', codes },
        { value: 2, name: 'Dark', color: '#00ccff', codes },
      ],
    };
    writeTestPack(packs, 'attention', changes, readFileSync(join(networks, 'attention.onnx')));
  });
  afterAll(async () => {
    await service?.close();
    rmSync(packs, { recursive: true, force: true });
  });

  const file = (name: string): Float32Array => floatsOf(join(networks, `${name}.f32`));

  function furthest(a: Float32Array, b: Float32Array): number {
    expect(a.length).toBe(b.length);
    return a.reduce((most, x, n) => Math.max(most, Math.abs(x - b[n]!)), 0);
  }

  it('answers with torch’s numbers, maps included', async () => {
    const session = await ort.InferenceSession.create(join(networks, 'attention.onnx'), { logSeverityLevel: 4 });
    const answers = await session.run({ image: new ort.Tensor('float32', file('window'), input) });
    for (const name of OUTPUTS) {
      const torch = file(name);
      const scale = torch.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      expect(furthest(answers[name]?.data as Float32Array, torch) / scale, name).toBeLessThan(1e-3);
    }
    await session.release();
  });

  it('is run as its maker wrote it: a gate’s one channel times many is not rewritten in slices', () => {
    const [, , depth = 0, height = 0, width = 0] = input;
    const model = readModel(readFileSync(join(networks, 'attention.onnx')));
    expect(sliceNetwork(model, [depth, height, width], 8)).toBeNull();
  });

  async function mapOf(of: Volume, map: string): Promise<Float32Array> {
    const { provenance } = await service.run({ modelId: 'attention', volume: of, modality: 'CT' }, testContext());
    const request = {
      provenance: { ...provenance, operator: 'A tester' },
      volume: of,
      asked: { kind: 'attention', map } as const,
    };
    const { found } = await service.explain(async () => request, testContext());
    if (found.kind !== 'attention') throw new Error('another kind');
    const { values, lowest, highest } = found;
    return Float32Array.from(values, (n) => lowest + (n / ATTENTION_STEPS) * (highest - lowest));
  }

  it.each([1, 2])('gate %d over the volume is that of an independent sliding window', async (level) => {
    const map = await mapOf(volume, `Attention gate, level ${level}`);
    expect(furthest(map, file(`map${level}`))).toBeLessThan(1e-3);
  });

  it('lies where it belongs, however the series lies', async () => {
    const turn = orientRecord(volume.geometry, 'SRA');
    const turned = await mapOf(orientVolume(volume, turn), 'gate2');
    const expected = orientVolume({ ...volume, scalars: file('map2') }, turn).scalars as Float32Array;
    expect(furthest(turned, expected)).toBeLessThan(1e-3);
  });
});

it.skipIf(block === null)(
  'a network that is rewritten in slices keeps its map, and is not rewritten to decide alone',
  async () => {
    const written = shiftedNetwork(0.5, 2);
    const sliced = sliceNetwork(readModel(written), [6, 7, 8], block ?? 0);
    if (!sliced) throw new Error('it was not rewritten');
    const image = new ort.Tensor(
      'float32',
      Float32Array.from({ length: 336 }, (_, n) => ((n * 37) % 101) / 101),
      [1, 1, 6, 7, 8],
    );
    const answers = [];
    for (const network of [written, writeModel(sliced.model)]) {
      const session = await ort.InferenceSession.create(network, { logSeverityLevel: 4 });
      answers.push(await session.run({ image }));
      await session.release();
    }
    for (const output of ['scores', 'looked-at']) {
      const [plain, rewritten] = answers.map((answer) => answer[output]?.data as Float32Array);
      expect(rewritten?.length, output).toBe(plain?.length);
      for (const [n, x] of (plain ?? []).entries()) expect(rewritten?.[n]).toBeCloseTo(x, 5);
    }
    expect(sliceNetwork(readModel(written), [6, 7, 8], block ?? 0, { decides: true })).toBeNull();
  },
);
