import { describe, expect, it } from 'vitest';
import { PLANES, type Plane } from '../geometry/anatomicalAxes.ts';
import { indexPoint, type Vector3, type WorldPoint, worldPoint } from '../geometry/points.ts';
import {
  indexToWorld,
  type VolumeGeometry,
  voxelCount,
  voxelOffset,
  worldToIndex,
} from '../geometry/volumeGeometry.ts';
import type { Volume } from '../volume/volume.ts';
import { extractLabelSlice, extractSlice } from './extractSlice.ts';
import { extractSlab, type SlabMode, slabValue } from './slab.ts';
import { edgeLetters, indexToSlicePixel, planeNormal, sliceLayout, slicePixelToIndex } from './sliceLayout.ts';

/** All 48 ways in which three voxel axes can lie along the anatomical ones. */
function everyOrientation(size: Vector3 = [5, 6, 7]): VolumeGeometry[] {
  const units: Vector3[] = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ] as const;
  return orders.flatMap((order) =>
    Array.from({ length: 8 }, (_, signs): VolumeGeometry => {
      const axis = (n: 0 | 1 | 2): Vector3 => {
        const s = (signs >> n) & 1 ? -1 : 1;
        const u = units[order[n]]!;
        return [u[0] * s + 0, u[1] * s + 0, u[2] * s + 0];
      };
      return {
        size,
        spacingMm: [0.7, 1.1, 2.3],
        originLps: worldPoint(-12, 34, 56),
        direction: [axis(0), axis(1), axis(2)],
      };
    }),
  );
}

/** The voxel of the volume that lies furthest to the patient's left (+), front, head: the corner of a direction. */
function cornerTowards(geometry: VolumeGeometry, towards: Vector3): Vector3 {
  let best: Vector3 = [0, 0, 0];
  let furthest = -Infinity;
  for (let corner = 0; corner < 8; corner++) {
    const ijk = indexPoint(
      corner & 1 ? geometry.size[0] - 1 : 0,
      corner & 2 ? geometry.size[1] - 1 : 0,
      corner & 4 ? geometry.size[2] - 1 : 0,
    );
    const p: WorldPoint = indexToWorld(geometry, ijk);
    const along = p[0] * towards[0] + p[1] * towards[1] + p[2] * towards[2];
    if (along > furthest) {
      furthest = along;
      best = ijk;
    }
  }
  return best;
}

function volumeWithLandmark(geometry: VolumeGeometry, ijk: Vector3): Volume {
  const scalars = new Int16Array(voxelCount(geometry)).fill(-1000);
  scalars[voxelOffset(geometry.size, ijk[0], ijk[1], ijk[2])] = 777;
  return { geometry, scalars };
}

function numberedVolume(geometry: VolumeGeometry): Volume {
  return { geometry, scalars: Int16Array.from({ length: voxelCount(geometry) }, (_, n) => (n * 7919) % 4001) };
}

describe('the radiological layout, for all 48 orientations of a volume', () => {
  // A voxel at the patient's left, front and head end.
  const LEFT_FRONT_HEAD: Vector3 = [1, -1, 1];
  const expected: Record<Plane, readonly ['first' | 'last', 'first' | 'last']> = {
    axial: ['last', 'first'],
    coronal: ['last', 'first'],
    sagittal: ['first', 'first'],
  };
  for (const plane of PLANES) {
    it(`shows a landmark at the patient's left, front and head end at the right place of the ${plane} view`, () => {
      const orientations = everyOrientation();
      expect(orientations).toHaveLength(48);
      for (const geometry of orientations) {
        const ijk = cornerTowards(geometry, LEFT_FRONT_HEAD);
        const volume = volumeWithLandmark(geometry, ijk);
        const layout = sliceLayout(geometry, plane);
        const slice = extractSlice(volume, plane, ijk[layout.axes.through.axis]);
        const at = slice.values.indexOf(777);
        const [column, row] = expected[plane];
        expect([at % slice.width, Math.floor(at / slice.width)]).toEqual([
          column === 'first' ? 0 : slice.width - 1,
          row === 'first' ? 0 : slice.height - 1,
        ]);
      }
    });
  }

  it('writes the letters of a standing patient at the edges', () => {
    for (const geometry of everyOrientation()) {
      expect(edgeLetters(geometry, 'axial')).toEqual({ left: 'R', right: 'L', top: 'A', bottom: 'P' });
      expect(edgeLetters(geometry, 'coronal')).toEqual({ left: 'R', right: 'L', top: 'S', bottom: 'I' });
      expect(edgeLetters(geometry, 'sagittal')).toEqual({ left: 'A', right: 'P', top: 'S', bottom: 'I' });
    }
  });

  it('reads at every pixel the voxel that the layout names', () => {
    for (const geometry of everyOrientation()) {
      const volume = numberedVolume(geometry);
      for (const plane of PLANES) {
        const layout = sliceLayout(geometry, plane);
        for (let index = 0; index < layout.count; index++) {
          const slice = extractSlice(volume, plane, index);
          for (let y = 0; y < slice.height; y++) {
            for (let x = 0; x < slice.width; x++) {
              const ijk = slicePixelToIndex(layout, x, y, index);
              const value = volume.scalars[voxelOffset(geometry.size, ijk[0], ijk[1], ijk[2])];
              if (slice.values[y * slice.width + x] !== value) {
                expect.fail(`${plane} ${index}: pixel (${x}, ${y}) is not voxel ${ijk.join(', ')}`);
              }
              expect(indexToSlicePixel(layout, ijk)).toEqual([x, y, index]);
            }
          }
        }
      }
    }
  });

  it('tells the spacing of the pixels along the screen', () => {
    for (const geometry of everyOrientation()) {
      for (const plane of PLANES) {
        const layout = sliceLayout(geometry, plane);
        const a = indexToWorld(geometry, slicePixelToIndex(layout, 0, 0, 0));
        const b = indexToWorld(geometry, slicePixelToIndex(layout, 1, 0, 0));
        const c = indexToWorld(geometry, slicePixelToIndex(layout, 0, 1, 0));
        const d = indexToWorld(geometry, slicePixelToIndex(layout, 0, 0, 1));
        expect(Math.hypot(b[0] - a[0], b[1] - a[1], b[2] - a[2])).toBeCloseTo(layout.pixelSpacingMm[0], 9);
        expect(Math.hypot(c[0] - a[0], c[1] - a[1], c[2] - a[2])).toBeCloseTo(layout.pixelSpacingMm[1], 9);
        const n = planeNormal(geometry, plane);
        const s = layout.sliceSpacingMm;
        [0, 1, 2].forEach((w) => {
          expect(d[w]! - a[w]!).toBeCloseTo(n[w]! * s, 9);
        });
        expect(worldToIndex(geometry, a).every(Number.isFinite)).toBe(true);
      }
    }
  });
});

