/** For tests: a disk of a few megabytes, which can be filled. Next: diskFull.test.ts. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  /** Where this user may not mount a tmpfs: then tests are to be skipped. */
  readonly isMissing: boolean;
  readonly folder: string;
  /** Fills it but for `leaveBytes`. */
  fill(leaveBytes: number): void;
  /** Takes away what `fill` put there. */
  makeRoom(): void;
  remove(): void;
}

export function smallDisk(megabytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'lantern-small-disk-'));
  const shell = (script: string) => execFileSync('sh', ['-c', script, 'sh', folder], { stdio: 'ignore' });
  let isMissing = false;
  try {
    shell(`mount -t tmpfs -o size=${megabytes}m tmpfs "$1"`);
  } catch {
    isMissing = true;
    console.warn('SKIPPED: a really full disk; this user may not mount a tmpfs. Run the tests as root on Linux.');
  }
  const filler = join(folder, 'filler');
  return {
    isMissing,
    folder,
    fill(leaveBytes) {
      const { bavail, bsize } = statfsSync(folder);
      writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - leaveBytes)));
    },
    makeRoom: () => rmSync(filler, { force: true }),
    remove() {
      if (!isMissing) shell('umount "$1"');
      rmSync(folder, { recursive: true });
    },
  };
}
