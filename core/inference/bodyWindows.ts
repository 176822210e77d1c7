/**
 * Which windows hold any of the body. What is air is decided at 4 mm along the series' own axes: in CT below −500 HU, in MR darker than
 * half-way between air and tissue. Air between tissue, as in lungs, bowels and between the legs, counts as body, and so does whatever
 * lies within 12 mm of it; a table counts as body too. Next: runModel.ts.
 */
import { indexPoint, type Vector3 } from '../geometry/points.ts';
import { indexToWorld, type VolumeGeometry, worldToIndex } from '../geometry/volumeGeometry.ts';
import { componentsMask, connectedComponents } from '../segmentation/connectedComponents.ts';
import { wholeBox } from '../segmentation/deltaBox.ts';
import type { Volume } from '../volume/volume.ts';
import { resampleRecord, resampleVolume } from './resample.ts';
import { airLimit } from './tissueMask.ts';

const BODY_MM = 4;
/** Around the body, for the blur of the coarse voxels and for what a skin fold hides. */
const MARGIN_MM = 12;
const CT_AIR_HU = -500;
/** Single bright voxels of noise are no body: 0.5 ml. */
const LEAST_VOXELS = 8;
/**
 * What is dark in MR is taken for air only where it is this dark beside the rest, on the average: fluid and bone of a series that was
 * cut out of a head have a quarter of its brightness and more.
 */
const MOST_AIR_BRIGHTNESS = 0.12;

export interface BodyMask {
  readonly geometry: VolumeGeometry;
  /** 1 = body. */
  readonly voxels: Uint8Array;
}

/** @returns null where air cannot be told from tissue, so that nothing may be taken for air */
export function bodyMask(volume: Volume, modality: 'CT' | 'MR'): BodyMask | null {
  const spacing = volume.geometry.spacingMm.map((mm) => Math.max(mm, BODY_MM)) as unknown as Vector3;
  const record = resampleRecord(volume.geometry, spacing);
  const { geometry, scalars } = record ? resampleVolume(volume, record) : volume;
  const values = scalars instanceof Float32Array ? scalars : Float32Array.from(scalars);
  const limit = modality === 'CT' ? CT_AIR_HU : airLimit(values);
  if (limit === null || (modality === 'MR' && !hasDarkAir(values, limit))) return null;
  const bright = Uint8Array.from(values, (x) => (x > limit ? 1 : 0));
  const dense = { box: wholeBox(geometry.size), size: geometry.size, voxels: bright };
  const parts = connectedComponents(dense, 'corners');
  const body = componentsMask(dense, parts, (c) => (parts.sizes[c] ?? 0) >= LEAST_VOXELS);
  return { geometry, voxels: enclosed(body, geometry.size) };
}

/**
 * @param grid of the network, its axes along the series' in any order and direction
 * @param size of every window, voxels of that grid
 * @returns whether it holds body, by window
 */
export function windowsWithBody(
  { geometry, voxels }: BodyMask,
  grid: VolumeGeometry,
  size: Vector3,
  starts: readonly Vector3[],
): boolean[] {
  return starts.map((start) => {
    const corner = (offset: Vector3): Vector3 =>
      worldToIndex(
        geometry,
        indexToWorld(grid, indexPoint(start[0] + offset[0], start[1] + offset[1], start[2] + offset[2])),
      );
    const ends = [corner([-0.5, -0.5, -0.5]), corner([size[0] - 0.5, size[1] - 0.5, size[2] - 0.5])] as const;
    const range = ([0, 1, 2] as const).map((a) => {
      const margin = MARGIN_MM / geometry.spacingMm[a];
      const last = geometry.size[a] - 1;
      const low = Math.floor(Math.min(ends[0][a], ends[1][a]) - margin);
      const high = Math.ceil(Math.max(ends[0][a], ends[1][a]) + margin);
      // What lies beyond the series is padding; its outermost voxels stand for it.
      return [Math.min(Math.max(low, 0), last), Math.min(Math.max(high, 0), last)] as const;
    }) as unknown as BoxRange;
    return holdsBody(voxels, geometry.size, range);
  });
}

type BoxRange = readonly [readonly [number, number], readonly [number, number], readonly [number, number]];

function holdsBody(voxels: Uint8Array, [ni, nj]: Vector3, [i, j, k]: BoxRange): boolean {
  for (let z = k[0]; z <= k[1]; z++) {
    for (let y = j[0]; y <= j[1]; y++) {
      const row = ni * (y + nj * z);
      if (voxels.subarray(row + i[0], row + i[1] + 1).includes(1)) return true;
    }
  }
  return false;
}

function hasDarkAir(values: Float32Array, limit: number): boolean {
  let air = 0;
  let airCount = 0;
  let tissue = 0;
  for (const x of values) {
    if (x > limit) tissue += x;
    else {
      air += x;
      airCount++;
    }
  }
  if (airCount === 0 || airCount === values.length) return false;
  return Math.abs(air / airCount) <= MOST_AIR_BRIGHTNESS * (tissue / (values.length - airCount));
}

/** What has body on both sides along any of the axes is body. */
function enclosed(body: Uint8Array, size: Vector3): Uint8Array {
  const filled = Uint8Array.from(body);
  const strides: Vector3 = [1, size[0], size[0] * size[1]];
  for (const axis of [0, 1, 2] as const) {
    const [a, b] = axis === 0 ? ([1, 2] as const) : axis === 1 ? ([0, 2] as const) : ([0, 1] as const);
    const step = strides[axis];
    for (let q = 0; q < size[b]; q++) {
      for (let p = 0; p < size[a]; p++) {
        const line = p * strides[a] + q * strides[b];
        let first = 0;
        while (first < size[axis] && body[line + first * step] === 0) first++;
        let last = size[axis] - 1;
        while (last > first && body[line + last * step] === 0) last--;
        for (let n = first; n <= last; n++) filled[line + n * step] = 1;
      }
    }
  }
  return filled;
}
