/**
 * Real networks for tests: exported to ONNX by Debian's PyTorch while the tests run, into a folder of the system's temporary ones that is
 * named after the script's content, so that a second test file of the run finds them there.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { worldPoint } from '#core/geometry/points.ts';
import type { VolumeGeometry } from '#core/geometry/volumeGeometry.ts';
import type { Volume } from '#core/volume/volume.ts';

const PYTHON = '/usr/bin/python3';

/** Says loudly what is not tested where Python's modules are missing. */
export function canExport(what: string, ...modules: string[]): boolean {
  try {
    execFileSync(PYTHON, ['-c', modules.map((name) => `import ${name}`).join('; ')], { stdio: 'ignore' });
    return true;
  } catch {
    process.stderr.write(`\n*** SKIPPED: ${what}; ${PYTHON} has no ${modules.join(' and ')} here ***\n\n`);
    return false;
  }
}

/** @param script beside this file @returns the folder that it filled */
export function exported(script: string): string {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const hash = createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16);
  const parent = join(tmpdir(), `lantern-networks-${userInfo().uid}`);
  const folder = join(parent, `${script}-${hash}`);
  if (existsSync(folder)) return folder;
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  const fresh = mkdtempSync(join(parent, 'fresh-'));
  execFileSync(PYTHON, [path, fresh], { stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    renameSync(fresh, folder);
  } catch {
    // Another test file was first.
    rmSync(fresh, { recursive: true, force: true });
  }
  return folder;
}

export function floatsOf(file: string): Float32Array {
  return new Float32Array(Uint8Array.from(readFileSync(file)).buffer);
}

export function int16Of(file: string): Int16Array {
  return new Int16Array(Uint8Array.from(readFileSync(file)).buffer);
}

/** The volume that a script wrote as volume.i16, axial slices of 3 mm. */
export function exportedVolume(folder: string, size: VolumeGeometry['size']): Volume {
  return {
    geometry: {
      size,
      spacingMm: [0.8, 0.9, 3],
      originLps: worldPoint(-20, 15, 100),
      direction: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    },
    scalars: int16Of(join(folder, 'volume.i16')),
  };
}
