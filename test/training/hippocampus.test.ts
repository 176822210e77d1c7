/** The tests of the training's own code (Python), beside it in models/training. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';

const FOLDER = fileURLToPath(new URL('../../models/training/hippocampus/', import.meta.url));
const NEEDED = 'import torch, nibabel, scipy';
const python = ['/usr/bin/python3', 'python3'].find((p) => spawnSync(p, ['-c', NEEDED]).status === 0);
if (!python)
  console.warn('SKIPPED: the training code of the hippocampus; python3 with torch, nibabel and scipy is missing.');
// Those of the convolutions need a C compiler.
const files = readdirSync(FOLDER).filter((file) => file.startsWith('test_') && file !== 'test_convolution.py');

describe.skipIf(!python)('the training code of the hippocampus', () => {
  it.each(files)('%s', (file) => {
    execFileSync(python!, [file], {
      cwd: FOLDER,
      stdio: 'pipe',
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    });
  });
});
