import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { worldPoint } from '#core/geometry/points.ts';
import type { ModelManifest } from '#core/inference/modelManifest.ts';
import { readModel, writeModel } from '#core/onnx/readModel.ts';
import { floatsOf } from '#core/onnx/tensorValues.ts';
import { conv, tinyNetwork } from '#core/tfjs/tinyNetwork.ts';
import type { Volume } from '#core/volume/volume.ts';
import { InferenceService } from '../inference/inferenceService.ts';
import { testContext } from '../inference/testPack.ts';
import { convertNetwork } from './convertNetwork.ts';
import { writeFiles } from './testSources.ts';
import { verifyPack } from './verifyPack.ts';

const DATA = fileURLToPath(new URL('../../../shared/data/brain-models/', import.meta.url));
const present = existsSync(DATA);
if (!present)
  process.stderr.write(
    '\n*** SKIPPED: converting the nine brain networks; ../shared/data/brain-models is not here ***\n\n',
  );

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lantern-convert-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const manifestOf = (pack: string): ModelManifest => JSON.parse(readFileSync(join(pack, 'manifest.json'), 'utf8'));

/** Two layers, three classes, a kernel that no mirror or turn maps onto itself. */
function writeTiny(name: string, files: Readonly<Record<string, string | object>> = {}): string {
  const layers = [conv('a', { filters: 3, dilation: 2, activation: 'elu' }), conv('output', { filters: 3, kernel: 1 })];
  const { json, bytes } = tinyNetwork(layers, {
    'a/kernel': [3, 3, 3, 1, 3],
    'a/bias': [3],
    'output/kernel': [1, 1, 1, 3, 3],
    'output/bias': [3],
  });
  // Weights around 0, so that classes differ.
  const centred = Float32Array.from(new Float32Array(bytes.buffer), (w) => w - 0.5);
  return writeFiles(join(folder, name), {
    'model.json': json,
    'weights.bin': new Uint8Array(centred.buffer),
    'labels.json': { 0: 'BG', 1: 'Left-Putamen', 2: 'Something odd' },
    LICENSE: 'MIT License\n\nCopyright (c) 2021 somebody\n\nPermission is hereby granted',
    ...files,
  });
}

describe('a converted network', () => {
  it('answers on a volume what a sum written out here answers', async () => {
    const source = writeTiny('tiny');
    const pack = join(folder, 'packs', 'tiny');
    const { id, sha256 } = await convertNetwork(source, pack);
    expect(id).toBe('tiny');
    expect(manifestOf(pack).files[0]?.sha256).toBe(sha256);
    const { labels, volume } = byHand(
      new Float32Array(Uint8Array.from(readFileSync(join(source, 'weights.bin'))).buffer),
    );
    expect(new Set(labels).size).toBeGreaterThan(1);
    const service = new InferenceService({ modelFolders: [join(folder, 'packs')] });
    try {
      const answer = await service.run({ modelId: 'tiny', volume, modality: 'MR' }, testContext());
      const agreeing = labels.filter((label, n) => answer.labelmap.voxels[n] === label).length;
      expect(agreeing / labels.length).toBeGreaterThan(0.998);
    } finally {
      await service.close();
    }
  });

  it('verifies, and fails its golden case when an axis of its kernel is turned', async () => {
    const pack = join(folder, 'packs', 'tiny');
    await convertNetwork(writeTiny('tiny'), pack);
    expect((await verifyPack(pack, [])).problems).toEqual([]);
    const model = readModel(readFileSync(join(pack, 'model.onnx')));
    const kernel = model.graph!.initializer[0]!;
    const values = floatsOf(kernel);
    // [out, 1, z, y, x]: the filters keep their places, and x, y, z are mirrored.
    const mirrored = values.map((_, n) => values[27 * Math.floor(n / 27) + 26 - (n % 27)]!);
    kernel.rawData = new Uint8Array(mirrored.buffer);
    const spoilt = writeModel(model);
    writeFileSync(join(pack, 'model.onnx'), spoilt);
    const manifest = manifestOf(pack);
    const files = [{ ...manifest.files[0], sha256: createHash('sha256').update(spoilt).digest('hex') }];
    writeFiles(pack, { 'manifest.json': { ...manifest, files } });
    expect((await verifyPack(pack, [])).problems[0]?.code).toBe('model/golden-mismatch');
  });

  it('has names, codes, licence and limits from what lies beside it, and says what it does not know', async () => {
    const pack = join(folder, 'packs', 'tiny');
    await convertNetwork(writeTiny('tiny'), pack);
    const { classes, licence, input } = manifestOf(pack);
    expect(classes.map((c) => c.name)).toEqual(['Background', 'Putamen, left', 'Something odd']);
    expect(classes[1]?.codes?.type.value).toBe('89278009');
    expect(classes[2]?.codes?.type.meaning).toBe('Tissue');
    expect(licence).toBe('MIT License. Copyright (c) 2021 somebody. The whole text stands in card.md.');
    expect(input).toMatchObject({ orientation: 'LIA', grid: [8, 8, 8], normalisation: { kind: 'min-max' } });
    const card = readFileSync(join(pack, 'card.md'), 'utf8');
    expect(card).toContain('Permission is hereby granted');
    expect(card).toContain('Classes coded as “Tissue” (1)');
  });

  it('is written whole or not at all, and over nothing', async () => {
    const pack = join(folder, 'packs', 'tiny');
    await convertNetwork(writeTiny('tiny'), pack);
    await expect(convertNetwork(writeTiny('tiny'), pack)).rejects.toMatchObject({ code: 'disk/exists' });
    expect(readdirSync(join(folder, 'packs'))).toEqual(['tiny']);
  });

  it.each([
    ['a folder without a network', { 'model.json': 'none' }, 'model/not-tfjs'],
    ['a weight file elsewhere', { 'model.json': pointing('../../../etc/passwd') }, 'model/not-tfjs'],
    ['a weight file that is missing', { 'model.json': pointing('other.bin') }, 'model/not-tfjs'],
    ['half of the weights', { 'weights.bin': 'x' }, 'model/damaged-weights'],
  ])('is not made of %s', async (_, files, code) => {
    const pack = join(folder, 'packs', 'bad');
    await expect(convertNetwork(writeTiny('bad', files), pack)).rejects.toMatchObject({ code });
    expect(existsSync(join(folder, 'packs'))).toBe(false);
  });
});

