/** CT bone against a radiologist's mask of a real CT (3D-IRCADb-01), read through our own import. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { applyDelta } from '#core/segmentation/delta.ts';
import { emptyLabelmap } from '#core/segmentation/labelmap.ts';
import { operations } from '#core/segmentation/operations/index.ts';
import { type ParameterValues, runOperation } from '#core/segmentation/operations/operation.ts';
import { writeMaskFor } from '#core/segmentation/writeMask.ts';
import { importPaths } from '../import/importPaths.ts';
import { loadVolume } from '../studies/loadVolume.ts';
import { temporaryVault } from '../vault/temporaryVault.ts';

const folder = resolve(import.meta.dirname, '../../../shared/data/ct-abdomen-ircad01');
const isThere = existsSync(folder);
if (!isThere) console.warn('SKIPPED: CT bone against a real CT; ../shared/data/ct-abdomen-ircad01 is missing.');

it.runIf(isThere)(
  'finds the bone of a contrast CT far better than a threshold does',
  { timeout: 120_000 },
  async () => {
    const { vault, dispose } = await temporaryVault();
    const load = async (name: string) => {
      const context = { signal: new AbortController().signal, progress: () => undefined };
      const { series } = await importPaths(vault, [resolve(folder, name)], context);
      return loadVolume(vault, series[0]!);
    };
    const ct = await load('PATIENT_DICOM');
    const bone = await load('MASKS_DICOM/bone');
    const dice = (id: string, values: ParameterValues) => {
      const labelmap = emptyLabelmap(ct.geometry.size);
      const mask = writeMaskFor([], 1, { overwrite: 'unlocked' });
      const input = { labelmap, target: 1, geometry: ct.geometry, scalars: ct.scalars, other: null, mask };
      applyDelta(labelmap, runOperation(operations.find((o) => o.id === id)!, input, values));
      const both = { found: 0, true: 0, shared: 0 };
      for (let o = 0; o < labelmap.voxels.length; o++) {
        if (labelmap.voxels[o] === 1) both.found++;
        if (bone.scalars[o]! > 0) both.true++;
        if (labelmap.voxels[o] === 1 && bone.scalars[o]! > 0) both.shared++;
      }
      return (2 * both.shared) / (both.found + both.true);
    };
    expect(dice('threshold', { lower: 201 })).toBeCloseTo(0.745, 2);
    expect(dice('ctBone', {})).toBeGreaterThan(0.94);
    await dispose();
  },
);
