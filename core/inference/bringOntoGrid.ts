/**
 * Brings a series onto another series' grid, through the patient: LPS mm, trilinear between voxel centres, kept at the edge for half a
 * voxel. Where the series does not reach, its lowest value stands (air, or the dark around a head). For images only, never for masks.
 */
import { LanternError } from '../errors/lanternError.ts';
import { indexPoint, type Vector3 } from '../geometry/points.ts';
import { indexToWorld, type VolumeGeometry, worldToIndex } from '../geometry/volumeGeometry.ts';
import type { Volume } from '../volume/volume.ts';
import type { RegridRecord } from './trace.ts';

/** Grids whose corners lie closer together than this share of a voxel are one grid. */
const SAME_PLACE = 1e-3;
/** Less than this share of the first series, and the network would see a made-up image. */
const LEAST_COVERAGE = 0.9;
/** Places on each axis at which coverage is looked at. */
const PROBES = 24;

/** @returns whether every voxel of the two lies at the same place of the patient */
export function isSameGrid(a: VolumeGeometry, b: VolumeGeometry): boolean {
  if (a.size.some((n, axis) => n !== b.size[axis])) return false;
  return corners(a.size).every((corner) => {
    const at = worldToIndex(b, indexToWorld(a, indexPoint(...corner)));
    return at.every((x, axis) => Math.abs(x - corner[axis as 0 | 1 | 2]) < SAME_PLACE);
  });
}

/** @returns the share of `grid` that lies inside of `other`, 0 … 1 */
export function coverage(grid: VolumeGeometry, other: VolumeGeometry): number {
  const probe = (n: number, axis: 0 | 1 | 2): number => ((n + 0.5) / PROBES) * grid.size[axis] - 0.5;
  let inside = 0;
  for (let k = 0; k < PROBES; k++) {
    for (let j = 0; j < PROBES; j++) {
      for (let i = 0; i < PROBES; i++) {
        const at = worldToIndex(other, indexToWorld(grid, indexPoint(probe(i, 0), probe(j, 1), probe(k, 2))));
        if (at.every((x, axis) => x >= -0.5 && x <= (other.size[axis] ?? 0) - 0.5)) inside++;
      }
    }
  }
  return inside / PROBES ** 3;
}

/** @throws model/channel-apart */
export function checkCoverage(grid: VolumeGeometry, other: VolumeGeometry, name: string): void {
  const share = coverage(grid, other);
  if (share >= LEAST_COVERAGE) return;
  throw new LanternError(
    'model/channel-apart',
    `The series for “${name}” covers only ${Math.floor(100 * share)} % of the first one; the network needs both of the same place.`,
    'Choose series of one examination that show the same part of the body.',
  );
}

/**
 * @returns the series on `grid`, itself where it lies there already, and what was done
 * @throws model/channel-apart
 */
export function bringOntoGrid(
  volume: Volume,
  grid: VolumeGeometry,
  channel: string,
): { readonly volume: Volume; readonly record: RegridRecord | null } {
  if (isSameGrid(grid, volume.geometry)) return { volume: { geometry: grid, scalars: volume.scalars }, record: null };
  checkCoverage(grid, volume.geometry, channel);
  const { size, spacingMm, originLps, direction } = volume.geometry;
  const record: RegridRecord = { step: 'regrid', channel, size, spacingMm, originLps, direction };
  return { volume: { geometry: grid, scalars: sampled(volume, grid) }, record };
}

function sampled({ geometry, scalars }: Volume, grid: VolumeGeometry): Float32Array {
  const [ni, nj, nk] = grid.size;
  const [mi, mj, mk] = geometry.size;
  const output = new Float32Array(ni * nj * nk);
  // Index in the series as an affine function of the index on the grid.
  const at = (i: number, j: number, k: number): Vector3 =>
    worldToIndex(geometry, indexToWorld(grid, indexPoint(i, j, k)));
  const zero = at(0, 0, 0);
  const [di, dj, dk] = [at(1, 0, 0), at(0, 1, 0), at(0, 0, 1)].map((p) => p.map((x, axis) => x - zero[axis]!)) as [
    number[],
    number[],
    number[],
  ];
  let lowest = Number.POSITIVE_INFINITY;
  for (let n = 0; n < scalars.length; n++) if (scalars[n]! < lowest) lowest = scalars[n]!;
  let target = 0;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++, target++) {
        const x = zero[0] + i * di[0]! + j * dj[0]! + k * dk[0]!;
        const y = zero[1] + i * di[1]! + j * dj[1]! + k * dk[1]!;
        const z = zero[2] + i * di[2]! + j * dj[2]! + k * dk[2]!;
        if (x < -0.5 || y < -0.5 || z < -0.5 || x > mi - 0.5 || y > mj - 0.5 || z > mk - 0.5) {
          output[target] = lowest;
          continue;
        }
        const cx = Math.min(Math.max(x, 0), mi - 1);
        const cy = Math.min(Math.max(y, 0), mj - 1);
        const cz = Math.min(Math.max(z, 0), mk - 1);
        const [x0, y0, z0] = [Math.floor(cx), Math.floor(cy), Math.floor(cz)];
        const right = x0 < mi - 1 ? 1 : 0;
        const down = y0 < mj - 1 ? mi : 0;
        const up = z0 < mk - 1 ? mi * mj : 0;
        const [fx, fy, fz] = [cx - x0, cy - y0, cz - z0];
        const n = x0 + mi * (y0 + mj * z0);
        const low = bilinear(scalars, n, right, down, fx, fy);
        output[target] = low + fz * (bilinear(scalars, n + up, right, down, fx, fy) - low);
      }
    }
  }
  return output;
}

function bilinear(s: ArrayLike<number>, n: number, right: number, down: number, fx: number, fy: number): number {
  const a = s[n]! + fx * (s[n + right]! - s[n]!);
  const b = s[n + down]! + fx * (s[n + down + right]! - s[n + down]!);
  return a + fy * (b - a);
}

function corners([ni, nj, nk]: Vector3): Vector3[] {
  const ends = (n: number): number[] => [0, n - 1];
  return ends(ni).flatMap((i) => ends(nj).flatMap((j) => ends(nk).map((k): Vector3 => [i, j, k])));
}
