import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { worldPoint } from '../geometry/points.ts';
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';
import { decideLabels, decisionRule } from './decideLabels.ts';
import { inputGate } from './inputGate.ts';
import { normaliseRecord, normaliseScalars } from './normalise.ts';
import { axisCodesOf } from './orient.ts';
import { resampleRecord, resampleVolume } from './resample.ts';
import { testManifest } from './testManifest.ts';
import { planTiling } from './tiling.ts';

const geometry = (size: [number, number, number], spacingMm: [number, number, number]): VolumeGeometry => ({
  size,
  spacingMm,
  originLps: worldPoint(0, 0, 0),
  direction: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
});

describe('axis codes', () => {
  it('name the head t1_crop.nii.gz as nibabel does: LIA', () => {
    const direction = [
      [1, 0, 0],
      [0, 0, -1],
      [0, -1, 0],
    ] as const;
    expect(axisCodesOf({ ...geometry([1, 1, 1], [1, 1, 1]), direction })).toBe('LIA');
  });
});

describe('windows', () => {
  it('cover every voxel, stay inside of the grid and come in the order of the sweep', () => {
    const side = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(
        side,
        side,
        side,
        fc.integer({ min: 1, max: 16 }),
        fc.double({ min: 0, max: 0.9, noNaN: true }),
        (...a) => {
          const [ni, nj, nk, w, overlap] = a;
          const size = [Math.min(w, ni), Math.min(w, nj), Math.min(w, nk)] as const;
          const { starts, sweep } = planTiling([ni, nj, nk], { size, overlap, blending: 'constant' });
          const covered = new Uint8Array(ni * nj * nk);
          let before = -1;
          for (const [i0, j0, k0] of starts) {
            const start = [i0, j0, k0] as const;
            const now = start[sweep[2]] + 64 * (start[sweep[1]] + 64 * start[sweep[0]]);
            expect(now).toBeGreaterThan(before);
            before = now;
            expect(i0 + size[0] <= ni && j0 + size[1] <= nj && k0 + size[2] <= nk).toBe(true);
            for (let k = k0; k < k0 + size[2]; k++)
              for (let j = j0; j < j0 + size[1]; j++)
                covered.fill(1, i0 + ni * (j + nj * k), i0 + ni * (j + nj * k) + size[0]);
          }
          expect(covered.includes(0)).toBe(false);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('weigh their middle most when blended as a bell, and never nothing', () => {
    const { weights } = planTiling([64, 64, 64], { size: [32, 32, 32], overlap: 0.5, blending: 'gaussian' });
    expect(Math.min(...weights[0])).toBeGreaterThan(0);
    expect(weights[0][15]).toBe(Math.max(...weights[0]));
  });
});

describe('the decision', () => {
  const decide = (planes: number[][], rule = decisionRule(testManifest({}).output, testManifest({}).classes)) => {
    const labels = new Uint8Array(planes[0]?.length ?? 0);
    const arrays = planes.map((p) => Float32Array.from(p));
    decideLabels(arrays, rule, new Float32Array(labels.length), labels);
    return [...labels];
  };

  it('gives equal scores to the class that stands first', () => {
    expect(
      decide([
        [1, 0, 2],
        [1, 1, 1],
      ]),
    ).toEqual([0, 1, 0]);
  });

  it('needs the threshold where classes stand for themselves', () => {
    const { output, classes } = testManifest({ output: { activation: 'sigmoid', threshold: 0.9 } });
    expect(decide([[0, 2, 2.3]], decisionRule(output, classes.slice(1)))).toEqual([0, 0, 1]);
  });
});

describe('normalisation', () => {
  const apply = (values: number[], how: Parameters<typeof normaliseRecord>[1]) => {
    const scalars = Int16Array.from(values);
    return [...normaliseScalars(scalars, normaliseRecord(scalars, how))].map((v) => Number(v.toFixed(4)));
  };

  it('follows each kind', () => {
    expect(apply([0, 5, 10], { kind: 'min-max' })).toEqual([0, 0.5, 1]);
    expect(apply([-500, 50, 900], { kind: 'window', lower: -100, upper: 100 })).toEqual([0, 0.75, 1]);
    expect(apply([0, 2, 4], { kind: 'z-score', over: 'volume' })).toEqual([-1.2247, 0, 1.2247]);
    expect(apply([0, 2, 4], { kind: 'z-score', over: 'nonzero' })).toEqual([0, -1, 1]);
    const ramp = Array.from({ length: 101 }, (_, n) => n);
    const clipped = apply(ramp, { kind: 'percentile', lowerPercent: 10, upperPercent: 90 });
    expect([clipped[0], clipped[10], clipped[50], clipped[90], clipped[100]]).toEqual([0, 0, 0.5, 1, 1]);
    const fixed = { kind: 'fixed-z-score', lower: -10, upper: 90, mean: 40, deviation: 25 } as const;
    expect(apply([-500, 40, 65, 900], fixed)).toEqual([-2, 0, 1, 2]);
  });

  it('refuses a series in which nothing differs', () => {
    expect(() => apply([7, 7, 7], { kind: 'min-max' })).toThrow('same value');
  });
});

describe('resampling', () => {
  it('keeps a ramp a ramp, and averages where the grid becomes coarser', () => {
    const from = geometry([32, 1, 1], [1, 1, 1]);
    const scalars = Int16Array.from({ length: 32 }, (_, n) => 10 * n + (n % 2 ? 300 : -300));
    const record = resampleRecord(from, [4, 1, 1]);
    expect(record?.toSize).toEqual([8, 1, 1]);
    const out = record && resampleVolume({ geometry: from, scalars }, record);
    // New voxel centres lie at 1.5, 5.5, …; the alternating noise of ± 300 is gone.
    for (let n = 1; n < 7; n++) expect(Math.abs((out?.scalars[n] ?? 0) - 10 * (1.5 + 4 * n))).toBeLessThan(1e-3);
    expect(out?.geometry.originLps[0]).toBeCloseTo(1.5, 9);
  });

  it('leaves a volume alone that has the spacing within a thousandth', () => {
    expect(resampleRecord(geometry([4, 4, 4], [1.0005, 1, 0.9995]), [1, 1, 1])).toBeNull();
  });
});

describe('the input gate', () => {
  const subject = { geometry: geometry([200, 200, 12], [1, 1, 1]), modality: 'CT', isDemonstration: false };

  it('warns when the series covers little of what the network looks at', () => {
    const manifest = testManifest({ input: { spacingMm: [1, 1, 1] }, window: { size: [96, 96, 96] } });
    expect(inputGate(manifest, subject)).toMatchObject([{ code: 'model/small-coverage' }]);
    expect(inputGate(manifest, { ...subject, geometry: geometry([200, 200, 90], [1, 1, 1]) })).toEqual([]);
  });

  it('warns of far more and of far less than the training images showed, whatever the axes are called', () => {
    const fieldOfViewMm = { least: [24, 32, 40], most: [41, 47, 59] } as const;
    const training = { population: 'Crops.', cases: 180, source: 'Tests.', fieldOfViewMm };
    const manifest = testManifest({ training });
    const gate = (size: Parameters<typeof geometry>[0]) =>
      inputGate(manifest, { ...subject, geometry: geometry(size, [1, 1, 1]) });
    expect(gate([50, 35, 40])).toEqual([]);
    expect(gate([59, 24, 45])).toEqual([]);
    expect(gate([256, 256, 256])).toMatchObject([{ code: 'model/large-coverage' }]);
    expect(gate([256, 256, 256])[0]?.message).toContain('256 × 256 × 256 mm');
    expect(gate([50, 35, 10])).toMatchObject([{ code: 'model/small-coverage' }]);
  });

  it('warns of voxels that are several times longer than those of the training, with both numbers', () => {
    const manifest = testManifest({ input: { spacingMm: [1, 1, 1.5], orientation: 'LPS' } });
    const gate = (spacingMm: Parameters<typeof geometry>[1]) =>
      inputGate(manifest, { ...subject, geometry: geometry([200, 200, 40], spacingMm) });
    const [warning] = gate([0.7, 0.7, 6.5]);
    expect(warning?.code).toBe('model/coarse-spacing');
    expect(warning?.message).toMatch(/6\.5 mm apart.*trained on 1\.5 mm/);
    expect(gate([0.7, 0.7, 4.5])).toEqual([]);
    expect(gate([0.2, 0.2, 0.2])).toEqual([]);
  });
});
