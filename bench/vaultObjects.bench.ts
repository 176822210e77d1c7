/**
 * A 67 MB volume written to the vault (chunked, AES-256-GCM, synced, renamed, row committed) and read back, against the same bytes written
 * plainly to the same disk with one fsync, and read back. Goal: at least half of the plain rate.
 * "read from disk": the page cache is told to drop the file before each reading (GNU dd); the row is left out where that is not possible.
 * "read, cached": the file lies in memory, so the peer is one copy of memory and the vault's share of it is decryption.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryVault } from '../main/vault/temporaryVault.ts';
import { alternate, type Bench, type BenchResult, timed } from './measurement.ts';

const BYTES = 512 * 512 * 129 * 2;
const ROUNDS = 9;

export const vaultObjects: Bench = {
  name: 'vaultObjects',
  async run() {
    const { vault, folder, dispose } = await temporaryVault();
    try {
      const bytes = new Uint8Array(BYTES);
      for (let at = 0; at < BYTES; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
      const plainFile = join(folder, '..', 'plain');
      let last = '';
      const write = await alternate(
        ROUNDS,
        () =>
          timed(async () => {
            const object = await vault.objects.put('pack', bytes);
            vault.transact(null, () => {
              if (last) vault.objects.remove(last);
              object.commitRow();
            });
            last = object.id;
          }),
        () =>
          timed(async () => {
            rmSync(plainFile, { force: true });
            const file = openSync(plainFile, 'w');
            writeSync(file, bytes);
            fsyncSync(file);
            closeSync(file);
          }),
      );
      const results = [row('vaultObjects: write', write)];
      const read = (prepare: (file: string) => void) => {
        const object = largestFile(join(folder, 'objects'));
        return alternate(
          ROUNDS,
          async () => {
            prepare(object);
            return timed(async () => {
              const back = await vault.objects.read(last);
              if (back.length !== BYTES) throw new Error('the object came back shorter');
            });
          },
          async () => {
            prepare(plainFile);
            return timed(async () => readFileSync(plainFile));
          },
        );
      };
      if (dropFromCache(plainFile)) results.push(row('vaultObjects: read from disk', await read(dropFromCache)));
      results.push(row('vaultObjects: read, cached', await read(() => undefined)));
      return results;
    } finally {
      await dispose();
    }
  },
};

function largestFile(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  return paths.reduce((a, b) => (statSync(b).size > statSync(a).size ? b : a));
}

/** @returns whether the system has been told to; needs no rights beyond reading the file. */
function dropFromCache(file: string): boolean {
  return spawnSync('dd', [`if=${file}`, 'iflag=nocache', 'count=0'], { stdio: 'ignore' }).status === 0;
}

function row(name: string, ms: { own: number; peer: number }): BenchResult {
  const rate = (time: number) => BYTES / 1e6 / (time / 1000);
  const ratio = ms.peer / ms.own;
  return {
    name,
    value: rate(ms.own),
    unit: 'MB/s',
    peer: `plain file (${rate(ms.peer).toFixed(0)} MB/s)`,
    ratio,
    goal: '≥ 0.5 ×',
    met: ratio >= 0.5,
  };
}
