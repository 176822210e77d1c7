import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inferenceResult } from '#contract/schemas.ts';
import { syntheticStack } from '../import/syntheticDicom.ts';
import { writeTestPack } from '../inference/testPack.ts';
import { createHost } from './createHost.ts';

it('says with a network’s result that slices are missing, and keeps it with the proposal', async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'lantern-inference-job-'));
  await mkdir(join(scratch, 'study'));
  const files = syntheticStack([0, 2, 4, 8, 10], { intercept: '0' });
  for (const [n, bytes] of files.entries()) await writeFile(join(scratch, 'study', `image_${n}`), bytes);
  writeTestPack(join(scratch, 'models'), 'bright');
  const host = await createHost({ vaultFolder: join(scratch, 'vault'), modelFolders: [join(scratch, 'models')] });
  const call = async (procedure: string, json: unknown): Promise<Record<string, never>> => {
    const headers = { 'x-lantern-request': '1', 'content-type': 'application/json' };
    const body = JSON.stringify({ json });
    const request = new Request(`http://lantern.invalid/rpc/${procedure}`, { method: 'POST', headers, body });
    return ((await (await host.handler(request)).json()) as { json: Record<string, never> }).json;
  };
  await call('vault/create', { name: 'Clinic', userName: 'Dr Test', passphrase: 'a quiet lantern at night' });
  const job = async (procedure: string, json: unknown) =>
    host.jobs.settled((await call(procedure, json))['jobId'] ?? '');
  const { result } = await job('imports/start', { paths: [join(scratch, 'study')] });
  const [seriesId] = (result as { series: string[] }).series;
  const done = await job('inference/run', { seriesId, modelId: 'bright' });
  expect(done).toMatchObject({ state: 'done' });
  const { segmentationId, warnings } = inferenceResult.parse(done.result);
  expect(warnings.map(({ code }) => code)).toContain('series/missing-slice');
  const { provenance } = await call('segmentations/get', { id: segmentationId });
  expect(provenance).toMatchObject({ warnings });
  await host.close();
  await rm(scratch, { recursive: true, force: true });
});
