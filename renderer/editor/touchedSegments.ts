/** Which segments an edit takes voxels from or gives them to, and how many it takes. */
import type { Edit } from '#core/segmentation/edit.ts';

/** @returns numbers of all segments whose voxels the edit changes */
export function touchedSegments({ deltas }: Pick<Edit, 'deltas'>): Set<number> {
  const touched = new Set<number>();
  for (const { delta } of deltas) {
    for (let r = 0; r < delta.runs.length; r += 4) touched.add(delta.runs[r + 2]!).add(delta.runs[r + 3]!);
  }
  touched.delete(0);
  return touched;
}

/** @returns voxels that other segments lose to `target`, by their numbers; those that lose none are not in it */
export function voxelsTakenFrom({ deltas }: Pick<Edit, 'deltas'>, target: number): Map<number, number> {
  const taken = new Map<number, number>();
  for (const { delta } of deltas) {
    for (let r = 0; r < delta.runs.length; r += 4) {
      const [length, before, after] = [delta.runs[r + 1]!, delta.runs[r + 2]!, delta.runs[r + 3]!];
      if (after === target && before !== 0) taken.set(before, (taken.get(before) ?? 0) + length);
    }
  }
  return taken;
}
