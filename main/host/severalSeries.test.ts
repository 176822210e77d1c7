import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inferenceResult } from '#contract/schemas/inference.ts';
import type { SeriesDetail } from '#contract/schemas/study.ts';
import { flatThresholdNetwork } from '#core/inference/onnx/convolutionNetwork.ts';
import { syntheticStack } from '../import/syntheticDicom.ts';
import { writeTestPack } from '../inference/testPack.ts';
import { importModel } from '../models/importModel.ts';
import { writeBratsBundle } from '../models/testSources.ts';
import { createHost, type Host } from './createHost.ts';
import { hostCalls } from './hostCalls.ts';

const DATA = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const present = existsSync(join(DATA, 'mr-brain-tumour'));
if (!present) process.stderr.write('\n*** SKIPPED: four MR series together; ../shared/data is not here ***\n\n');

const NAMES = ['T1pre', 'T1post', 'T2', 'FLAIR'];

describe.skipIf(!present)('a network of four MR series', () => {
  let scratch = '';
  let host: Host;
  const ids = new Map<string, string>();

  const { call, job } = hostCalls(() => host);
  const channels = (...names: string[]) => names.map((name) => ({ name, seriesId: ids.get(name) ?? '' }));
  const segment = (stated: { name: string; seriesId: string }[], modelId = 'four', first = 'T1pre') =>
    job('inference/run', { seriesId: ids.get(first), modelId, channels: stated });

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'lantern-four-series-'));
    const input = {
      channels: NAMES.map((name) => ({ name })),
      dimensions: 2 as const,
      normalisation: { kind: 'z-score', over: 'nonzero' } as const,
    };
    // Bright where the four z-scores together are above 4.
    writeTestPack(join(scratch, 'models'), 'four', { modality: 'MR', input }, flatThresholdNetwork(4, 4));
    const two = { ...input, channels: [{ name: 'T1pre' }, { name: 'CT' }] };
    writeTestPack(join(scratch, 'models'), 'two', { modality: 'any', input: two }, flatThresholdNetwork(4, 2));
    host = await createHost({ vaultFolder: join(scratch, 'vault'), modelFolders: [join(scratch, 'models')] });
    await call('vault/create', { name: 'Clinic', userName: 'Dr Test', passphrase: 'a quiet lantern at night' });
    const take = async (name: string, path: string): Promise<void> => {
      const { result } = await job('imports/start', { paths: [path] });
      ids.set(name, (result as { series: string[] }).series[0] ?? '');
    };
    for (const name of NAMES) await take(name, join(DATA, 'mr-brain-tumour', name));
    await take('HippoCrop', join(DATA, 'mr-brain-tumour/HippoCrop'));
    for (const [name, change] of [
      ['CT', { series: '1.2.3.1', frameOfReference: '1.2.9.1' }],
      ['moved CT', { series: '1.2.3.2', frameOfReference: '1.2.9.2' }],
      ['frameless CT', { series: '1.2.3.3', columns: 8 }],
    ] as const) {
      await mkdir(join(scratch, name));
      const files = syntheticStack([0, 2, 4, 6, 8], change);
      for (const [n, bytes] of files.entries()) await writeFile(join(scratch, name, `image_${n}`), bytes);
      await take(name, join(scratch, name));
    }
  });
  afterAll(async () => {
    await host?.close();
    await rm(scratch, { recursive: true, force: true });
  });

  it('marks what the four volumes say together, on the first one’s grid, and keeps which series was which', async () => {
    const done = await segment(channels('FLAIR', 'T2', 'T1post'));
    expect(done).toMatchObject({ state: 'done' });
    const { segmentationId } = inferenceResult.parse(done.result);
    const detail = await call<{ provenance: { channels: object[] }; voxels: Record<string, number> }>(
      'segmentations/get',
      { id: segmentationId },
    );
    expect(detail.provenance.channels).toEqual(channels('FLAIR', 'T2', 'T1post'));

    const volumes = await Promise.all(NAMES.map((name) => zScores(host, call, ids.get(name) ?? '')));
    const [first = new Float64Array(0)] = volumes;
    const bright = first.reduce((sum, _, n) => sum + (volumes.reduce((s, v) => s + (v[n] ?? 0), 0) > 4 ? 1 : 0), 0);
    expect(bright).toBeGreaterThan(1000);
    expect(Math.abs((detail.voxels['1'] ?? 0) - bright) / bright).toBeLessThan(0.001);
  });

  it('of a MONAI bundle for BraTS proposes regions that share voxels, each a segment with all of its own', async () => {
    const { id } = await importModel({
      path: writeBratsBundle(join(scratch, 'brats')),
      modelsFolder: join(scratch, 'models'),
      shippedFolders: [],
      trust: true,
      orientation: 'RAS',
    });
    const names = ['T1post', 'T1pre', 'T2', 'FLAIR'];
    const [first = '', ...others] = names;
    const channelNames = ['T1', 'T2', 'FLAIR'];
    const stated = others.map((name, n) => ({ name: channelNames[n] ?? '', seriesId: ids.get(name) ?? '' }));
    const volumes = await Promise.all(names.map((name) => zScores(host, call, ids.get(name) ?? '')));
    const sums = Float64Array.from(volumes[0] ?? [], (_, n) => volumes.reduce((s, v) => s + (v[n] ?? 0), 0));
    const above = (threshold: number) => sums.reduce((count, sum) => count + (sum > threshold ? 1 : 0), 0);
    const runs = [{}, { flips: true }, { doubt: 'required' }];
    for (const how of runs) {
      const done = await job('inference/run', { seriesId: ids.get(first), modelId: id, channels: stated, ...how });
      expect(done).toMatchObject({ state: 'done' });
      const { segmentationId } = inferenceResult.parse(done.result);
      const { segments, voxels } = await call<{
        segments: { number: number; name: string; layer: number }[];
        voxels: Record<string, number>;
      }>('segmentations/get', { id: segmentationId });
      expect(segments.map(({ name }) => name)).toEqual(['Tumor core', 'Whole tumor', 'Enhancing tumor']);
      expect(new Set(segments.map(({ layer }) => layer)).size).toBe(3);
      for (const [n, threshold] of [2, 1, 3].entries()) {
        const expected = above(threshold);
        expect(expected).toBeGreaterThan(1000);
        expect(Math.abs((voxels[String(n + 1)] ?? 0) - expected) / expected, JSON.stringify(how)).toBeLessThan(0.001);
      }
    }
  });

  it('asks in words for what was not stated', async () => {
    expect((await segment(channels('T2'))).error).toMatchObject({
      code: 'model/channels-unstated',
      message: expect.stringContaining('T1pre, T1post, T2, FLAIR'),
    });
  });

  it('refuses a series of another patient', async () => {
    expect((await segment(channels('CT'), 'two')).error).toMatchObject({ code: 'model/other-patient' });
  });

  it('refuses a series that was taken in another frame of reference, and warns where none is stated', async () => {
    const beside = (name: string) => segment([{ name: 'CT', seriesId: ids.get(name) ?? '' }], 'two', 'CT');
    expect((await beside('moved CT')).error).toMatchObject({ code: 'model/frame-differs' });
    expect((await beside('frameless CT')).result).toMatchObject({
      warnings: expect.arrayContaining([expect.objectContaining({ code: 'model/frame-unknown' })]),
    });
  });

  it('refuses a series that shows only a part of the first one', async () => {
    const small = [...channels('T1post', 'T2'), { name: 'FLAIR', seriesId: ids.get('HippoCrop') ?? '' }];
    expect((await segment(small)).error).toMatchObject({ code: 'model/channel-apart' });
  });
});

/** The series' voxels as the network reads them: mean and deviation of those that are not 0, and 0 stays 0. */
async function zScores(
  host: Host,
  call: <T>(procedure: string, json: unknown) => Promise<T>,
  seriesId: string,
): Promise<Float64Array> {
  const { volume } = await call<SeriesDetail>('series/get', { id: seriesId });
  const { id, scalarType } = volume;
  const headers = { 'x-lantern-request': '1' };
  const answer = await host.handler(new Request(`http://lantern.invalid/blob/volumes/${id}`, { headers }));
  const bytes = await answer.arrayBuffer();
  expect(['int16', 'uint16']).toContain(scalarType);
  const values: readonly number[] = Array.from(scalarType === 'int16' ? new Int16Array(bytes) : new Uint16Array(bytes));
  const seen = values.filter((v) => v !== 0);
  const mean = seen.reduce((sum, v) => sum + v, 0) / seen.length;
  const deviation = Math.sqrt(seen.reduce((sum, v) => sum + (v - mean) ** 2, 0) / seen.length);
  return Float64Array.from(values, (v) => (v === 0 ? 0 : (v - mean) / deviation));
}
