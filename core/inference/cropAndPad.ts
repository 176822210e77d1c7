/** Brings a volume to a grid of a given size, centred: what is too long is cropped, what is too short is padded. Exact, no interpolation. */
import { indexPoint, type Vector3 } from '../geometry/points.ts';
import { indexToWorld, type VolumeGeometry } from '../geometry/volumeGeometry.ts';
import { moveVoxels } from './moveVoxels.ts';
import type { CropRecord, PadRecord } from './trace.ts';

/** Float volume as the network sees it. */
export interface FloatVolume {
  readonly geometry: VolumeGeometry;
  readonly scalars: Float32Array;
}

const map = (f: (axis: 0 | 1 | 2) => number): Vector3 => [f(0), f(1), f(2)];
const strides = (size: Vector3): Vector3 => [1, size[0], size[0] * size[1]];
const offset = (size: Vector3, at: Vector3): number => at[0] + size[0] * (at[1] + size[1] * at[2]);

/** @returns null when nothing is longer than `size` */
export function cropRecord(fromSize: Vector3, size: Vector3): CropRecord | null {
  const kept = map((axis) => Math.min(fromSize[axis], size[axis]));
  if (kept.every((n, axis) => n === fromSize[axis])) return null;
  return { step: 'crop', fromSize, size: kept, start: map((axis) => Math.floor((fromSize[axis] - kept[axis]) / 2)) };
}

/** @returns null when nothing is shorter than `size` */
export function padRecord(fromSize: Vector3, size: Vector3, value: number): PadRecord | null {
  const full = map((axis) => Math.max(fromSize[axis], size[axis]));
  if (full.every((n, axis) => n === fromSize[axis])) return null;
  const before = map((axis) => Math.floor((full[axis] - fromSize[axis]) / 2));
  return { step: 'pad', fromSize, before, size: full, value };
}

export function cropVolume(volume: FloatVolume, record: CropRecord): FloatVolume {
  const { fromSize, size, start } = record;
  const scalars = new Float32Array(size[0] * size[1] * size[2]);
  moveVoxels(volume.scalars, scalars, size, { start: offset(fromSize, start), strides: strides(fromSize) });
  return { geometry: shifted(volume.geometry, size, start), scalars };
}

export function padVolume(volume: FloatVolume, record: PadRecord): FloatVolume {
  const { fromSize, size, before, value } = record;
  const scalars = new Float32Array(size[0] * size[1] * size[2]);
  if (value !== 0) scalars.fill(value);
  const place = { start: offset(size, before), strides: strides(size) };
  moveVoxels(volume.scalars, scalars, fromSize, place, 'scatter');
  return {
    geometry: shifted(
      volume.geometry,
      size,
      map((axis) => -before[axis]),
    ),
    scalars,
  };
}

function shifted(geometry: VolumeGeometry, size: Vector3, first: Vector3): VolumeGeometry {
  return { ...geometry, size, originLps: indexToWorld(geometry, indexPoint(first[0], first[1], first[2])) };
}
