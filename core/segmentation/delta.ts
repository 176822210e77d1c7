/**
 * A change of one labelmap: sorted runs of (offset, length, before, after) and the box around them.
 * `applyDelta` and `revertDelta` are exact inverses and refuse a labelmap that does not hold what the delta expects.
 * Next: deltaCoding.ts (bytes), edit.ts (what a person does).
 */
import { LanternError } from '../errors/lanternError.ts';
import type { Vector3 } from '../geometry/points.ts';
import { wholeBox } from './deltaBox.ts';
import type { IndexBox, Labelmap } from './labelmap.ts';
import { RunRecorder } from './runRecorder.ts';

export interface LabelDelta {
  readonly size: Vector3;
  /** Inclusive; null when nothing changes. */
  readonly box: IndexBox | null;
  /** Quadruples offset, length, before, after: sorted by offset, never overlapping, before ≠ after. */
  readonly runs: Uint32Array;
}

/**
 * Writes the `after` labels in place.
 * @throws segmentation/delta-mismatch when a voxel is not what the delta expects; nothing is written then
 * @throws segmentation/wrong-grid, segmentation/label-too-large
 */
export function applyDelta(labelmap: Labelmap, delta: LabelDelta): void {
  verifyDelta(labelmap, delta, 'apply');
  write(labelmap, delta.runs, 3);
}

/** Writes the `before` labels in place; the exact inverse of {@link applyDelta}, with the same errors. */
export function revertDelta(labelmap: Labelmap, delta: LabelDelta): void {
  verifyDelta(labelmap, delta, 'revert');
  write(labelmap, delta.runs, 2);
}

/** Checks what {@link applyDelta} or {@link revertDelta} would check, and writes nothing. */
export function verifyDelta(labelmap: Labelmap, delta: LabelDelta, direction: 'apply' | 'revert'): void {
  if (delta.size.some((n, axis) => n !== labelmap.size[axis])) throw wrongGrid();
  const { voxels } = labelmap;
  const { runs } = delta;
  const largest = voxels instanceof Uint8Array ? 0xff : 0xffff;
  const expected = direction === 'apply' ? 2 : 3;
  const written = direction === 'apply' ? 3 : 2;
  for (let r = 0; r < runs.length; r += 4) {
    const end = runs[r]! + runs[r + 1]!;
    const label = runs[r + expected]!;
    if (end > voxels.length) throw wrongGrid();
    if (runs[r + written]! > largest) throw labelTooLarge();
    for (let o = runs[r]!; o < end; o++) if (voxels[o] !== label) throw mismatch();
  }
}

/** @returns the delta that leads from `before` to `after`, looked for inside of `box` only (default: everywhere) */
export function diffLabelmaps(before: Labelmap, after: Labelmap, box: IndexBox = wholeBox(before.size)): LabelDelta {
  if (before.size.some((n, axis) => n !== after.size[axis])) throw wrongGrid();
  const [ni, nj] = before.size;
  const recorder = new RunRecorder();
  for (let k = box.min[2]; k <= box.max[2]; k++) {
    for (let j = box.min[1]; j <= box.max[1]; j++) {
      const row = ni * (j + nj * k);
      for (let o = row + box.min[0]; o <= row + box.max[0]; o++) {
        const was = before.voxels[o]!;
        const is = after.voxels[o]!;
        if (was !== is) recorder.push(o, 1, was, is);
      }
    }
  }
  return recorder.finish(before.size);
}

/** @returns how many voxels each label gains (positive) or loses; label 0 is left out */
export function countChanges(delta: LabelDelta, direction: 'apply' | 'revert' = 'apply'): Map<number, number> {
  const changes = new Map<number, number>();
  const sign = direction === 'apply' ? 1 : -1;
  const { runs } = delta;
  const add = (label: number, voxels: number) => {
    if (label !== 0) changes.set(label, (changes.get(label) ?? 0) + voxels);
  };
  for (let r = 0; r < runs.length; r += 4) {
    add(runs[r + 2]!, -sign * runs[r + 1]!);
    add(runs[r + 3]!, sign * runs[r + 1]!);
  }
  return changes;
}

function write(labelmap: Labelmap, runs: Uint32Array, which: 2 | 3): void {
  for (let r = 0; r < runs.length; r += 4) labelmap.voxels.fill(runs[r + which]!, runs[r]!, runs[r]! + runs[r + 1]!);
}

function mismatch(): LanternError {
  return new LanternError(
    'segmentation/delta-mismatch',
    'This change does not fit the segmentation as it stands.',
    'Open the case again and repeat the change.',
  );
}

function wrongGrid(): LanternError {
  return new LanternError(
    'segmentation/wrong-grid',
    'This change belongs to another grid.',
    'Open the case again and repeat the change.',
  );
}

function labelTooLarge(): LanternError {
  return new LanternError(
    'segmentation/label-too-large',
    'The segment number does not fit this layer.',
    'Add the segment again, so that the layer is widened first.',
  );
}
