import { generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { blobRoutes } from '#contract/blobRoutes.ts';
import { importedModelResult, type ModelLook, modelLook } from '#contract/schemas/model.ts';
import { convolutionNetwork } from '#core/inference/onnx/convolutionNetwork.ts';
import { type Adapter, adapters } from '../../test/adapters/adapter.ts';
import { writeTestPack } from '../inference/testPack.ts';
import { writeFiles, writeNnunetExport, zipOf } from '../models/testSources.ts';

let scratch: string;
let models: string;
let adapter: Adapter;
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'lantern-model-jobs-'));
  models = join(scratch, 'models');
  const shipped = join(scratch, 'shipped');
  writeTestPack(shipped, 'own');
  const [, start] = adapters[0] ?? [];
  if (!start) throw new Error('no adapter');
  const vaultFolder = join(scratch, 'vault');
  adapter = await start({ vaultFolder, modelFolders: [shipped, models], importedModelsFolder: models });
  await adapter.rpc.vault.create({ name: 'Clinic', userName: 'Dr Test', passphrase: 'a quiet lantern at night' });
});
afterAll(async () => {
  await adapter.close();
  rmSync(scratch, { recursive: true, force: true });
});
let stick: string;
beforeEach(() => {
  stick = mkdtempSync(join(scratch, 'stick-'));
});

async function look(order: { path: string; orientation?: string } | { uploadId: string }): Promise<ModelLook> {
  const job = await adapter.settled(adapter.rpc.models.look(order));
  if (job.state !== 'done') throw job.error;
  return modelLook.parse(job.result);
}
/** The prompt model comes with the program and is always listed. */
const listed = async () => (await adapter.rpc.models.list()).models.filter(({ kind }) => kind === 'network');
/** Nothing that was not taken leaves a trace. */
const leftovers = () => (existsSync(models) ? readdirSync(models).filter((name) => name.startsWith('.')) : []);

it('shows what a folder holds, runs nothing before a person answers for it, and then takes it in', async () => {
  writeTestPack(stick, 'bright', { licence: 'CC BY 4.0', intendedUse: 'Research only.' });
  const found = await look({ path: join(stick, 'bright') });
  expect(found).toMatchObject({ id: 'bright', licence: 'CC BY 4.0', use: 'research', classes: ['Bright'] });
  expect(found).toMatchObject({ signedBy: null, hasSignature: false, replaces: null, card: '# bright\n' });
  expect(found.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(found.files.map(({ name }) => name).sort()).toEqual(['card.md', 'manifest.json', 'model.onnx']);
  expect((await listed()).map(({ id }) => id)).toEqual(['own']);

  const { lookId } = found;
  const refused = await adapter.settled(adapter.rpc.models.import({ lookId, trust: false }));
  expect(refused).toMatchObject({ state: 'failed', error: { code: 'model/not-trusted' } });
  const taken = await adapter.settled(adapter.rpc.models.import({ lookId, trust: true }));
  expect(importedModelResult.parse(taken.result)).toMatchObject({ id: 'bright' });
  expect(taken.progress.phase).toBe('Trying it on a phantom');
  expect((await listed()).map(({ id, isImported, problem }) => [id, isImported, problem])).toEqual([
    ['own', false, null],
    ['bright', true, null],
  ]);
  expect(leftovers()).toEqual([]);
  expect((await look({ path: join(stick, 'bright') })).replaces).toBe('1.0.0');
});

it('removes what was imported and nothing else', async () => {
  await adapter.rpc.models.remove({ id: 'bright' });
  expect((await listed()).map(({ id }) => id)).toEqual(['own']);
  await expect(adapter.rpc.models.remove({ id: 'own' })).rejects.toMatchObject({
    data: { code: 'model/not-imported' },
  });
});

it('takes a signed pack of a trusted key without a word, and says whose it is', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  writeFiles(join(models, 'trusted-keys'), {
    'Clinic physics.pem': String(publicKey.export({ type: 'spki', format: 'pem' })),
  });
  writeTestPack(stick, 'signed');
  const pack = join(stick, 'signed');
  const { createHash } = await import('node:crypto');
  const sums = readdirSync(pack)
    .map(
      (name) =>
        `${createHash('sha256')
          .update(readFileSync(join(pack, name)))
          .digest('hex')}  ${name}\n`,
    )
    .join('');
  writeFiles(pack, { SHA256SUMS: sums, 'SHA256SUMS.sig': sign(null, Buffer.from(sums), privateKey) });
  const found = await look({ path: pack });
  expect(found).toMatchObject({ signedBy: 'Clinic physics', hasSignature: true });
  const taken = await adapter.settled(adapter.rpc.models.import({ lookId: found.lookId, trust: false }));
  expect(taken.state).toBe('done');
  await adapter.rpc.models.remove({ id: 'signed' });
});

it('takes a .zip file that a page has sent, and drops the upload', async () => {
  writeTestPack(stick, 'zipped');
  const begun = await adapter.request(blobRoutes.uploads(), { method: 'POST' });
  const { uploadId } = (await begun.json()) as { uploadId: string };
  const body = zipOf(join(stick, 'zipped'), 'zipped/') as Uint8Array<ArrayBuffer>;
  await adapter.request(blobRoutes.uploadFile(uploadId, 'zipped.zip'), { method: 'PUT', body });
  const found = await look({ uploadId });
  expect(found.id).toBe('zipped');
  await expect(look({ uploadId })).rejects.toMatchObject({ data: { code: 'import/unknown-upload' } });
  await adapter.rpc.models.discardLook({ lookId: found.lookId });
  const gone = await adapter.settled(adapter.rpc.models.import({ lookId: found.lookId, trust: true }));
  expect(gone.error?.code).toBe('model/unknown-look');
});

it('asks how the images lie where an export does not say, and goes on with the answer', async () => {
  writeNnunetExport(join(stick, 'kidney'));
  const path = join(stick, 'kidney');
  await expect(look({ path })).rejects.toMatchObject({ code: 'model/orientation-unknown' });
  const found = await look({ path, orientation: 'RAS' });
  expect(found).toMatchObject({ name: expect.stringContaining('Kidney'), use: 'research', licence: 'CC BY 4.0' });
});

it('keeps nothing of a network that does not do what its manifest says, or of one that was exchanged', async () => {
  writeTestPack(stick, 'liar', {}, convolutionNetwork({ widths: [2], classes: 3 }));
  const liar = await look({ path: join(stick, 'liar') });
  const refused = await adapter.settled(adapter.rpc.models.import({ lookId: liar.lookId, trust: true }));
  expect(refused.error?.code).toBe('model/shape-mismatch');
  writeTestPack(stick, 'exchanged');
  writeFileSync(join(stick, 'exchanged', 'model.onnx'), 'something else');
  await expect(look({ path: join(stick, 'exchanged') })).rejects.toMatchObject({ code: 'model/hash-mismatch' });
  writeTestPack(stick, 'own');
  await expect(look({ path: join(stick, 'own') })).rejects.toMatchObject({ code: 'model/id-taken' });
  await expect(look({ path: stick.replace('stick', 'nowhere') })).rejects.toMatchObject({ code: 'model/no-source' });
});

it('forgets what was looked at and not taken when the vault is locked', async () => {
  expect(leftovers()).not.toEqual([]);
  await adapter.rpc.vault.lock();
  expect(leftovers()).toEqual([]);
});
