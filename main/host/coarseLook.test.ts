import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { blobRoutes, REQUEST_HEADER } from '#contract/blobRoutes.ts';
import type { Job } from '#contract/schemas/job.ts';
import { syntheticStack } from '../import/syntheticDicom.ts';
import { writeTestPack } from '../inference/testPack.ts';
import { createHost } from './createHost.ts';
import { hostCalls } from './hostCalls.ts';

it('offers a run’s coarse look while it goes on, to an unlocked window alone, and keeps nothing of it', async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'lantern-coarse-job-'));
  // What this machine remembers of earlier looks would decide whether there is one.
  vi.stubEnv('XDG_STATE_HOME', join(scratch, 'state'));
  await mkdir(join(scratch, 'study'));
  const places = Array.from({ length: 24 }, (_, n) => 2 * n);
  for (const [n, bytes] of syntheticStack(places, { intercept: '0', rows: 24, columns: 24 }).entries())
    await writeFile(join(scratch, 'study', `image_${n}`), bytes);
  writeTestPack(join(scratch, 'models'), 'bright', { window: { size: [4, 4, 4], overlap: 0.5 } });
  const models = [join(scratch, 'models')];
  const host = await createHost({ vaultFolder: join(scratch, 'vault'), modelFolders: models, coarseFromSeconds: 0 });
  const { call, job: settled } = hostCalls(() => host);
  await call('vault/create', { name: 'Clinic', userName: 'Dr Test', passphrase: 'a quiet lantern at night' });
  const { result } = await settled('imports/start', { paths: [join(scratch, 'study')] });
  const [seriesId] = (result as { series: string[] }).series;

  const labels = (id: string): Promise<Response> =>
    host.handler(
      new Request(`http://lantern.invalid${blobRoutes.coarseLook(id)}`, { headers: { [REQUEST_HEADER]: '1' } }),
    );
  let seen: { job: Job; bytes: Promise<Response> } | null = null;
  const stop = host.jobs.subscribe((job) => {
    if (job.coarse && !seen) seen = { job, bytes: labels(job.id) };
  });
  const done = await settled('inference/run', { seriesId, modelId: 'bright', coarse: true });
  stop();
  expect(done.state).toBe('done');
  expect(done.coarse).toBeUndefined();
  if (!seen) throw new Error('no coarse look');
  const { job, bytes } = seen as { job: Job; bytes: Promise<Response> };
  expect(job.coarse).toMatchObject({ seriesId, bytesPerVoxel: 1, agreement: null });
  expect(job.result).toBeNull();
  const [ni = 0, nj = 0, nk = 0] = job.coarse?.size ?? [];
  expect((await (await bytes).arrayBuffer()).byteLength).toBe(ni * nj * nk);
  expect(await (await labels(done.id)).json()).toMatchObject({ code: 'job/no-coarse-look' });

  // Nobody asked for one: a script, the command line.
  const plain: Job[] = [];
  const stopPlain = host.jobs.subscribe((one) => void plain.push(one));
  await settled('inference/run', { seriesId, modelId: 'bright' });
  stopPlain();
  expect(plain.some(({ coarse }) => coarse)).toBe(false);
  const { series } = await call<{ series: { segmentations: unknown[] } }>('series/get', { id: seriesId });
  expect(series.segmentations).toHaveLength(2);
  await host.lock();
  expect(await (await labels(done.id)).json()).toMatchObject({ code: 'vault/locked' });
  await host.close();
  await rm(scratch, { recursive: true, force: true });
});