describe.skipIf(!present)('the nine brain networks', () => {
  it('are converted and verify', async () => {
    const networks = readdirSync(DATA, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    for (const { name } of networks) {
      const pack = join(folder, name);
      await convertNetwork(join(DATA, name), pack);
      expect({ name, problems: (await verifyPack(pack, [])).problems }).toEqual({ name, problems: [] });
      const named = manifestOf(pack).classes.slice(1);
      expect(named.filter((c) => c.codes?.type.meaning === 'Tissue')).toEqual([]);
    }
    expect(networks.length).toBe(9);
  });

  it('have the weights that another converter gave the smallest of them', async () => {
    const pack = join(folder, 'model5_gw_ae');
    await convertNetwork(join(DATA, 'model5_gw_ae'), pack);
    const weights = (file: string) => {
      const tensors = readModel(readFileSync(file)).graph?.initializer ?? [];
      return tensors.map((t) => [t.dims.join(), [...floatsOf(t)].map((v) => v.toFixed(6)).join()].join(':')).sort();
    };
    expect(weights(join(pack, 'model.onnx'))).toEqual(weights(join(DATA, 'model5_gw_ae/model5_gw_ae.onnx')));
  });

  it('count on a real head what an independent run counts', async () => {
    await convertNetwork(join(DATA, 'model5_gw_ae'), join(folder, 'model5_gw_ae'));
    const service = new InferenceService({ modelFolders: [folder] });
    try {
      const request = { modelId: 'model5_gw_ae', volume: head(), modality: 'MR' };
      const { labelmap } = await service.run(request, testContext());
      const counts = [0, 0, 0];
      for (const label of labelmap.voxels) counts[label]!++;
      expect(Math.abs(counts[1]! - 518_540)).toBeLessThanOrEqual(2);
      expect(Math.abs(counts[2]! - 735_212)).toBeLessThanOrEqual(2);
    } finally {
      await service.close();
    }
  });
});

function pointing(path: string): object {
  const { json } = tinyNetwork([conv('a', { filters: 2 })], { 'a/kernel': [3, 3, 3, 1, 2], 'a/bias': [2] });
  json.weightsManifest[0]!.paths = [path];
  return json;
}

/** An LIA volume of 8³ and, by the definition of a convolution, the class of each voxel. x is i. */
function byHand(w: Float32Array): { labels: number[]; volume: Volume } {
  const side = 8;
  const scalars = Uint8Array.from({ length: side ** 3 }, (_, n) => (n * n * 31 + n * 7) % 251);
  const [least, most] = [Math.min(...scalars), Math.max(...scalars)];
  const value = (x: number, y: number, z: number): number =>
    [x, y, z].every((n) => n >= 0 && n < side) ? (scalars[x + side * (y + side * z)]! - least) / (most - least) : 0;
  const labels: number[] = [];
  for (let z = 0; z < side; z++)
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) {
        const hidden = [0, 1, 2].map((o) => {
          let sum = w[81 + o]!;
          for (let a = 0; a < 3; a++)
            for (let b = 0; b < 3; b++)
              for (let c = 0; c < 3; c++)
                sum += w[((a * 3 + b) * 3 + c) * 3 + o]! * value(x + 2 * (a - 1), y + 2 * (b - 1), z + 2 * (c - 1));
          return sum > 0 ? sum : Math.exp(sum) - 1;
        });
        const scores = [0, 1, 2].map((o) => hidden.reduce((sum, h, i) => sum + h * w[84 + i * 3 + o]!, w[93 + o]!));
        labels.push(scores.indexOf(Math.max(...scores)));
      }
  const geometry = {
    size: [side, side, side] as const,
    spacingMm: [1, 1, 1] as const,
    originLps: worldPoint(0, 0, 0),
    direction: LIA,
  };
  return { labels, volume: { geometry, scalars } };
}

const LIA = [
  [1, 0, 0],
  [0, 0, -1],
  [0, -1, 0],
] as const;

function head(): Volume {
  const bytes = gunzipSync(readFileSync(join(DATA, 't1_crop.nii.gz')));
  return {
    geometry: {
      size: [256, 256, 256],
      spacingMm: [1, 1, 1],
      originLps: worldPoint(-127.6, 133.48, 134.48),
      direction: LIA,
    },
    scalars: new Uint8Array(bytes.subarray(352)),
  };
}
