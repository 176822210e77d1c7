import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { writeFileAtomically } from './writeFileAtomically.ts';

const mountPoint = mkdtempSync(join(tmpdir(), 'lantern-export-full-'));
const isMounted = mountSmallDisk();
if (!isMounted)
  console.warn(
    'SKIPPED: export to a really full disk; this user may not mount a tmpfs. Run the tests as root on Linux.',
  );
afterAll(() => {
  if (isMounted) shell('umount "$1"');
  rmSync(mountPoint, { recursive: true });
});

function mountSmallDisk(): boolean {
  try {
    shell('mount -t tmpfs -o size=1m tmpfs "$1"');
    return true;
  } catch {
    return false;
  }
}

function shell(script: string): void {
  execFileSync('sh', ['-c', script, 'sh', mountPoint], { stdio: 'ignore' });
}

test.runIf(isMounted)('an export that does not fit leaves the file of before and nothing else', async () => {
  const file = join(mountPoint, 'liver.stl');
  const before = new Uint8Array(300_000).fill(7);
  await writeFileAtomically(file, before);
  await expect(writeFileAtomically(file, new Uint8Array(2_000_000))).rejects.toMatchObject({ code: 'disk/full' });
  expect(readdirSync(mountPoint)).toEqual(['liver.stl']);
  expect(Buffer.compare(readFileSync(file), before)).toBe(0);
  // The place that the failed one took is free again.
  await writeFileAtomically(join(mountPoint, 'spleen.stl'), new Uint8Array(500_000));
});
