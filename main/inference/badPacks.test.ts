import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { flatThresholdNetwork, notANumberNetwork, thresholdNetwork } from '#core/inference/onnx/convolutionNetwork.ts';
import { processEntry } from '../processes/processEntry.ts';
import { InferenceService } from './inferenceService.ts';
import { processPermissions } from './processPermissions.ts';
import { cubeVolume, testContext, writeTestPack } from './testPack.ts';

const INSTANCES = {
  input: { dimensions: 2 },
  output: {
    kind: 'instances',
    activation: 'none',
    instances: {
      tensors: { boxes: 'boxes', scores: 'scores', labels: 'labels', masks: 'masks' },
      leastScore: 0.5,
      linkOverlap: 0.3,
    },
  },
} as const;

let folder: string;
let service: InferenceService;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lantern-packs-'));
  service = new InferenceService({ modelFolders: [folder, join(folder, 'not-there')] });
  writeTestPack(folder, 'good');
});
afterEach(async () => {
  await service.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (modelId: string, modality = 'CT', volume = cubeVolume()) =>
  service.run({ modelId, volume, modality }, testContext());

/** The code of the problem in the list, once the good pack was seen to be fine beside it. */
async function listed(id: string): Promise<{ code: string; message: string } | null | undefined> {
  const models = await service.models();
  expect(models.find((m) => m.id === 'good')?.problem).toBeNull();
  return models.find((m) => m.id === id)?.problem;
}

function edit(id: string, change: (manifest: Record<string, unknown>) => void): void {
  const file = join(folder, id, 'manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  change(manifest);
  writeFileSync(file, JSON.stringify(manifest));
}

describe('a pack', () => {
  it('with one exchanged byte in its weights is not run', async () => {
    writeTestPack(folder, 'exchanged');
    const file = join(folder, 'exchanged', 'model.onnx');
    const bytes = readFileSync(file);
    bytes[bytes.length - 5] = (bytes[bytes.length - 5] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    expect(await listed('exchanged')).toMatchObject({ code: 'model/hash-mismatch' });
    await expect(run('exchanged')).rejects.toMatchObject({ code: 'model/hash-mismatch' });
    expect((await run('good')).segments.length).toBe(1);
  });

  it('without weights is listed with the reason', async () => {
    writeTestPack(folder, 'empty');
    rmSync(join(folder, 'empty', 'model.onnx'));
    expect(await listed('empty')).toMatchObject({ code: 'model/weights-missing' });
    await expect(run('empty')).rejects.toMatchObject({ code: 'model/weights-missing' });
  });

  it('whose weights are no network is refused although its hash is right', async () => {
    writeTestPack(
      folder,
      'garbage',
      {},
      Uint8Array.from({ length: 5000 }, (_, n) => (n * 7919) % 251),
    );
    await expect(run('garbage')).rejects.toMatchObject({ code: 'model/unreadable' });
    expect((await run('good')).segments.length).toBe(1);
  });

  it('whose manifest promises fewer classes than the network has is refused', async () => {
    writeTestPack(folder, 'liar');
    edit('liar', (m) => {
      m['classes'] = (m['classes'] as unknown[]).slice(1);
    });
    await expect(run('liar')).rejects.toMatchObject({ code: 'model/shape-mismatch' });
  });

  it('whose network answers with what is no number is stopped, and the next run is right', async () => {
    writeTestPack(folder, 'nan', {}, notANumberNetwork());
    await expect(run('nan')).rejects.toMatchObject({ code: 'model/non-finite-output' });
    expect((await run('good')).segments.length).toBe(1);
  });

  it.each([
    ['slices where the network reads volumes', { input: { dimensions: 2 } } as const, thresholdNetwork(100)],
    ['volumes where the network reads slices', {}, flatThresholdNetwork(100, 1)],
    ['one image where the network reads two', { input: { dimensions: 2 } } as const, flatThresholdNetwork(100, 2)],
    ['instances where the network answers with a mask', INSTANCES, flatThresholdNetwork(100, 1)],
  ])('whose manifest says %s is refused in words', async (_, changes, network) => {
    writeTestPack(folder, 'lying', changes, network);
    await expect(run('lying')).rejects.toMatchObject({
      code: 'model/shape-mismatch',
      message: expect.stringContaining('not the one that its manifest describes'),
    });
    expect((await run('good')).segments.length).toBe(1);
  });

  it.each([
    ['a manifest that is not JSON', (file: string) => writeFileSync(file, '{'), 'JSON'],
    ['a field that is missing', () => edit('broken', (m) => delete m['modality']), 'modality'],
    ['a path out of its folder', () => edit('broken', (m) => pointOutside(m)), 'files.0.name'],
    ['an impossible orientation', () => edit('broken', (m) => orient(m, 'LRS')), 'input.orientation'],
    ['a field that nobody knows', () => edit('broken', (m) => Object.assign(m, { onnx: 1 })), 'onnx'],
  ])('with %s is listed with the field that is wrong', async (_, spoil, field) => {
    writeTestPack(folder, 'broken');
    spoil(join(folder, 'broken', 'manifest.json'));
    const problem = await listed('broken');
    expect(problem?.code).toBe('model/invalid-manifest');
    expect(problem?.message).toContain(field);
    await expect(run('broken')).rejects.toMatchObject({ code: 'model/invalid-manifest' });
  });

  it('that asks for prompts is refused in words until this program can', async () => {
    writeTestPack(folder, 'prompted', { output: { kind: 'prompt' } });
    expect(await listed('prompted')).toMatchObject({ code: 'model/unsupported-output' });
    await expect(run('prompted')).rejects.toMatchObject({ code: 'model/unsupported-output' });
  });

  it('is found in a folder given for itself, and folders without a manifest are passed over', async () => {
    mkdirSync(join(folder, 'notes'));
    const alone = new InferenceService({ modelFolders: [join(folder, 'good')] });
    expect((await alone.models()).map((m) => m.id)).toEqual(['good']);
    expect((await service.models()).map((m) => m.id)).toEqual(['good']);
  });
});

describe('the inference process', () => {
  it('can read the program and the models, and nothing else', async () => {
    const entry = processEntry(import.meta.url, 'inference.process');
    const outside = mkdtempSync(join(tmpdir(), 'lantern-outside-'));
    try {
      writeFileSync(join(outside, 'secret'), 'x');
      const attempt = async (code: string): Promise<string> => {
        const { stdout } = await promisify(execFile)(process.execPath, [
          ...processPermissions(entry, [folder]),
          '-e',
          `try { ${code}; console.log('done') } catch (error) { console.log(error.code) }`,
        ]);
        return stdout.trim();
      };
      const read = (path: string): string => `require('node:fs').readFileSync(${JSON.stringify(path)})`;
      expect(await attempt(read(join(folder, 'good', 'model.onnx')))).toBe('done');
      expect(await attempt(read(join(outside, 'secret')))).toBe('ERR_ACCESS_DENIED');
      const target = JSON.stringify(join(folder, 'written'));
      expect(await attempt(`require('node:fs').writeFileSync(${target}, '')`)).toBe('ERR_ACCESS_DENIED');
      expect(await attempt(`require('node:child_process').execSync('id')`)).toBe('ERR_ACCESS_DENIED');
    } finally {
      rmSync(outside, { recursive: true });
    }
  });
});

describe('the input gate', () => {
  it('refuses another modality', async () => {
    await expect(run('good', 'MR')).rejects.toMatchObject({ code: 'model/wrong-modality' });
  });

  it('warns where the file does not say its modality', async () => {
    expect((await run('good', 'OT')).warnings).toMatchObject([{ code: 'model/modality-unknown' }]);
  });

  it('refuses voxels that are not numbers', async () => {
    const volume = { ...cubeVolume(), scalars: new Float32Array(16 ** 3).fill(1, 0, 100).fill(Number.NaN, 50, 51) };
    await expect(run('good', 'CT', volume)).rejects.toMatchObject({ code: 'model/non-finite-input' });
  });

  it('refuses a single slice', async () => {
    const cube = cubeVolume();
    const volume = { geometry: { ...cube.geometry, size: [16, 16, 1] as const }, scalars: new Int16Array(256) };
    await expect(run('good', 'CT', volume)).rejects.toMatchObject({ code: 'model/volume-too-small' });
  });

  it('refuses a model that is not there', async () => {
    await expect(run('nobody')).rejects.toMatchObject({ code: 'model/unknown' });
  });
});

function pointOutside(manifest: Record<string, unknown>): void {
  Object.assign((manifest['files'] as object[])[0] ?? {}, { name: '../../../../etc/hostname' });
}

function orient(manifest: Record<string, unknown>, codes: string): void {
  Object.assign(manifest['input'] as object, { orientation: codes });
}
