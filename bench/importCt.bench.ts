/**
 * Import of the 129-slice abdominal CT (RLE lossless, 30 MB) into an open vault: reading, checking, decoding, hashing, encrypting and
 * syncing originals, volume and thumbnail. Peer: `dcm2niix -z n` on the same files, which writes one plain file and syncs nothing.
 * Each round has a fresh vault and fresh reader processes; the running program is warm, as it is when a clinician imports.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importPaths } from '../main/import/importPaths.ts';
import { temporaryVault } from '../main/vault/temporaryVault.ts';
import { alternate, type Bench, timed } from './measurement.ts';
import { sharedData } from './sharedData.ts';

const ROUNDS = 7;

export const importCt: Bench = {
  name: 'importCt',
  async run() {
    const source = sharedData('ct-abdomen-ircad01/PATIENT_DICOM');
    const context = { signal: new AbortController().signal, progress: () => {} };
    const own = async () => {
      const { vault, dispose } = await temporaryVault();
      try {
        return await timed(() => importPaths(vault, [source], context));
      } finally {
        await dispose();
      }
    };
    const peer = async () => {
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
    await own();
    const ms = await alternate(ROUNDS, own, peer);
    const ratio = ms.own / ms.peer;
    return [
      {
        name: 'importCt',
        value: ms.own,
        unit: 'ms',
        peer: `dcm2niix (${ms.peer.toFixed(0)} ms)`,
        ratio,
        goal: '≤ 2 ×',
        met: ratio <= 2,
      },
    ];
  },
};
