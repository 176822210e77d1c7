import { describe, expect, it } from 'vitest';
import { indexPoint, type Vector3, worldPoint } from '../geometry/points.ts';
import { ORIENTATIONS } from '../geometry/testOrientations.ts';
import { indexToWorld, type VolumeGeometry } from '../geometry/volumeGeometry.ts';
import type { Volume } from '../volume/volume.ts';
import { bodyMask } from './bodyWindows.ts';
import { runModel } from './runModel.ts';
import { testManifest } from './testManifest.ts';

const SIZE: Vector3 = [60, 60, 12];
/** Of the body: a cylinder along the patient's height, off the middle. */
const CENTRE_MM = [-50, 20] as const;
const RADIUS_MM = 40;
/** An inclusion brighter than what the networks below look for. */
const ORGAN_MM = 12;

/** A body in air, 4 × 4 × 6 mm, whatever way the axes run; within it an organ at its middle, outside of it nothing that is as bright. */
function bodyVolume(direction: VolumeGeometry['direction'], air: number, tissue: number, organ: number): Volume {
  const spacingMm = direction.map(([, , z]) => (Math.abs(z) > 0.5 ? 6 : 4)) as unknown as Vector3;
  const size = direction.map(([, , z]) => (Math.abs(z) > 0.5 ? SIZE[2] : SIZE[0])) as unknown as Vector3;
  const geometry = { size, spacingMm, originLps: worldPoint(0, 0, 0), direction };
  const middle = indexToWorld(geometry, indexPoint(...(size.map((n) => (n - 1) / 2) as [number, number, number])));
  const centred = {
    ...geometry,
    originLps: worldPoint(...(middle.map((x) => -x) as [number, number, number])),
  };
  const scalars = new Int16Array(size[0] * size[1] * size[2]).fill(air);
  let n = 0;
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      for (let i = 0; i < size[0]; i++, n++) {
        const [x, y] = indexToWorld(centred, indexPoint(i, j, k));
        const away = Math.hypot(x - CENTRE_MM[0], y - CENTRE_MM[1]);
        if (away < RADIUS_MM) scalars[n] = away < ORGAN_MM ? organ : tissue;
      }
    }
  }
  return { geometry: centred, scalars };
}

async function run(volume: Volume, skipOutsideBody: boolean, modality: 'CT' | 'MR', threshold: number) {
  let ran = 0;
  const manifest = testManifest({
    modality,
    input: { orientation: 'LPS' },
    window: { size: [12, 12, 6], overlap: 0.5, skipOutsideBody },
  });
  const { labelmap, windows } = await runModel(volume, manifest, {
    progress: async () => {},
    runWindow: async (input, size) => {
      ran++;
      const scores = new Float32Array(2 * input.length);
      for (let n = 0; n < input.length; n++) {
        scores[n] = threshold - (input[n] ?? 0);
        scores[input.length + n] = (input[n] ?? 0) - threshold;
      }
      return { dims: [1, 2, size[2], size[1], size[0]], scores };
    },
  });
  return { labelmap, windows, ran };
}

const [axial] = ORIENTATIONS;

describe('windows outside of the body', () => {
  it('are not run and are background; the mask of what lies in the body stays the same, however the series lies', async () => {
    // Every kind of axis order and sign is among them.
    for (const { direction } of ORIENTATIONS.filter((_, n) => n % 7 === 0)) {
      const volume = bodyVolume(direction, -1000, 40, 200);
      const all = await run(volume, false, 'CT', 100);
      const some = await run(volume, true, 'CT', 100);
      expect(some.labelmap).toEqual(all.labelmap);
      expect(all.windows).toEqual({ all: all.ran, skipped: 0 });
      expect(some.windows).toEqual({ all: all.ran, skipped: all.ran - some.ran });
      expect(some.ran).toBeLessThan(all.ran / 2);
    }
  });

  it('are background also to a network that finds its class everywhere', async () => {
    const volume = bodyVolume(axial?.direction as VolumeGeometry['direction'], -1000, 40, 200);
    const { labelmap, windows } = await run(volume, true, 'CT', -5000);
    expect(windows.skipped).toBeGreaterThan(0);
    // All of the body is found, and none of the corners.
    expect(labelmap.voxels.every((label, n) => label === 1 || (volume.scalars[n] ?? 0) === -1000)).toBe(true);
    expect(labelmap.voxels[0]).toBe(0);
    expect(labelmap.voxels.at(-1)).toBe(0);
  });

  it('are found in MR by its dark air, and nothing is taken for air where the dark parts are tissue', async () => {
    const direction = axial?.direction as VolumeGeometry['direction'];
    const inAir = await run(bodyVolume(direction, 4, 300, 700), true, 'MR', 500);
    expect(inAir.windows.skipped).toBeGreaterThan(0);
    const cutOut = await run(bodyVolume(direction, 90, 300, 700), true, 'MR', 500);
    expect(cutOut.windows.skipped).toBe(0);
  });

  it('are none in a volume of air alone that no network would find anything in, but all in CT', async () => {
    const direction = axial?.direction as VolumeGeometry['direction'];
    const { windows, labelmap } = await run(bodyVolume(direction, -1000, -1000, -1000), true, 'CT', 100);
    expect(windows.skipped).toBe(windows.all);
    expect(labelmap.voxels.includes(1)).toBe(false);
  });
});

describe('the body', () => {
  it('includes the air that it encloses, and no speck of noise', () => {
    const volume = bodyVolume(axial?.direction as VolumeGeometry['direction'], -1000, 40, -900);
    volume.scalars[0] = 3000;
    const mask = bodyMask(volume, 'CT');
    const [ni, nj] = mask?.geometry.size ?? [0, 0];
    const middle = Math.round(CENTRE_MM[0] / 4 + (ni - 1) / 2) + ni * Math.round(CENTRE_MM[1] / 4 + (nj - 1) / 2);
    expect(mask?.voxels[middle]).toBe(1);
    expect(mask?.voxels[0]).toBe(0);
  });
});
