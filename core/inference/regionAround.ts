/**
 * Of a series the part around a point that a network which was trained on crops sees at once: as large as its window. Whole voxels of the
 * series' own grid along its own axes, as for a cascade (cropToStructure.ts).
 */
import { LanternError } from '../errors/lanternError.ts';
import type { Vector3, WorldPoint } from '../geometry/points.ts';
import { type VolumeGeometry, worldToIndex } from '../geometry/volumeGeometry.ts';
import type { IndexBox } from '../segmentation/labelmap.ts';
import type { ModelManifest } from './modelManifest.ts';
import { orientRecord } from './orient.ts';

type Manifest = Pick<ModelManifest, 'input' | 'window' | 'training' | 'cascade'>;

/** @returns how far the region reaches along the series' axes, mm; null for a network that was not trained on crops of one size */
export function regionExtentMm(manifest: Manifest, geometry: VolumeGeometry): Vector3 | null {
  const { input, window, training, cascade } = manifest;
  if (!training.fieldOfViewMm || !window.size || !input.spacingMm || input.dimensions === 2 || cascade) return null;
  const { axes } = orientRecord(geometry, input.orientation);
  const extent: [number, number, number] = [0, 0, 0];
  for (const [a, axis] of axes.entries()) {
    extent[axis] = window.size[a as 0 | 1 | 2] * (input.spacingMm[a as 0 | 1 | 2] ?? geometry.spacingMm[axis]);
  }
  return extent;
}

/** @param extentMm along the series' axes @returns voxels along each, no more than the series has */
export function regionSize({ size, spacingMm }: VolumeGeometry, extentMm: Vector3): Vector3 {
  const along = (axis: 0 | 1 | 2): number =>
    Math.min(size[axis], Math.max(1, Math.round(extentMm[axis] / spacingMm[axis])));
  return [along(0), along(1), along(2)];
}

/** @param centreLps near the border the region is moved inwards @returns null for a point outside of the series */
export function regionBox(geometry: VolumeGeometry, extentMm: Vector3, centreLps: WorldPoint): IndexBox | null {
  const centre = worldToIndex(geometry, centreLps);
  if (centre.some((x, axis) => !(x >= -0.5 && x <= geometry.size[axis as 0 | 1 | 2] - 0.5))) return null;
  const size = regionSize(geometry, extentMm);
  const first = (axis: 0 | 1 | 2): number =>
    Math.min(Math.max(Math.round(centre[axis] - (size[axis] - 1) / 2), 0), geometry.size[axis] - size[axis]);
  const min: Vector3 = [first(0), first(1), first(2)];
  return { min, max: [min[0] + size[0] - 1, min[1] + size[1] - 1, min[2] + size[2] - 1] };
}

/** As regionBox. @throws argument/around for a point outside, or a network without a region */
export function regionAround(
  manifest: Manifest & Pick<ModelManifest, 'name'>,
  geometry: VolumeGeometry,
  centreLps: WorldPoint,
): IndexBox {
  const extentMm = regionExtentMm(manifest, geometry);
  if (!extentMm) {
    throw new LanternError(
      'argument/around',
      `“${manifest.name}” looks at a whole series, and not at a part around a point.`,
      'Run it without a point.',
    );
  }
  const box = regionBox(geometry, extentMm, centreLps);
  if (box) return box;
  throw new LanternError(
    'argument/around',
    'The point lies outside of the series.',
    'Choose one inside, in the middle of the structure.',
  );
}
