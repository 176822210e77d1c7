import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orientRecord, orientVolume } from '#core/inference/orient.ts';
import { countLabels } from '#core/segmentation/layers.ts';
import type { Volume } from '#core/volume/volume.ts';
import type { InferenceAnswer } from '../../main/inference/inferenceRequest.ts';
import { InferenceService } from '../../main/inference/inferenceService.ts';
import { testContext, writeTestPack } from '../../main/inference/testPack.ts';
import { canExport, exported, exportedVolume } from './exported.ts';

interface Expected {
  readonly size: [number, number, number];
  readonly leastScore: number;
  readonly linkOverlap: number;
  readonly instances: { label: number; score: number; offsets: number[] }[];
}

const present = canExport('Mask R-CNN exported by PyTorch', 'torch', 'torchvision');

describe.skipIf(!present)('Mask R-CNN exported by torchvision', () => {
  let packs = '';
  let service: InferenceService;
  let volume: Volume;
  let expected: Expected;
  let answer: InferenceAnswer;

  const run = (modelId: string, v = volume, more = {}) =>
    service.run({ modelId, volume: v, modality: 'CT', ...more }, testContext());

  beforeAll(async () => {
    const networks = exported('instances.py');
    packs = mkdtempSync(join(tmpdir(), 'lantern-instances-'));
    service = new InferenceService({ modelFolders: [packs] });
    expected = JSON.parse(readFileSync(join(networks, 'instances.json'), 'utf8')) as Expected;
    volume = exportedVolume(networks, expected.size);
    const write = (id: string, tensors = {}, classes = CLASSES) =>
      writeTestPack(
        packs,
        id,
        {
          input: { dimensions: 2, neighbours: 1, normalisation: { kind: 'window', lower: -1000, upper: 1000 } },
          output: {
            kind: 'instances',
            activation: 'none',
            threshold: 0.5,
            instances: {
              tensors: { boxes: 'boxes', scores: 'scores', labels: 'labels', masks: 'masks', ...tensors },
              leastScore: expected.leastScore,
              linkOverlap: expected.linkOverlap,
            },
          },
          classes,
        },
        readFileSync(join(networks, 'maskrcnn.onnx')),
      );
    write('nodules');
    write('misnamed', { masks: 'segmentations' });
    write('swapped', { scores: 'boxes', boxes: 'scores' });
    write('fewer-classes', {}, CLASSES.slice(0, 2));
    answer = await run('nodules');
  });
  afterAll(async () => {
    await service?.close();
    rmSync(packs, { recursive: true, force: true });
  });

  it('finds torch’s instances: as many, of the same classes, with the same scores and the same voxels', () => {
    const scores = answer.provenance.instances ?? [];
    expect(answer.segments.length).toBe(expected.instances.length);
    for (const [n, wanted] of expected.instances.entries()) {
      const segment = answer.segments[n];
      expect(segment?.name.replace(/ \d+$/, '')).toBe(CLASSES.find(({ value }) => value === wanted.label)?.name);
      expect(Math.abs((scores[n]?.score ?? 0) - wanted.score)).toBeLessThan(1e-3);
      const voxels = answer.layers[segment?.layer ?? -1]?.voxels ?? new Uint8Array(0);
      const found = new Set([...voxels.keys()].filter((at) => voxels[at] === segment?.number));
      const common = wanted.offsets.filter((at) => found.has(at)).length;
      expect(found.size + wanted.offsets.length - 2 * common).toBeLessThanOrEqual(0.001 * wanted.offsets.length);
    }
  });

  it('has several classes, instances through several slices and instances that overlap', () => {
    expect(new Set(expected.instances.map(({ label }) => label)).size).toBe(2);
    const plane = expected.size[0] * expected.size[1];
    const depth = (offsets: number[]): number => new Set(offsets.map((at) => Math.floor(at / plane))).size;
    expect(Math.max(...expected.instances.map(({ offsets }) => depth(offsets)))).toBeGreaterThan(2);
    const all = expected.instances.flatMap(({ offsets }) => offsets);
    expect(new Set(all).size).toBeLessThan(all.length);
  });

  it('becomes segments with names, numbers and colours of their own, on as many layers as overlap', () => {
    const { segments, layers } = answer;
    expect(new Set(segments.map(({ number }) => number)).size).toBe(segments.length);
    expect(segments.filter(({ name }) => name === 'Nodule 1').length).toBe(1);
    expect(layers.length).toBeGreaterThan(1);
    expect(layers.length).toBeLessThan(segments.length);
    for (const [layer, labelmap] of layers.entries()) {
      const numbers = segments.filter((segment) => segment.layer === layer).map(({ number }) => number);
      expect([...countLabels(labelmap).keys()].sort((a, b) => a - b)).toEqual(numbers.sort((a, b) => a - b));
    }
  });

  it('finds the same voxels when the series lies otherwise', async () => {
    const turn = orientRecord(volume.geometry, 'SRA');
    const turned = await run('nodules', orientVolume(volume, turn));
    expect(turned.segments.map(({ name }) => name)).toEqual(answer.segments.map(({ name }) => name));
    for (const [layer, { voxels }] of turned.layers.entries()) {
      const wanted = orientVolume({ ...volume, scalars: answer.layers[layer]?.voxels ?? new Uint8Array(0) }, turn);
      expect(Buffer.from(voxels).equals(Buffer.from(wanted.scalars as Uint8Array))).toBe(true);
    }
  });

  it('says what it looked for where it finds nothing', async () => {
    const nothing = { ...volume, scalars: volume.scalars.map(() => 0) as Int16Array };
    writeNothing(packs, expected);
    const { segments, warnings, layers } = await run('nothing', nothing);
    expect(segments.map(({ name }) => name)).toEqual(['Nodule', 'Cyst']);
    expect(layers.length).toBe(1);
    expect(warnings.map(({ code }) => code)).toContain('model/not-found');
  });

  it.each([
    ['names a tensor that the network does not have', 'misnamed', 'no output “segmentations” for the masks'],
    ['exchanges two tensors', 'swapped', 'dimensions, which boxes do not have'],
    ['has fewer classes than the network', 'fewer-classes', 'with the class 2'],
  ])('whose manifest %s is refused in words', async (_, id, words) => {
    await expect(run(id)).rejects.toMatchObject({
      code: 'model/shape-mismatch',
      message: expect.stringContaining(words),
    });
  });

  it('is not averaged: flips and a measured doubt are refused', async () => {
    await expect(run('nodules', volume, { flips: true })).rejects.toMatchObject({ code: 'model/no-flips' });
    await expect(run('nodules', volume, { doubt: 'required' })).rejects.toMatchObject({
      code: 'model/no-probabilities',
    });
    expect((await run('nodules', volume, { doubt: 'if-possible' })).doubt).toBeNull();
  });
});

/** The same network with a least score that nothing reaches. */
function writeNothing(packs: string, { linkOverlap }: Expected): void {
  const network = readFileSync(join(packs, 'nodules', 'model.onnx'));
  const tensors = { boxes: 'boxes', scores: 'scores', labels: 'labels', masks: 'masks' };
  const instances = { tensors, leastScore: 1, linkOverlap };
  writeTestPack(
    packs,
    'nothing',
    {
      input: { dimensions: 2, neighbours: 1, normalisation: { kind: 'window', lower: -1000, upper: 1000 } },
      output: { kind: 'instances', activation: 'none', threshold: 0.5, instances },
      classes: CLASSES,
    },
    network,
  );
}

const CODES = {
  category: { value: '49755003', scheme: 'SCT', meaning: 'Morphologically Abnormal Structure' },
  type: { value: '27925004', scheme: 'SCT', meaning: 'Nodule' },
};

const CLASSES = [
  { value: 0, name: 'Background' },
  { value: 1, name: 'Nodule', color: '#ffcc00', codes: CODES },
  { value: 2, name: 'Cyst', color: '#00ccff', codes: CODES },
];
