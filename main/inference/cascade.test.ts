import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { indexPoint, worldPoint } from '#core/geometry/points.ts';
import { indexToWorld } from '#core/geometry/volumeGeometry.ts';
import { thresholdNetwork } from '#core/inference/onnx/convolutionNetwork.ts';
import type { Volume } from '#core/volume/volume.ts';
import { InferenceService } from './inferenceService.ts';
import { cubeVolume, testContext, writeTestPack } from './testPack.ts';

let folder: string;
let service: InferenceService;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lantern-cascade-'));
  service = new InferenceService({ modelFolders: [folder] });
  // The coarse one sees the cube of 200 at a third of the resolution, the fine one everything above 20.
  writeTestPack(folder, 'coarse', { name: 'Coarse', input: { orientation: 'RAS', spacingMm: [1.4, 1.8, 2] } });
  fine('fine', 1.5);
});
afterEach(async () => {
  await service.close();
  rmSync(folder, { recursive: true, force: true });
});

function fine(id: string, marginMm: number, classes = [1], modelId = 'coarse'): void {
  const cascade = { modelId, classes, marginMm };
  writeTestPack(folder, id, { name: 'Fine', input: { orientation: 'PSL' }, cascade }, thresholdNetwork(20));
}

/** Everywhere 50 but for a cube of 200. */
function scene(): Volume {
  const volume = cubeVolume();
  return { ...volume, scalars: volume.scalars.map((v) => (v === 0 ? 50 : v)) as Int16Array };
}

const run = (modelId: string, volume = scene(), more = {}) =>
  service.run({ modelId, volume, modality: 'CT', ...more }, testContext());

describe('a cascade', () => {
  it('lets the fine network see the box around what the coarse one found, with the margin, and nothing else', async () => {
    const volume = scene();
    const coarse = await run('coarse', volume);
    const found = [...coarse.labelmap.voxels.keys()].filter((n) => coarse.labelmap.voxels[n] === 1);
    const at = (n: number): [number, number, number] => [n % 16, Math.floor(n / 16) % 16, Math.floor(n / 256)];
    const low = [0, 1, 2].map((a) => Math.min(...found.map((n) => at(n)[a] ?? 0)));
    const high = [0, 1, 2].map((a) => Math.max(...found.map((n) => at(n)[a] ?? 0)));
    // 1.5 mm are 3, 2 and 1 voxels of 0.7, 0.9 and 2 mm.
    const margin = [3, 2, 1];

    const { labelmap, provenance } = await run('fine', volume);
    for (const [n, label] of labelmap.voxels.entries()) {
      const inside = at(n).every(
        (x, a) => x >= (low[a] ?? 0) - (margin[a] ?? 0) && x <= (high[a] ?? 0) + (margin[a] ?? 0),
      );
      expect(label).toBe(inside ? 1 : 0);
    }
    expect(provenance.cascade).toMatchObject({ modelId: 'coarse', marginMm: 1.5 });
    expect(provenance.cascade?.start).toEqual(low.map((x, a) => Math.max(0, x - (margin[a] ?? 0))));
    expect(provenance.modelId).toBe('fine');
  });

  it('measures doubt in the box alone, and says where in the patient', async () => {
    const volume = scene();
    const { doubt, labelmap } = await run('fine', volume, { doubt: 'required' });
    expect(doubt?.values.length).toBe(labelmap.voxels.length);
    for (const [n, value] of (doubt?.values ?? []).entries()) if (labelmap.voxels[n] === 0) expect(value).toBe(0);
    const [corner] = [indexToWorld(volume.geometry, indexPoint(0, 0, 0))];
    for (const { centreLps } of doubt?.places ?? []) expect(centreLps).not.toEqual(corner);
  });

  it('stops in words where the coarse network finds nothing', async () => {
    const empty: Volume = { ...scene(), scalars: new Int16Array(16 ** 3).fill(50, 1) };
    await expect(run('fine', empty)).rejects.toMatchObject({
      code: 'model/nothing-to-crop',
      message: '“Coarse” found no Bright in this series, so “Fine” has nothing to look at.',
    });
  });

  it('takes the whole series where the margin reaches beyond it', async () => {
    fine('wide', 100);
    const { labelmap } = await run('wide');
    expect(labelmap.voxels.every((label) => label === 1)).toBe(true);
  });

  it('needs the coarse pack, with the class, and no further one before it', async () => {
    fine('alone', 1, [1], 'nobody');
    await expect(run('alone')).rejects.toMatchObject({ code: 'model/unknown' });
    fine('misled', 1, [7]);
    await expect(run('misled')).rejects.toMatchObject({ code: 'model/cascade-unfit' });
    fine('nested', 1, [1], 'fine');
    await expect(run('nested')).rejects.toMatchObject({ code: 'model/cascade-unfit' });
    await expect(run('fine', scene(), { ensemble: ['coarse'] })).rejects.toMatchObject({ code: 'model/cascade-unfit' });
  });

  it('works on an oblique series', async () => {
    const volume = scene();
    const [c, s] = [Math.cos(0.4), Math.sin(0.4)];
    const geometry = {
      ...volume.geometry,
      originLps: worldPoint(3, 4, 5),
      direction: [
        [c, s, 0],
        [-s, c, 0],
        [0, 0, -1],
      ] as const,
    };
    const { labelmap } = await run('fine', { ...volume, geometry });
    const cube = [...cubeVolume().scalars.keys()].filter((n) => cubeVolume().scalars[n] === 200);
    expect(cube.every((n) => labelmap.voxels[n] === 1)).toBe(true);
    expect(labelmap.voxels[0]).toBe(0);
  });
});
