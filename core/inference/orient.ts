/**
 * Brings an array's axes to an orientation ("LIA"); labelWriter.ts goes the way back. Exact: voxels are moved, never mixed.
 * An oblique volume is turned by its closest anatomical axes and stays oblique.
 * Codes name where an axis grows to, as nibabel's aff2axcodes. Space: LPS, millimetres.
 */
import { closestAxes } from '../geometry/anatomicalAxes.ts';
import { indexPoint, type Vector3 } from '../geometry/points.ts';
import { indexToWorld, type VolumeGeometry } from '../geometry/volumeGeometry.ts';
import { allocateScalars, scalarTypeOf, type Volume } from '../volume/volume.ts';
import { moveVoxels, type Strided } from './moveVoxels.ts';
import type { OrientRecord } from './trace.ts';

/** Letters for growth towards + and − of LPS x, y, z. */
const LETTERS = ['LR', 'PA', 'SI'] as const;

/** @returns e.g. "LPS" for a usual axial CT: where i, j and k grow to */
export function axisCodesOf(geometry: VolumeGeometry): string {
  const codes = ['', '', ''];
  for (const [world, match] of closestAxes(geometry).entries()) {
    codes[match.axis] = LETTERS[world]?.[match.sign === 1 ? 0 : 1] ?? '';
  }
  return codes.join('');
}

/** @param to three letters, one of L/R, P/A and S/I each (checked by the manifest's schema) */
export function orientRecord(geometry: VolumeGeometry, to: string): OrientRecord {
  const from = axisCodesOf(geometry);
  const source = (letter: string): 0 | 1 | 2 => {
    const pair = LETTERS.find((p) => p.includes(letter)) ?? '';
    return [...from].findIndex((code) => pair.includes(code)) as 0 | 1 | 2;
  };
  const [a, b, c] = [...to] as [string, string, string];
  const axes = [source(a), source(b), source(c)] as const;
  return {
    step: 'orient',
    from,
    to,
    axes,
    flipped: [from[axes[0]] !== a, from[axes[1]] !== b, from[axes[2]] !== c],
    size: geometry.size,
  };
}

/** @returns size along the new axes */
export function orientedSize({ axes, size }: OrientRecord): Vector3 {
  return [size[axes[0]], size[axes[1]], size[axes[2]]];
}

export function orientVolume(volume: Volume, record: OrientRecord): Volume {
  const geometry = orientedGeometry(volume.geometry, record);
  if (isIdentity(record)) return { geometry, scalars: volume.scalars };
  const scalars = allocateScalars(scalarTypeOf(volume.scalars), volume.scalars.length);
  moveVoxels(volume.scalars, scalars, orientedSize(record), sourceStrides(record));
  return { geometry, scalars };
}

/** @returns where the oriented series' voxels lie */
export function orientedGeometry(geometry: VolumeGeometry, record: OrientRecord): VolumeGeometry {
  const { axes, flipped } = record;
  const corner = [0, 0, 0];
  for (const [a, axis] of axes.entries()) if (flipped[a]) corner[axis] = geometry.size[axis] - 1;
  const direction = (a: 0 | 1 | 2): Vector3 => {
    const [x, y, z] = geometry.direction[axes[a]];
    return flipped[a] ? [-x, -y, -z] : [x, y, z];
  };
  return {
    size: orientedSize(record),
    spacingMm: [geometry.spacingMm[axes[0]], geometry.spacingMm[axes[1]], geometry.spacingMm[axes[2]]],
    originLps: indexToWorld(geometry, indexPoint(corner[0] ?? 0, corner[1] ?? 0, corner[2] ?? 0)),
    direction: [direction(0), direction(1), direction(2)],
  };
}

/** Whether nothing has to be moved. */
export function isIdentity({ axes, flipped }: OrientRecord): boolean {
  return axes[0] === 0 && axes[1] === 1 && axes[2] === 2 && !flipped.includes(true);
}

/** Where in the input's array the oriented voxel (0, 0, 0) lies, and the steps along the oriented axes. */
export function sourceStrides({ axes, flipped, size }: OrientRecord): Strided {
  const inputStrides: Vector3 = [1, size[0], size[0] * size[1]];
  let start = 0;
  const strides = [0, 1, 2].map((a) => {
    const axis = axes[a as 0 | 1 | 2];
    if (!flipped[a]) return inputStrides[axis];
    start += (size[axis] - 1) * inputStrides[axis];
    return -inputStrides[axis];
  });
  return { start, strides: [strides[0] ?? 0, strides[1] ?? 0, strides[2] ?? 0] };
}
