import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DECODER, ENCODER, promptModelFolder, readPinned } from './promptModel.ts';

it('takes the two networks that it was measured with and no others', async () => {
  for (const network of [ENCODER, DECODER]) {
    expect((await readPinned(promptModelFolder(), network)).length).toBeGreaterThan(1e7);
  }
  const folder = await mkdtemp(join(tmpdir(), 'lantern-networks-'));
  await writeFile(join(folder, DECODER.file), 'another network');
  await expect(readPinned(folder, DECODER)).rejects.toMatchObject({ code: 'model/hash-mismatch' });
  await expect(readPinned(folder, ENCODER)).rejects.toMatchObject({ code: 'model/weights-missing' });
  await rm(folder, { recursive: true });
});
