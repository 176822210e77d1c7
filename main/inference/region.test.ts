/** A network that was trained on crops looks around a point of a larger series: at that part, and where it lies. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { indexPoint, type Vector3, worldPoint } from '#core/geometry/points.ts';
import { indexToWorld } from '#core/geometry/volumeGeometry.ts';
import { thresholdNetwork } from '#core/inference/onnx/convolutionNetwork.ts';
import { regionAround, regionExtentMm, regionGeometry } from '#core/inference/regionAround.ts';
import { runPlan } from '#core/inference/runPlan.ts';
import { testManifest } from '#core/inference/testManifest.ts';
import type { Volume } from '#core/volume/volume.ts';
import { answersInWords } from '../export/answersInWords.ts';
import { InferenceService } from './inferenceService.ts';
import { cubeVolume, testContext, writeTestPack } from './testPack.ts';

let folder: string;
let service: InferenceService;
const fieldOfViewMm = { least: [2, 3, 4], most: [4, 6, 8] } as const;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lantern-region-'));
  service = new InferenceService({ modelFolders: [folder] });
  // Marks everything above 20 in windows of 4 × 6 × 8 mm along P, S, L.
  const crops = { population: 'Crops.', cases: 9, source: 'Tests.', fieldOfViewMm };
  const input = { orientation: 'PSL', spacingMm: [1, 1, 1] as Vector3 };
  writeTestPack(folder, 'crops', { input, window: { size: [4, 6, 8] }, training: crops }, thresholdNetwork(20));
  writeTestPack(folder, 'whole', { input: { orientation: 'LPS' } }, thresholdNetwork(20));
});
afterEach(async () => {
  await service.close();
  rmSync(folder, { recursive: true, force: true });
});

/** 16³ voxels of 50 everywhere. */
function scene(): Volume {
  const volume = cubeVolume();
  return { ...volume, scalars: volume.scalars.map(() => 50) as Int16Array };
}

function marked(voxels: Uint8Array | Uint16Array): { low: number[]; high: number[]; count: number } {
  const found = [...voxels.keys()].filter((n) => voxels[n] === 1);
  const at = (n: number): number[] => [n % 16, Math.floor(n / 16) % 16, Math.floor(n / 256)];
  const of = (pick: (...x: number[]) => number) => [0, 1, 2].map((a) => pick(...found.map((n) => at(n)[a] ?? 0)));
  return { low: of(Math.min), high: of(Math.max), count: found.length };
}

