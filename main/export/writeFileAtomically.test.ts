import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeFileAtomically } from './writeFileAtomically.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lantern-write-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('writeFileAtomically', () => {
  test('replaces a file as a whole and leaves no other name', async () => {
    const file = join(folder, 'mask.nii');
    await writeFileAtomically(file, new Uint8Array([1, 2]));
    await writeFileAtomically(file, new Uint8Array([3]));
    expect([...(await readFile(file))]).toEqual([3]);
    expect(await readdir(folder)).toEqual(['mask.nii']);
  });

  test('names a folder that is not there and one that is in the way', async () => {
    await expect(writeFileAtomically(join(folder, 'none', 'a.stl'), new Uint8Array(1))).rejects.toMatchObject({
      code: 'disk/no-folder',
    });
    await mkdir(join(folder, 'a.stl'));
    await expect(writeFileAtomically(join(folder, 'a.stl'), new Uint8Array(1))).rejects.toMatchObject({
      code: 'disk/is-folder',
    });
    expect(await readdir(folder)).toEqual(['a.stl']);
  });

  test('takes names as long as the file system does', async () => {
    const file = join(folder, `${'n'.repeat(251)}.stl`);
    await writeFileAtomically(file, new Uint8Array([9]));
    expect([...(await readFile(file))]).toEqual([9]);
  });
});
