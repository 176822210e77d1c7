/**
 * Of a series the part around a point that a network which was trained on crops sees at once: as large as its window. Whole voxels of the
 * series' own grid along its own axes, as for a cascade (cropToStructure.ts).
 */
import { LanternError } from '../errors/lanternError.ts';
import type { Vector3, WorldPoint } from '../geometry/points.ts';
import { type VolumeGeometry, worldToIndex } from '../geometry/volumeGeometry.ts';
import type { IndexBox } from '../segmentation/labelmap.ts';
import { type Axis, byAxis } from './axes.ts';
import type { ModelManifest } from './modelManifest.ts';
import { orientRecord } from './orient.ts';

type Manifest = Pick<ModelManifest, 'input' | 'window' | 'training' | 'cascade'>;

/** A window that reaches less far than the images of the training (a share of their largest extent) is a part of what the network saw. */
const LEAST_OF_TRAINED = 0.75;

/** @returns how far the region reaches along the series' axes, mm; null for a network that was not trained on crops as large as its window */
export function regionExtentMm(manifest: Manifest, geometry: VolumeGeometry): Vector3 | null {
  const { input, window, training, cascade } = manifest;
  const { size } = window;
  const most = training.fieldOfViewMm?.most;
  const [si, sj, sk] = input.spacingMm ?? [];
  if (!most || !size || !si || !sj || !sk || input.dimensions === 2 || cascade) return null;
  const windowMm = [size[0] * si, size[1] * sj, size[2] * sk] as const;
  // Both sorted: the axes of the training's images are not known.
  if (windowMm.toSorted((a, b) => a - b).some((mm, n) => mm < LEAST_OF_TRAINED * most[n]!)) return null;
  const { axes } = orientRecord(geometry, input.orientation);
  return byAxis((axis) => windowMm[axes.indexOf(axis) as Axis]);
}

/** @param extentMm along the series' axes @returns whole voxels along each that it holds, no more than the series has */
function regionSize({ size, spacingMm }: VolumeGeometry, extentMm: Vector3): Vector3 {
  return byAxis((axis) => Math.min(size[axis], Math.max(1, Math.floor(extentMm[axis] / spacingMm[axis] + 1e-6))));
}

/** @returns the series' geometry with as many voxels as the region has, wherever that lies; all of it for a network without one */
export function regionGeometry(manifest: Manifest, geometry: VolumeGeometry): VolumeGeometry {
  const extentMm = regionExtentMm(manifest, geometry);
  return extentMm ? { ...geometry, size: regionSize(geometry, extentMm) } : geometry;
}

/** @param centreLps near the border the region is moved inwards @returns null for a point outside of the series */
export function regionBox(geometry: VolumeGeometry, extentMm: Vector3, centreLps: WorldPoint): IndexBox | null {
  const centre = worldToIndex(geometry, centreLps);
  if (centre.some((x, axis) => !(x >= -0.5 && x <= geometry.size[axis as 0 | 1 | 2] - 0.5))) return null;
  const size = regionSize(geometry, extentMm);
  const min = byAxis((axis) =>
    Math.min(Math.max(Math.round(centre[axis] - (size[axis] - 1) / 2), 0), geometry.size[axis] - size[axis]),
  );
  return { min, max: byAxis((axis) => min[axis] + size[axis] - 1) };
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
      manifest.cascade
        ? `“${manifest.name}” is shown by another network where to look, and not by a point.`
        : `“${manifest.name}” was not trained on parts around a point: it looks at all of a series.`,
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
