/** A volume is left to the system when it goes to the disk; what a power failure leaves of it must not keep anybody from the case. */
import { readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyPhantomVault } from './phantom.ts';
import { type Session, startSession } from './session.ts';
import { expectQuiet, unlockAndOpenPhantom } from './workstation.ts';

let session: Session;
let damaged = '';

beforeAll(async () => {
  session = await startSession({
    prepare: (folder) => {
      copyPhantomVault(folder);
      damaged = fileOfVolume(folder);
      truncateSync(damaged, 100_000);
    },
  });
});
afterAll(() => session.end());

/** The pack, which comes first, is as large as the volume but for the files' headers; the volume is exactly as large as its voxels. */
function fileOfVolume(folder: string): string {
  const files = readdirSync(join(folder, 'objects'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort((a, b) => statSync(b).size - statSync(a).size);
  return files[1] ?? '';
}

test('the volume is made again from the originals, without a word', async () => {
  await unlockAndOpenPhantom(session);
  expect(await session.page.getByRole('alert').allInnerTexts()).toEqual([]);
  expectQuiet(session);
});
