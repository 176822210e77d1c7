/**
 * Import of the 129-slice abdominal CT (RLE lossless, 30 MB) into an open vault: reading, checking, decoding, hashing, encrypting and
 * syncing originals, thumbnail and rows (the volume is a cache that can be made again: it is written, but left to the system to sync). Peer: `dcm2niix -z n` on the same files, which writes one plain file and syncs nothing.
 * `importCt`: a fresh vault a while after the unlocking, when the host has started its reading processes (warmReaders.ts); they have read
 * nothing yet. `first in a session`: the import comes at once and starts the processes itself, from source, as the command line does;
 * their compiled code was kept by an earlier start (compileCache.ts), as it is on every computer from the second start on. A goal of its own, wider by
 * the start of two processes.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importPaths } from '../main/import/importPaths.ts';
import { warmReaders, withReaders } from '../main/import/warmReaders.ts';
import type { OpenVault } from '../main/vault/openVault.ts';
import { temporaryVault } from '../main/vault/temporaryVault.ts';
import { alternate, type Bench, timed } from './measurement.ts';
import { sharedData } from './sharedData.ts';

const ROUNDS = 9;

export const importCt: Bench = {
  name: 'importCt',
  async run() {
    const source = sharedData('ct-abdomen-ircad01/PATIENT_DICOM');
    const context = { signal: new AbortController().signal, progress: () => {} };
    const own = async (prepare: (vault: OpenVault) => Promise<void>) => {
      const { vault, dispose } = await temporaryVault();
      try {
        await prepare(vault);
        return await timed(() => importPaths(vault, [source], context));
      } finally {
        await dispose();
      }
    };
    const convert = async () => {
      const folder = mkdtempSync(join(tmpdir(), 'lantern-bench-'));
      try {
        return await timed(async () => {
          const run = spawnSync('dcm2niix', ['-z', 'n', '-f', 'ref', '-o', folder, source]);
          if (run.status !== 0) throw new Error('dcm2niix is not installed (Debian package "dcm2niix")');
        });
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    };
    // The faster of two at once: after a pause it needs up to twice as long, which would flatter us.
    const peer = async () => Math.min(await convert(), await convert());
    await own(started);
    const warm = await alternate(ROUNDS, () => own(started), peer);
    const cold = await alternate(ROUNDS, () => own(async () => undefined), peer);
    return [row('importCt', warm, 2), row('importCt: first in a session', cold, 2.5)];
  },
};

/** Both processes run and have said so; none has seen an image. */
async function started(vault: OpenVault): Promise<void> {
  warmReaders(vault);
  await withReaders(vault, [], (readers) =>
    Promise.all(Array.from({ length: 4 }, () => readers.read(Uint8Array.of(0), ''))),
  );
}

function row(name: string, ms: { own: number; peer: number }, most: number) {
  const ratio = ms.own / ms.peer;
  return {
    name,
    value: ms.own,
    unit: 'ms',
    peer: `dcm2niix (${ms.peer.toFixed(0)} ms)`,
    ratio,
    goal: `≤ ${most} ×`,
    met: ratio <= most,
  };
}