describe('a region around a point', () => {
  it('is what the network sees at once, around the voxel of the point, along the series’ own axes', async () => {
    const volume = scene();
    const { geometry } = volume;
    const centre = indexToWorld(volume.geometry, indexPoint(8, 7, 9));
    const { labelmap, provenance, warnings } = await service.run(
      { modelId: 'crops', volume, modality: 'CT', aroundLps: centre },
      testContext(),
    );
    const { low, high, count } = marked(labelmap.voxels);
    const size = high.map((n, a) => n - low[a]! + 1);
    expect(labelmap.size).toEqual([16, 16, 16]);
    // 8 mm along left, 4 along posterior, 6 along superior, to half a voxel.
    const [from, to] = [low.map((n) => n - 0.5), high.map((n) => n + 0.5)].map((at) =>
      indexToWorld(geometry, indexPoint(at[0]!, at[1]!, at[2]!)),
    );
    for (const [a, mm] of [8, 4, 6].entries())
      expect(Math.abs(Math.abs(to![a]! - from![a]!) - mm)).toBeLessThanOrEqual(Math.max(...geometry.spacingMm) / 2);
    expect(count).toBe(size[0]! * size[1]! * size[2]!);
    for (const [a, index] of [8, 7, 9].entries())
      expect(Math.abs((low[a]! + high[a]!) / 2 - index)).toBeLessThanOrEqual(0.5);
    expect(provenance.region).toEqual({ aroundLps: [...centre], start: low, size });
    expect(warnings.map(({ code }) => code)).not.toContain('model/large-coverage');
  });

  it('moves inwards at the border, and is refused for a point outside and for networks of whole series', async () => {
    const volume = scene();
    const corner = indexToWorld(volume.geometry, indexPoint(15, 0, 15));
    const { labelmap } = await service.run(
      { modelId: 'crops', volume, modality: 'CT', aroundLps: corner },
      testContext(),
    );
    const { low, high } = marked(labelmap.voxels);
    expect([high[0], low[1], high[2]]).toEqual([15, 0, 15]);
    const refused = (modelId: string, aroundLps = corner) =>
      expect(service.run({ modelId, volume, modality: 'CT', aroundLps }, testContext())).rejects.toMatchObject({
        code: 'argument/around',
      });
    await refused('crops', worldPoint(999, 0, 0));
    await refused('crops', worldPoint(Number.NaN, 0, 0));
    await refused('whole');
  });

  it('is offered where the series is far larger than what the network was trained on, with its own estimate', async () => {
    const subject = { geometry: scene().geometry, modality: 'CT', isDemonstration: false };
    const whole = await service.estimate('crops', subject);
    const around = await service.estimate('crops', subject, { isAround: true });
    expect(whole.regionMm?.toSorted()).toEqual([4, 6, 8]);
    expect(whole.warnings.map(({ code }) => code)).toContain('model/large-coverage');
    expect(whole.windows).toBeGreaterThan(1);
    expect(around).toMatchObject({ regionMm: whole.regionMm, windows: 1, fits: 'yes' });
    const small = { ...subject, geometry: { ...subject.geometry, size: [8, 5, 3] as Vector3 } };
    expect((await service.estimate('crops', small, { isAround: true })).regionMm).toBeNull();
    expect((await service.estimate('whole', subject, { isAround: true })).regionMm).toBeNull();
  });

  it('fits into one window for any spacing, and is none where the window is a small part of what the network was trained on', () => {
    const manifest = testManifest({
      input: { orientation: 'PSL', spacingMm: [1, 1, 1] },
      window: { size: [40, 56, 40] },
      training: {
        population: 'Crops.',
        cases: 9,
        source: 'Tests.',
        fieldOfViewMm: { least: [24, 32, 40], most: [41, 47, 59] },
      },
    });
    const mm = fc.double({ min: 0.3, max: 6, noNaN: true });
    fc.assert(
      fc.property(mm, mm, mm, (i, j, k) => {
        const geometry = { ...scene().geometry, size: [400, 400, 400] as Vector3, spacingMm: [i, j, k] as Vector3 };
        const region = regionGeometry(manifest, geometry);
        const { networkVoxels } = runPlan(manifest, region);
        expect(networkVoxels).toBe(40 * 56 * 40);
        const centre = indexToWorld(geometry, indexPoint(200, 3, 397));
        const { min, max } = regionAround(manifest, geometry, centre);
        expect(max.map((n, a) => n - min[a]! + 1)).toEqual(region.size);
        expect(min.every((n) => n >= 0) && max.every((n) => n < 400)).toBe(true);
      }),
    );
    const abdomen = {
      ...manifest,
      training: { ...manifest.training, fieldOfViewMm: { least: [200, 300, 300], most: [350, 400, 450] } as const },
    };
    expect(regionExtentMm(abdomen, scene().geometry)).toBeNull();
    expect(regionExtentMm(manifest, scene().geometry)).not.toBeNull();
  });

  it('carries doubt and its places back to where they lie, and goes into words', async () => {
    const volume = scene();
    const aroundLps = indexToWorld(volume.geometry, indexPoint(8, 7, 9));
    const request = { modelId: 'crops', volume, modality: 'CT', aroundLps, doubt: 'required' as const };
    const { doubt, labelmap, provenance } = await service.run(request, testContext());
    const inside = [...labelmap.voxels.keys()].filter((n) => labelmap.voxels[n] === 1);
    const unsure = [...(doubt?.values.keys() ?? [])].filter((n) => doubt?.values[n] !== 0);
    expect(doubt?.values).toHaveLength(16 ** 3);
    expect(unsure.every((n) => inside.includes(n))).toBe(true);
    const words = answersInWords({ ...provenance, operator: 'A tester' });
    expect(words).toContain(`Only ${provenance.region?.size.join(' × ')} voxels around (`);
    expect(words).toContain('chosen by a person');
  });
});
