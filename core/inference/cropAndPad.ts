/** Brings a grid to a given size, centred: what is too long is cropped, what is too short is padded. Exact, no interpolation. */
import { indexPoint, type Vector3 } from '../geometry/points.ts';
import { indexToWorld, type VolumeGeometry } from '../geometry/volumeGeometry.ts';
import { byAxis } from './axes.ts';
import type { CropRecord, PadRecord } from './trace.ts';

/** @returns null when nothing is longer than `size` */
export function cropRecord(fromSize: Vector3, size: Vector3): CropRecord | null {
  const kept = byAxis((axis) => Math.min(fromSize[axis], size[axis]));
  if (kept.every((n, axis) => n === fromSize[axis])) return null;
  return { step: 'crop', fromSize, size: kept, start: byAxis((axis) => Math.floor((fromSize[axis] - kept[axis]) / 2)) };
}

/** @returns null when nothing is shorter than `size` */
export function padRecord(fromSize: Vector3, size: Vector3, value: number): PadRecord | null {
  const full = byAxis((axis) => Math.max(fromSize[axis], size[axis]));
  if (full.every((n, axis) => n === fromSize[axis])) return null;
  const before = byAxis((axis) => Math.floor((full[axis] - fromSize[axis]) / 2));
  return { step: 'pad', fromSize, before, size: full, value };
}

/** @returns where the voxels that are kept lie */
export function croppedGeometry(geometry: VolumeGeometry, { size, start }: CropRecord): VolumeGeometry {
  return shifted(geometry, size, start);
}

/** @returns where the filled-up grid lies */
export function paddedGeometry(geometry: VolumeGeometry, { size, before }: PadRecord): VolumeGeometry {
  return shifted(
    geometry,
    size,
    byAxis((axis) => -before[axis]),
  );
}

function shifted(geometry: VolumeGeometry, size: Vector3, first: Vector3): VolumeGeometry {
  return { ...geometry, size, originLps: indexToWorld(geometry, indexPoint(first[0], first[1], first[2])) };
}
