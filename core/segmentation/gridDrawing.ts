/** For tests: labelmaps drawn as text. Rows are j, characters are i, slices are separated by blank lines; "." is 0. */

import { worldPoint } from '../geometry/points.ts';
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';
import type { Labelmap } from './labelmap.ts';

export function drawn(text: string): Labelmap {
  const slices = text
    .trim()
    .split(/\n\s*\n/)
    .map((slice) => slice.split('\n').map((row) => [...row.trim()].map((c) => (c === '.' ? 0 : Number(c)))));
  const size = [slices[0]![0]!.length, slices[0]!.length, slices.length] as const;
  return { size, voxels: Uint8Array.from(slices.flat(2)) };
}

export function drawing({ size, voxels }: Labelmap): string {
  const rows: string[] = [];
  for (let o = 0; o < voxels.length; o += size[0]) {
    if (o > 0 && (o / size[0]) % size[1] === 0) rows.push('');
    rows.push([...voxels.subarray(o, o + size[0])].map((v) => (v === 0 ? '.' : String(v))).join(''));
  }
  return rows.join('\n');
}

export function plainGeometry(
  size: Labelmap['size'],
  spacingMm: VolumeGeometry['spacingMm'] = [1, 1, 1],
): VolumeGeometry {
  const direction = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ] as const;
  return { size, spacingMm, originLps: worldPoint(0, 0, 0), direction };
}
