/** The command line as a script sees it: a process, its standard output, its exit status. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNifti } from '#core/formats/nifti.ts';
import { writePhantomDicom } from '../../main/demo/phantomDicom.ts';

const program = fileURLToPath(new URL('../../main/cli/lantern.ts', import.meta.url));
const PASSPHRASE = 'a quiet lantern at night';

let scratch: string;
let vault: string;
let phantom: string;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'lantern-cli-'));
  vault = join(scratch, 'vault');
  phantom = join(scratch, 'phantom');
  await writePhantomDicom(phantom, undefined, { size: [48, 40, 12], spacingMm: [8, 8, 20] });
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, LANTERN_PASSPHRASE: PASSPHRASE, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (piece) => {
    stdout += piece;
  });
  child.stderr?.on('data', (piece) => {
    stderr += piece;
  });
  return {
    child,
    ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr }))),
  };
}

/** Runs a command with --json; the answer must be one document and nothing else. */
async function lantern(...args: string[]): Promise<Ended & { json: Record<string, never> & { error?: unknown } }> {
  const ended = await start([...args, '--vault', vault, '--json']).ended;
  return { ...ended, json: JSON.parse(ended.stdout) };
}

async function onlySeries(): Promise<{ id: string; size: number[]; segmentations: { name: string }[] }> {
  const { json } = await lantern('list');
  return (json as unknown as { studies: { series: never[] }[] }).studies[0]?.series[0] as never;
}

