import { describe, expect, test } from 'vitest';
import { voxelVolumeMm3 } from '../geometry/volumeGeometry.ts';
import { PHANTOM_LABEL } from './phantomStructures.ts';
import { type Phantom, phantomVolume } from './phantomVolume.ts';
import { capsule, ellipsoid, type Solid, superellipsoid } from './solid.ts';
import { structureVolumesMl } from './structureVolumes.ts';

const small = { size: [112, 84, 64], spacingMm: [3.1, 3.1, 4.7] } as const;

function voxelsMl(phantom: Phantom, number: number): number {
  let n = 0;
  for (const label of phantom.truth.voxels) if (label === number) n++;
  return (n * voxelVolumeMm3(phantom.volume.geometry)) / 1000;
}

/** Mean HU of a structure's voxels whose neighbours along i, j and k belong to it too. */
function coreHu(phantom: Phantom, number: number): number {
  const [ni, nj] = phantom.truth.size;
  const labels = phantom.truth.voxels;
  let sum = 0;
  let n = 0;
  for (let at = ni * nj; at < labels.length - ni * nj; at++) {
    if ([0, 1, -1, ni, -ni, ni * nj, -ni * nj].some((step) => labels[at + step] !== number)) continue;
    sum += phantom.volume.scalars[at] ?? 0;
    n++;
  }
  return sum / n;
}

describe('phantomVolume', () => {
  const phantom = phantomVolume(small);

  test('gives the same voxels for the same options and others for another seed', () => {
    expect(phantomVolume(small).volume.scalars).toEqual(phantom.volume.scalars);
    expect(phantomVolume({ ...small, seed: 2 }).volume.scalars).not.toEqual(phantom.volume.scalars);
  });

  test('labels as many voxels as each structure has volume', () => {
    expect(phantom.structures.length).toBe(16);
    for (const { number, analyticVolumeMl, name } of phantom.structures) {
      const tolerance = Math.max(0.03 * analyticVolumeMl, 0.9);
      expect(Math.abs(voxelsMl(phantom, number) - analyticVolumeMl), name).toBeLessThan(tolerance);
    }
  });

  test.each([
    ['liver', PHANTOM_LABEL.liver, 104, 118],
    ['spleen', PHANTOM_LABEL.spleen, 116, 128],
    ['left kidney', PHANTOM_LABEL.leftKidney, 140, 185],
    ['right lung', PHANTOM_LABEL.rightLung, -845, -780],
    ['aorta', PHANTOM_LABEL.aorta, 190, 210],
    ['lesion', PHANTOM_LABEL.lesion, 45, 75],
    ['spine', PHANTOM_LABEL.spine, 160, 420],
  ])('gives the %s the HU of its tissue', (_, number, low, high) => {
    const hu = coreHu(phantom, number);
    expect(hu).toBeGreaterThan(low);
    expect(hu).toBeLessThan(high);
  });

  test('puts the liver to the right, the spleen to the left and the spine to the back', () => {
    const centre = (number: number, axis: 0 | 1) => {
      const [ni, nj] = phantom.truth.size;
      let sum = 0;
      let n = 0;
      phantom.truth.voxels.forEach((label, at) => {
        if (label !== number) return;
        sum += axis === 0 ? at % ni : Math.floor(at / ni) % nj;
        n++;
      });
      return phantom.volume.geometry.originLps[axis] + (sum / n) * phantom.volume.geometry.spacingMm[axis];
    };
    expect(centre(PHANTOM_LABEL.liver, 0)).toBeLessThan(-30);
    expect(centre(PHANTOM_LABEL.spleen, 0)).toBeGreaterThan(60);
    expect(centre(PHANTOM_LABEL.spine, 1)).toBeGreaterThan(30);
  });

  test('varies the organs with jitter and keeps truth and volumes in step', () => {
    const other = phantomVolume({ ...small, seed: 7, jitter: 1, anatomyScale: 0.93, anatomyShiftMm: [6, -4, 9] });
    const liver = other.structures.find((s) => s.number === PHANTOM_LABEL.liver);
    const plain = phantom.structures.find((s) => s.number === PHANTOM_LABEL.liver);
    expect(liver?.analyticVolumeMl).not.toBeCloseTo(plain?.analyticVolumeMl ?? 0, 0);
    expect(voxelsMl(other, PHANTOM_LABEL.liver) / (liver?.analyticVolumeMl ?? 0)).toBeCloseTo(1, 1);
  });

  test('mixes tissues in the voxels of an edge, without noise too', () => {
    const quiet = phantomVolume({ ...small, noiseHu: 0 });
    const edges = [...quiet.volume.scalars].filter((v) => v > -700 && v < -200).length;
    expect(edges).toBeGreaterThan(2000);
  });
});

describe('structureVolumesMl', () => {
  const field = { min: [-100, -100, -100], max: [100, 100, 100] } as const;
  const volume = (solid: Solid) => structureVolumesMl([{ solid, hu: 0, label: 1 }], field).get(1);

  test('agrees with the closed forms of an ellipsoid, a capsule and a cut-off ellipsoid', () => {
    const whole = ((4 / 3) * Math.PI * 30 * 20 * 50) / 1000;
    expect(Math.abs((volume(ellipsoid([5, 2, -9], [30, 20, 50], [20, 30, 40])) ?? 0) / whole - 1)).toBeLessThan(0.005);
    const pill = (Math.PI * 100 * 60 + (4 / 3) * Math.PI * 1000) / 1000;
    expect(Math.abs((volume(capsule([0, -30, 0], [0, 30, 0], 10)) ?? 0) / pill - 1)).toBeLessThan(0.005);
    // A centre on the field's face: half of it counts.
    expect(Math.abs((volume(ellipsoid([100, 0, 0], [30, 20, 50])) ?? 0) / (whole / 2) - 1)).toBeLessThan(0.005);
  });

  test('leaves to a structure only what later ones do not take', () => {
    const outer = { solid: ellipsoid([0, 0, 0], [40, 40, 40]), hu: 0, label: 1 };
    const inner = { solid: ellipsoid([0, 0, 0], [20, 20, 20]), hu: 0, label: 2 };
    const volumes = structureVolumesMl([outer, inner], field);
    const ball = (r: number) => ((4 / 3) * Math.PI * r ** 3) / 1000;
    expect(Math.abs((volumes.get(1) ?? 0) / (ball(40) - ball(20)) - 1)).toBeLessThan(0.005);
    expect(Math.abs((volumes.get(2) ?? 0) / ball(20) - 1)).toBeLessThan(0.005);
  });
});

describe('solids', () => {
  test('measure the distance to their surface to first order', () => {
    expect(ellipsoid([0, 0, 0], [10, 20, 30]).distanceMm(11, 0, 0)).toBeCloseTo(1, 6);
    expect(ellipsoid([0, 0, 0], [10, 20, 30], [0, 0, 90]).distanceMm(0, 11, 0)).toBeCloseTo(1, 6);
    expect(superellipsoid([0, 0, 0], [10, 20, 30], 4, 6).distanceMm(0, 19, 0)).toBeCloseTo(-1, 6);
    expect(capsule([0, 0, 0], [0, 0, 10], 4, 2).distanceMm(5, 0, 5)).toBeCloseTo(2, 6);
  });
});
