/**
 * A segment's surface for a picture: the share of the segment in blocks of voxels, a light blur, and the surface through it. Quick and
 * smooth, closed, with few triangles. Not for measuring or printing (core/meshing is for that). LPS mm. Next: isosurface.ts.
 */
import { indexPoint, type Vector3 } from '../geometry/points.ts';
import { indexToWorld, type VolumeGeometry } from '../geometry/volumeGeometry.ts';
import { segmentBox } from '../meshing/marchSegment.ts';
import type { Labelmap } from '../segmentation/labelmap.ts';
import type { Volume } from '../volume/volume.ts';
import { type Isosurface, isosurface } from './isosurface.ts';
import { smoothVolume } from './smoothVolume.ts';

/** Below a half, so that the blur does not take away what is one block thin. */
const SURFACE_SHARE = 0.4;
/** Blocks without the segment around it, so that blur and surface end in them. */
const MARGIN = 2;

/**
 * @param leastCellMm detail below this length is not wanted; never finer than the voxels
 * @returns no triangles for a segment without voxels
 */
export function pictureSurface(
  labelmap: Labelmap,
  number: number,
  geometry: VolumeGeometry,
  leastCellMm: number,
): Isosurface {
  const factors = geometry.spacingMm.map((mm) => Math.max(1, Math.round(leastCellMm / mm))) as unknown as Vector3;
  const shares = blockShares(labelmap, number, geometry, factors);
  if (!shares) return { positions: new Float32Array(0), triangles: new Uint32Array(0) };
  return isosurface(smoothVolume(shares), SURFACE_SHARE);
}

/** @returns 0 … 1 for each block of the segment's box and its margin; null without voxels */
function blockShares(
  { size, voxels }: Labelmap,
  number: number,
  geometry: VolumeGeometry,
  factors: Vector3,
): Volume | null {
  const box = segmentBox({ size, voxels }, number);
  if (!box) return null;
  const [ni, nj] = size;
  const { min, max } = box;
  const blocks = [0, 1, 2].map((a) => Math.ceil((max[a]! - min[a]! + 1) / factors[a]!) + 2 * MARGIN);
  const [mi, mj, mk] = [blocks[0]!, blocks[1]!, blocks[2]!];
  const scalars = new Float32Array(mi * mj * mk);
  const share = 1 / (factors[0] * factors[1] * factors[2]);
  const blockOfI = Uint16Array.from({ length: ni }, (_, i) => MARGIN + Math.floor((i - min[0]) / factors[0]));
  for (let k = min[2]; k <= max[2]; k++) {
    const blockK = MARGIN + Math.floor((k - min[2]) / factors[2]);
    for (let j = min[1]; j <= max[1]; j++) {
      const row = mi * (MARGIN + Math.floor((j - min[1]) / factors[1]) + mj * blockK);
      const from = ni * (j + nj * k);
      for (let i = min[0]; i <= max[0]; i++) {
        if (voxels[from + i] === number) scalars[row + blockOfI[i]!]! += share;
      }
    }
  }
  const corner = [0, 1, 2].map((a) => min[a]! - MARGIN * factors[a]! + (factors[a]! - 1) / 2);
  return {
    geometry: {
      size: [mi, mj, mk],
      spacingMm: [0, 1, 2].map((a) => geometry.spacingMm[a]! * factors[a]!) as unknown as Vector3,
      originLps: indexToWorld(geometry, indexPoint(corner[0]!, corner[1]!, corner[2]!)),
      direction: geometry.direction,
    },
    scalars,
  };
}
