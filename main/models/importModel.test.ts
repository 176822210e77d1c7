import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { writeTestPack } from '../inference/testPack.ts';
import { testImports } from './testImports.ts';
import { writeFiles, zipOf } from './testSources.ts';

const { at, inModels, kept, manifestOf, refusal, taken } = testImports();

function stick(id = 'good'): string {
  writeTestPack(at('stick'), id);
  return at('stick', id);
}

describe('a pack', () => {
  it('is taken from a folder, without what does not belong to it', async () => {
    const path = stick();
    writeFiles(path, { 'autorun.exe': 'x', 'golden/notes.txt': 'x', 'deep/manifest.json': '{}' });
    symlinkSync('/etc/hostname', join(path, 'LICENSE'));
    expect(await taken(path)).toEqual({ id: 'good', folder: inModels('good'), signedBy: null });
    expect(readdirSync(inModels('good')).sort()).toEqual(['card.md', 'golden', 'manifest.json', 'model.onnx']);
    expect(kept()).toEqual(['good']);
  });

  it.each(['', 'some folder/'])('is taken from a .zip file, under “%s”', async (prefix) => {
    const file = at('pack.zip');
    writeFileSync(file, zipOf(stick(), prefix));
    expect((await taken(file)).id).toBe('good');
    expect(existsSync(inModels('good/model.onnx'))).toBe(true);
  });

  it('takes the place of the one of its name', async () => {
    const path = stick();
    await taken(path);
    writeTestPack(at('stick'), 'good', { version: '2.0.0' });
    await taken(path);
    expect(manifestOf('good').version).toBe('2.0.0');
    expect(kept()).toEqual(['good']);
  });

  it('never takes the place of one that comes with the program', async () => {
    const shipped = at('shipped');
    writeTestPack(shipped, 'good');
    expect(await refusal(stick(), { shippedFolders: [shipped] })).toBe('model/id-taken');
    expect(kept()).toEqual([]);
  });

  it('that does not verify is not kept', async () => {
    const path = stick();
    writeFileSync(join(path, 'model.onnx'), 'exchanged');
    expect(await refusal(path)).toBe('model/hash-mismatch');
    expect(kept()).toEqual([]);
  });
});

describe('trust', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');

  function signed(): string {
    const path = stick();
    const sums = ['manifest.json', 'model.onnx', 'card.md']
      .map(
        (name) =>
          `${createHash('sha256')
            .update(readFileSync(join(path, name)))
            .digest('hex')}  ${name}\n`,
      )
      .join('');
    writeFiles(path, { SHA256SUMS: sums, 'SHA256SUMS.sig': sign(null, Buffer.from(sums), privateKey) });
    return path;
  }
  const trustKey = (key = publicKey) => {
    const pem = String(key.export({ type: 'spki', format: 'pem' }));
    writeFiles(inModels(), { 'trusted-keys/Clinic physics.pem': pem, 'trusted-keys/notes.pem': 'no key' });
  };

  it('is a person’s word where nobody signed', async () => {
    expect(await refusal(stick(), { trust: false })).toBe('model/not-trusted');
    expect(kept()).toEqual([]);
  });

  it('is a signature by a key that the clinic trusts', async () => {
    trustKey();
    expect((await taken(signed(), { trust: false })).signedBy).toBe('Clinic physics');
  });

  it('is not a signature by another key, nor one over other files', async () => {
    expect(await refusal(signed(), { trust: false })).toBe('model/not-trusted');
    trustKey(generateKeyPairSync('ed25519').publicKey);
    expect(await refusal(signed(), { trust: false })).toBe('model/not-trusted');
    trustKey();
    const path = signed();
    writeFileSync(join(path, 'card.md'), '# Approved by everyone\n');
    expect(await refusal(path, { trust: false })).toBe('model/hash-mismatch');
    const sums = readFileSync(join(path, 'SHA256SUMS'), 'utf8').replace(/^.*card\.md\n/m, '');
    writeFileSync(join(path, 'SHA256SUMS'), sums);
    rmSync(join(path, 'card.md'));
    expect(await refusal(path, { trust: false })).toBe('model/not-trusted');
  });
});

describe('what is no model', () => {
  it.each([
    ['nothing', () => at('nowhere'), 'model/no-source'],
    ['an empty folder', () => writeFiles(at('empty'), { 'a.txt': 'x' }), 'model/no-source'],
    ['a network alone', () => writeFiles(at('alone'), { 'model.onnx': 'x' }), 'model/no-source'],
    ['another file', () => join(writeFiles(at(), { 'a.txt': 'x' }), 'a.txt'), 'model/no-source'],
    [
      'a .zip file that is none',
      () => join(writeFiles(at(), { 'a.zip': 'x'.repeat(100) }), 'a.zip'),
      'model/bad-archive',
    ],
  ])('is refused: %s', async (_, make, code) => {
    expect(await refusal(make())).toBe(code);
    expect(kept()).toEqual([]);
  });

  it.each([
    '../../escape/manifest.json',
    '/etc/manifest.json',
    'a/../../manifest.json',
    '..\\..\\manifest.json',
    'C:\\manifest.json',
  ])('is refused: an archive with the path %s', async (path) => {
    const file = at('slip.zip');
    writeFileSync(file, zipSync({ [path]: Buffer.from('{}') }));
    expect(await refusal(file)).toBe('model/bad-archive');
  });

  it('is refused: an archive that claims more than this program reads; one that claims less is cut, not unpacked', async () => {
    const file = at('bomb.zip');
    const honest = Buffer.from(zipSync({ 'manifest.json': Buffer.alloc(100_000) }));
    // The unpacked size, in the central directory.
    const sizeAt = honest.indexOf(Buffer.from('PK\x01\x02', 'latin1')) + 24;
    for (const [size, code] of [
      [0xf0000000, 'model/absurd-size'],
      [50, 'model/invalid-manifest'],
    ] as const) {
      honest.writeUInt32LE(size, sizeAt);
      writeFileSync(file, honest);
      mkdirSync(inModels(), { recursive: true });
      expect(await refusal(file)).toBe(code);
    }
  });
});
