/**
 * Cascades: the box around what a coarse network found, the part of a series in it, and the way back. Whole voxels of the series' own grid
 * along its own axes, so nothing is interpolated and the mask returns exactly.
 */
import { indexPoint, type Vector3 } from '../geometry/points.ts';
import { indexToWorld, type VolumeGeometry } from '../geometry/volumeGeometry.ts';
import type { IndexBox, Labelmap } from '../segmentation/labelmap.ts';
import { allocateScalars, scalarTypeOf, type Volume } from '../volume/volume.ts';
import type { VoxelRuns } from './instances/placeInstance.ts';
import { moveVoxels } from './moveVoxels.ts';

/**
 * @param values labels that the box must hold
 * @param marginMm added on each side, rounded up to whole voxels, as far as the series reaches
 * @returns null when none of the labels is there
 */
export function boxAround(
  { size, voxels }: Labelmap,
  values: readonly number[],
  spacingMm: Vector3,
  marginMm: number,
): IndexBox | null {
  const wanted = new Uint8Array(65_536);
  for (const value of values) wanted[value] = 1;
  const min = [size[0], size[1], size[2]];
  const max = [-1, -1, -1];
  let n = 0;
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      for (let i = 0; i < size[0]; i++, n++) {
        if (!wanted[voxels[n]!]) continue;
        if (i < min[0]!) min[0] = i;
        if (i > max[0]!) max[0] = i;
        if (j < min[1]!) min[1] = j;
        if (j > max[1]!) max[1] = j;
        if (k < min[2]!) min[2] = k;
        if (k > max[2]!) max[2] = k;
      }
    }
  }
  if (max[0] === -1) return null;
  const margin = (axis: 0 | 1 | 2): number => Math.ceil(marginMm / spacingMm[axis] - 1e-6);
  const low = (axis: 0 | 1 | 2): number => Math.max(0, min[axis]! - margin(axis));
  const high = (axis: 0 | 1 | 2): number => Math.min(size[axis] - 1, max[axis]! + margin(axis));
  return { min: [low(0), low(1), low(2)], max: [high(0), high(1), high(2)] };
}

export function boxSize({ min, max }: IndexBox): Vector3 {
  return [max[0] - min[0] + 1, max[1] - min[1] + 1, max[2] - min[2] + 1];
}

/** @returns a copy of the part in the box, where it lies in the patient */
export function cropToBox({ geometry, scalars }: Volume, box: IndexBox): Volume {
  const size = boxSize(box);
  const part = allocateScalars(scalarTypeOf(scalars), size[0] * size[1] * size[2]);
  moveVoxels(scalars, part, size, placeOf(geometry.size, box));
  const cropped: VolumeGeometry = { ...geometry, size, originLps: indexToWorld(geometry, indexPoint(...box.min)) };
  return { geometry: cropped, scalars: part };
}

/** @returns what lies in the box, in an array of `size` that is 0 elsewhere */
export function pasteFromBox<T extends Uint8Array | Uint16Array>(part: T, box: IndexBox, size: Vector3): T {
  const Type = part.constructor as new (length: number) => T;
  const whole = new Type(size[0] * size[1] * size[2]);
  moveVoxels(part, whole, boxSize(box), placeOf(size, box), 'scatter');
  return whole;
}

/** The same for voxels as runs: those of the box's array become runs of the whole's. */
export function pasteRuns(runs: VoxelRuns, box: IndexBox, size: Vector3): VoxelRuns {
  const [ni, nj] = boxSize(box);
  const pasted: number[] = [];
  for (let r = 0; r < runs.length; r += 2) {
    const end = runs[r]! + runs[r + 1]!;
    for (let n = runs[r]!; n < end; ) {
      const i = n % ni;
      const j = Math.floor(n / ni) % nj;
      const k = Math.floor(n / (ni * nj));
      const count = Math.min(ni - i, end - n);
      const first = box.min[0] + i + size[0] * (box.min[1] + j + size[1] * (box.min[2] + k));
      const last = pasted.length - 2;
      if (last >= 0 && pasted[last]! + pasted[last + 1]! === first) pasted[last + 1]! += count;
      else pasted.push(first, count);
      n += count;
    }
  }
  return Uint32Array.from(pasted);
}

function placeOf(size: Vector3, { min }: IndexBox): { start: number; strides: Vector3 } {
  const strides: Vector3 = [1, size[0], size[0] * size[1]];
  return { start: min[0] + min[1] * strides[1] + min[2] * strides[2], strides };
}
