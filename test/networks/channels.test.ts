import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { worldPoint } from '#core/geometry/points.ts';
import type { VolumeGeometry } from '#core/geometry/volumeGeometry.ts';
import type { Volume } from '#core/volume/volume.ts';
import { InferenceService } from '../../main/inference/inferenceService.ts';
import { testContext, writeTestPack } from '../../main/inference/testPack.ts';
import { canExport, exported, floatsOf, int16Of } from './exported.ts';

const present = canExport('a network of several series exported by PyTorch', 'torch', 'scipy');

describe.skipIf(!present)('a network of three series, one of them oblique and left-handed', () => {
  let packs = '';
  let wanted: Buffer;
  let service: InferenceService;
  let first: Volume;
  let second: Volume;
  let third: Volume;

  const run = (channels: readonly { name: string; volume: Volume }[], modalities = 'MR') =>
    service.run(
      {
        modelId: 'three',
        volume: first,
        modality: 'MR',
        channels: channels.map((channel) => ({ ...channel, modality: modalities })),
      },
      testContext(),
    );

  beforeAll(() => {
    const networks = exported('channels.py');
    packs = mkdtempSync(join(tmpdir(), 'lantern-channels-'));
    service = new InferenceService({ modelFolders: [packs] });
    const read = JSON.parse(readFileSync(join(networks, 'case.json'), 'utf8')) as Record<
      'first' | 'third',
      VolumeGeometry
    >;
    first = { geometry: read.first, scalars: int16Of(join(networks, 'first.i16')) };
    second = { geometry: read.first, scalars: int16Of(join(networks, 'second.i16')) };
    third = { geometry: read.third, scalars: floatsOf(join(networks, 'third.f32')) };
    wanted = readFileSync(join(networks, 'labels.u8'));
    writeTestPack(
      packs,
      'three',
      {
        modality: 'MR',
        input: {
          channels: [
            { name: 'T1' },
            { name: 'T2', normalisation: { kind: 'window', lower: -200, upper: 200 } },
            { name: 'FLAIR' },
          ],
          dimensions: 2,
          neighbours: 1,
          normalisation: { kind: 'z-score', over: 'volume' },
        },
      },
      readFileSync(join(networks, 'network.onnx')),
    );
  });
  afterAll(async () => {
    await service?.close();
    rmSync(packs, { recursive: true, force: true });
  });

  it('gives torch’s mask on the first one’s grid, in whatever order they are stated', async () => {
    const answer = await run([
      { name: 'FLAIR', volume: third },
      { name: 'T2', volume: second },
    ]);
    expect(answer.labelmap.size).toEqual(first.geometry.size);
    let wrong = 0;
    for (const [n, label] of answer.labelmap.voxels.entries()) if (label !== wanted[n]) wrong++;
    expect(wrong / wanted.length).toBeLessThan(0.001);
    const steps = answer.provenance.trace as { step: string; channel?: string }[];
    expect(steps.filter(({ step }) => step === 'regrid').map(({ channel }) => channel)).toEqual(['FLAIR']);
    expect(steps.filter(({ step }) => step === 'normalise').map(({ channel }) => channel)).toEqual([
      'T1',
      'T2',
      'FLAIR',
    ]);
  });

  it('is refused, with the names and how to state them, until each series is stated', async () => {
    await expect(run([{ name: 'T2', volume: second }])).rejects.toMatchObject({
      code: 'model/channels-unstated',
      message: expect.stringContaining('T1, T2, FLAIR'),
      hint: expect.stringContaining('--channel "FLAIR=SERIES"'),
    });
    await expect(run([])).rejects.toMatchObject({ code: 'model/channels-unstated' });
  });

  it.each([
    ['a name that it does not have', 'model/channel-unknown', () => [{ name: 'PD', volume: second }]],
    [
      'one series for two channels',
      'model/channel-twice',
      () => [
        { name: 'T2', volume: second },
        { name: 'FLAIR', volume: second },
      ],
    ],
    [
      'the first series for another channel too',
      'model/channel-twice',
      () => [
        { name: 'T2', volume: first },
        { name: 'FLAIR', volume: third },
      ],
    ],
    [
      'another series for the first channel',
      'model/channel-not-first',
      () => [
        { name: 'T1', volume: second },
        { name: 'T2', volume: first },
        { name: 'FLAIR', volume: third },
      ],
    ],
    [
      'a series of another place',
      'model/channel-apart',
      () => [
        { name: 'T2', volume: second },
        { name: 'FLAIR', volume: { ...third, geometry: { ...third.geometry, originLps: worldPoint(500, 0, 0) } } },
      ],
    ],
  ])('is refused for %s', async (_, code, channels) => {
    await expect(run(channels())).rejects.toMatchObject({ code });
  });

  it('is refused for a series of another modality', async () => {
    const channels = [
      { name: 'T2', volume: second },
      { name: 'FLAIR', volume: third },
    ];
    await expect(run(channels, 'CT')).rejects.toMatchObject({ code: 'model/wrong-modality' });
  });

  it('is listed with the names of its series', async () => {
    const [summary] = await service.models();
    expect(summary?.channels).toEqual(['T1', 'T2', 'FLAIR']);
  });
});
