import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { blobRoutes } from '#contract/blobRoutes.ts';
import type { Job } from '#contract/schemas.ts';
import { syntheticStack } from '../import/syntheticDicom.ts';
import { writeTestPack } from '../inference/testPack.ts';
import { createHost } from './createHost.ts';

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
  const headers = { 'x-lantern-request': '1', 'content-type': 'application/json' };
  const call = async (procedure: string, json: unknown): Promise<Record<string, never>> => {
    const body = JSON.stringify({ json });
    const request = new Request(`http://lantern.invalid/rpc/${procedure}`, { method: 'POST', headers, body });
    return ((await (await host.handler(request)).json()) as { json: Record<string, never> }).json;
  };
  await call('vault/create', { name: 'Clinic', userName: 'Dr Test', passphrase: 'a quiet lantern at night' });
  const imported = await call('imports/start', { paths: [join(scratch, 'study')] });
  const { result } = await host.jobs.settled(imported['jobId'] ?? '');
  const [seriesId] = (result as { series: string[] }).series;

  const labels = (id: string): Promise<Response> =>
    host.handler(new Request(`http://lantern.invalid${blobRoutes.coarseLook(id)}`, { headers }));
  let seen: { job: Job; bytes: Promise<Response> } | null = null;
  const stop = host.jobs.subscribe((job) => {
    if (job.coarse && !seen) seen = { job, bytes: labels(job.id) };
  });
  const { jobId = '' } = await call('inference/run', { seriesId, modelId: 'bright', coarse: true });
  const done = await host.jobs.settled(jobId);
  stop();
  expect(done.state).toBe('done');
  expect(done.coarse).toBeUndefined();
  if (!seen) throw new Error('no coarse look');
  const { job, bytes } = seen as { job: Job; bytes: Promise<Response> };
  expect(job.coarse).toMatchObject({ seriesId, bytesPerVoxel: 1, agreement: null });
  expect(job.result).toBeNull();
  const [ni = 0, nj = 0, nk = 0] = job.coarse?.size ?? [];
  expect((await (await bytes).arrayBuffer()).byteLength).toBe(ni * nj * nk);
  expect(await (await labels(jobId)).json()).toMatchObject({ code: 'job/no-coarse-look' });

  // Nobody asked for one: a script, the command line.
  const plain: Job[] = [];
  const stopPlain = host.jobs.subscribe((one) => void plain.push(one));
  const { jobId: plainId = '' } = await call('inference/run', { seriesId, modelId: 'bright' });
  await host.jobs.settled(plainId);
  stopPlain();
  expect(plain.some(({ coarse }) => coarse)).toBe(false);
  const { series } = (await call('series/get', { id: seriesId })) as unknown as {
    series: { segmentations: unknown[] };
  };
  expect(series.segmentations).toHaveLength(2);
  await host.lock();
  expect(await (await labels(jobId)).json()).toMatchObject({ code: 'vault/locked' });
  await host.close();
  await rm(scratch, { recursive: true, force: true });
});
