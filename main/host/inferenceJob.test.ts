import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { blobRoutes, REQUEST_HEADER } from '#contract/blobRoutes.ts';
import { inferenceResult } from '#contract/schemas/inference.ts';
import type { SegmentationDetail } from '#contract/schemas/segmentation.ts';
import { syntheticStack } from '../import/syntheticDicom.ts';
import { writeTestPack } from '../inference/testPack.ts';
import { createHost } from './createHost.ts';
import { hostCalls } from './hostCalls.ts';

it('keeps with a network’s proposal that slices are missing and how sure it was, and lets both go with it', async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'lantern-inference-job-'));
  await mkdir(join(scratch, 'study'));
  const files = syntheticStack([0, 2, 4, 8, 10], { intercept: '0' });
  for (const [n, bytes] of files.entries()) await writeFile(join(scratch, 'study', `image_${n}`), bytes);
  writeTestPack(join(scratch, 'models'), 'bright');
  const host = await createHost({ vaultFolder: join(scratch, 'vault'), modelFolders: [join(scratch, 'models')] });
  const { call, job } = hostCalls(() => host);
  await call('vault/create', { name: 'Clinic', userName: 'Dr Test', passphrase: 'a quiet lantern at night' });
  const { result } = await job('imports/start', { paths: [join(scratch, 'study')] });
  const [seriesId] = (result as { series: string[] }).series;
  const done = await job('inference/run', { seriesId, modelId: 'bright' });
  expect(done).toMatchObject({ state: 'done' });
  const { segmentationId, warnings } = inferenceResult.parse(done.result);
  expect(warnings.map(({ code }) => code)).toContain('series/missing-slice');
  const { provenance } = await call('segmentations/get', { id: segmentationId });
  expect(provenance).toMatchObject({ warnings, doubt: { kind: 'entropy', answers: 1 } });

  // How sure it was is kept beside the proposal, and goes with it.
  const { places } = await call('segmentations/doubt', { id: segmentationId });
  expect(Array.isArray(places)).toBe(true);
  const blob = () =>
    host.handler(
      new Request(`http://lantern.invalid${blobRoutes.doubt(segmentationId)}`, { headers: { [REQUEST_HEADER]: '1' } }),
    );
  const { geometry } = await call<SegmentationDetail>('segmentations/get', { id: segmentationId });
  const [ni, nj, nk] = geometry.size;
  expect((await (await blob()).arrayBuffer()).byteLength).toBe(ni * nj * nk);
  const objects = async () => (await readdir(join(scratch, 'vault', 'objects'), { recursive: true })).length;
  const before = await objects();
  await call('segmentations/remove', { id: segmentationId });
  expect(await (await blob()).json()).toMatchObject({ code: 'segmentation/no-doubt' });
  // The mask and the doubt.
  await expect.poll(objects).toBeLessThanOrEqual(before - 2);

  const plain = await job('inference/run', { seriesId, modelId: 'bright', doubt: 'no' });
  const { segmentationId: id } = inferenceResult.parse(plain.result);
  expect(await call('segmentations/doubt', { id })).toEqual({ places: null });
  const refused = await job('inference/run', { seriesId, modelId: 'bright', ensemble: ['absent'] });
  expect(refused).toMatchObject({ state: 'failed', error: { code: 'model/unknown' } });
  await job('inference/run', { seriesId, modelId: 'bright' });
  const { studies } = await call<{ studies: { id: string }[] }>('studies/list', {});
  expect(await call('studies/remove', { id: studies[0]?.id })).toEqual({ ok: true });
  await host.close();
  await rm(scratch, { recursive: true, force: true });
});