describe('a study from import to export', () => {
  it('is made, imported and listed, with progress on standard error alone', async () => {
    const made = await lantern('init');
    expect(made.code).toBe(0);
    expect(made.json).toMatchObject({ vault, recoveryCode: expect.stringMatching(/^[\w-]{20,}$/) });
    const imported = await lantern('import', phantom);
    expect(imported.code).toBe(0);
    expect(imported.json).toMatchObject({ imported: 12, duplicates: 0, failed: 0 });
    expect(imported.stderr).toContain('Import');
    expect(await onlySeries()).toMatchObject({ size: [48, 40, 12], segmentations: [] });
  });

  it('is thresholded by bounds that may be negative, in one step that can be undone', async () => {
    const { id } = await onlySeries();
    const { code, json } = await lantern('threshold', id, '--min', '-200', '--max', '3000', '--name', 'Body');
    expect(code).toBe(0);
    const { segmentation } = json as unknown as { segmentation: { segments: { voxels: number }[] } };
    expect(segmentation).toMatchObject({ name: 'Body', state: 'accepted', segments: [{ number: 1, name: 'Body' }] });
    const file = join(scratch, 'volume.nii.gz');
    expect((await lantern('volume', id, '--out', file)).code).toBe(0);
    const { scalars } = readNifti(new Uint8Array(await readFile(file)));
    const inside = Array.from(scalars).filter((value) => value >= -200 && value <= 3000);
    expect(segmentation.segments[0]?.voxels).toBe(inside.length);
  });

  it('fails in words where nothing could be imported', async () => {
    const empty = join(scratch, 'empty');
    await mkdir(empty);
    const none = await lantern('import', empty);
    expect(none.code).toBe(1);
    expect(none.json.error).toMatchObject({ code: expect.stringMatching(/^import\//), message: expect.any(String) });
    await writeFile(join(empty, 'note.txt'), 'hello');
    expect((await lantern('import', empty)).code).toBe(1);
    expect((await lantern('import', join(scratch, 'missing'))).code).toBe(1);
  });
});

describe('mistakes', () => {
  it.each([
    [['frobnicate'], 'argument/unknown-command'],
    [[], 'argument/usage'],
    [['list', '--frobnicate'], 'argument/usage'],
    [['segment', 'x'], 'argument/no-model'],
    [['volume'], 'argument/usage'],
    [
      ['segment', 'x', '--model', 'prompt', '--point', '1,2,3,1', '--uncertainty', 'x.nii.gz'],
      'argument/not-with-prompt',
    ],
    [['threshold', 'x', '--min', 'low', '--max', '1', '--name', 'x'], 'argument/number'],
    [['accept', 'x', '--segments', '1,all'], 'argument/segments'],
    [['export', 'x', '--format', 'docx', '--out', 'x'], 'argument/format'],
    [['volume', 'x', '--out', 'x.docx'], 'argument/format'],
    [['list', '--vault', '/nowhere/at/all'], 'vault/not-found'],
  ])('%j is told as %s', async (args, code) => {
    const { code: exitCode, stdout } = await start([...args, '--json']).ended;
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout).error).toMatchObject({ code, message: expect.any(String), hint: expect.any(String) });
  });

  it('tells a missing and a wrong passphrase apart', async () => {
    const args = ['list', '--vault', vault, '--json'];
    const missing = await start(args, { LANTERN_PASSPHRASE: '' }).ended;
    expect(JSON.parse(missing.stdout).error.code).toBe('argument/no-passphrase');
    const wrong = await start(args, { LANTERN_PASSPHRASE: 'not the passphrase 1234' }).ended;
    expect(JSON.parse(wrong.stdout).error.code).toBe('vault/wrong-passphrase');
    expect([missing.code, wrong.code]).toEqual([1, 1]);
  });

  it('speaks to a person without --json: the failure on standard error, the answer on standard output', async () => {
    const failed = await start(['list', '--vault', '/nowhere/at/all']).ended;
    expect(failed).toMatchObject({ code: 1, stdout: '' });
    expect(failed.stderr).toContain('There is no vault in this folder.');
    const listed = await start(['list', '--vault', vault]).ended;
    expect(listed.stdout).toContain('48 × 40 × 12 voxels');
    const help = await start(['--help']).ended;
    expect(help.code).toBe(0);
    expect(help.stdout).toContain('threshold');
  });
});

describe('ends from outside', () => {
  it('leaves with 130 at Ctrl C, and the vault can be opened again', async () => {
    const large = join(scratch, 'large');
    await writePhantomDicom(large, undefined, { size: [128, 128, 60], seed: 7 });
    const { child, ended } = start(['import', large, '--vault', vault, '--json']);
    await new Promise<void>((resolve) => child.stderr?.on('data', (text) => /reading/.test(text) && resolve()));
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    expect(JSON.parse(stdout).error.code).toBe('job/cancelled');
    expect((await lantern('list')).code).toBe(0);
  });

  it('serves until it is told to end: one line with an address, which answers only with its token', async () => {
    const { child, ended } = start(['serve', '--vault', vault, '--json']);
    const line = await new Promise<string>((resolve) => child.stdout?.once('data', (text) => resolve(String(text))));
    const { url } = JSON.parse(line) as { url: string };
    expect((await fetch(new URL('/', url))).status).toBe(403);
    const entry = await fetch(url, { redirect: 'manual' });
    expect(entry.status).toBe(303);
    const cookie = (entry.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    expect(await (await fetch(new URL('/', url), { headers: { cookie } })).text()).toContain('Lantern');
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
  });
});

describe('a variant of a model', () => {
  it('verifies a pack by its folder or by the id of a model, and says when there is neither', async () => {
    for (const pack of ['phantom-organs', fileURLToPath(new URL('../../models/phantom-organs', import.meta.url))]) {
      const { code, json } = await lantern('models', 'verify', pack);
      expect(json).toMatchObject({ id: 'phantom-organs', ok: true, problems: [] });
      expect(code).toBe(0);
    }
    const { code, json } = await lantern('models', 'verify', 'no-such-model');
    expect(json).toMatchObject({ error: { code: 'model/unknown' } });
    expect(code).toBe(1);
  });

  it('that is not worth it answers with its figures and an error, and is not written', async () => {
    const out = join(scratch, 'organs-8');
    const { code, json, stderr } = await lantern('models', 'quantize', 'phantom-organs', '--out', out);
    expect(code).toBe(1);
    expect(json).toMatchObject({
      kept: false,
      folder: null,
      parent: { id: 'phantom-organs' },
      needed: { meanDice: 0.99, leastDice: 0.98, speedup: 1.2 },
      error: { code: 'model/variant-not-worth-it' },
    });
    expect(stderr).toContain('Calibrating');
    await expect(readFile(join(out, 'manifest.json'))).rejects.toThrow();
  });
});
