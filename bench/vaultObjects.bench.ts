/**
 * A 67 MB volume written to the vault (chunked, AES-256-GCM, synced, renamed, row committed) and read back, against the same bytes
 * written plainly to the same disk with one fsync, and read back. Goal: at least half of the plain rate.
 */
import { closeSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryVault } from '../main/vault/temporaryVault.ts';
import { alternate, type Bench, timed } from './measurement.ts';

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
            if (last) vault.objects.remove(last);
            const object = await vault.objects.put('volume', bytes);
            vault.transact(null, () => object.commitRow());
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
      const read = await alternate(
        ROUNDS,
        () =>
          timed(async () => {
            const back = await vault.objects.read(last);
            if (back.length !== BYTES) throw new Error('the object came back shorter');
          }),
        () => timed(async () => readFileSync(plainFile)),
      );
      const row = (name: string, ms: { own: number; peer: number }) => {
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
      };
      const both = { own: write.own + read.own, peer: write.peer + read.peer };
      return [
        row('vaultObjects: write', write),
        row('vaultObjects: read', read),
        row('vaultObjects: write and read', both),
      ];
    } finally {
      await dispose();
    }
  },
};