describe('extractSlice', () => {
  it('keeps to the volume when the index lies outside of it', () => {
    const volume = numberedVolume(everyOrientation()[0]!);
    expect(extractSlice(volume, 'axial', 99).values).toEqual(extractSlice(volume, 'axial', 6).values);
    expect(extractSlice(volume, 'axial', -3).values).toEqual(extractSlice(volume, 'axial', 0).values);
  });

  it('reuses a buffer of the right type and length, and no other', () => {
    const volume = numberedVolume(everyOrientation()[0]!);
    const first = extractSlice(volume, 'axial', 0).values;
    expect(extractSlice(volume, 'axial', 1, first).values).toBe(first);
    expect(extractSlice(volume, 'axial', 1, new Float32Array(first.length)).values).toBeInstanceOf(Int16Array);
  });

  it('cuts labels on the same pixels as the image', () => {
    for (const geometry of everyOrientation()) {
      const volume = numberedVolume(geometry);
      const labels = { size: geometry.size, voxels: Uint16Array.from(volume.scalars) };
      for (const plane of PLANES) {
        expect([...extractLabelSlice(labels, geometry, plane, 2).values]).toEqual([
          ...extractSlice(volume, plane, 2).values,
        ]);
      }
    }
  });
});

describe('extractSlab', () => {
  const fold: Record<SlabMode, (values: number[]) => number> = {
    maximum: (v) => Math.max(...v),
    minimum: (v) => Math.min(...v),
    mean: (v) => v.reduce((a, b) => a + b, 0) / v.length,
  };
  it('equals the fold of its slices, for every orientation, plane and mode', () => {
    for (const geometry of everyOrientation()) {
      const volume = numberedVolume(geometry);
      for (const plane of PLANES) {
        const { sliceSpacingMm } = sliceLayout(geometry, plane);
        const slices = [1, 2, 3].map((index) => extractSlice(volume, plane, index).values);
        for (const mode of ['maximum', 'minimum', 'mean'] as const) {
          const slab = extractSlab(volume, plane, 2, { mode, thicknessMm: 3 * sliceSpacingMm });
          slab.values.forEach((value, n) => {
            const reference = fold[mode](slices.map((s) => s[n]!));
            if (Math.abs(value - reference) > 1e-3) expect.fail(`${plane} ${mode}: ${value} is not ${reference}`);
            const layout = sliceLayout(geometry, plane);
            const voxel = slicePixelToIndex(layout, n % layout.width, Math.floor(n / layout.width), 2);
            const alone = slabValue(volume, plane, voxel, { mode, thicknessMm: 3 * sliceSpacingMm });
            if (Math.abs(alone - value) > 1e-3) expect.fail(`${plane} ${mode}: ${alone} alone is not ${value}`);
          });
        }
      }
    }
  });

  it('is the slice itself when it is thinner than two slices', () => {
    const volume = numberedVolume(everyOrientation()[5]!);
    const thin = extractSlab(volume, 'coronal', 3, { mode: 'maximum', thicknessMm: 0.1 });
    expect(thin.values).toEqual(extractSlice(volume, 'coronal', 3).values);
  });
});
