/** What the history says of how each segment got its voxels: "brush", "operation/threshold", … Read for exports. */
import { decodeEdit } from '#core/segmentation/editPacket.ts';
import { requirePacket } from './openSegmentation.ts';
import type { SegmentationRows } from './segmentationRows.ts';

/** By segment number; a segment whose voxels are as they came (from a model, a file) is not in it. */
export type EditCodes = Readonly<Record<string, readonly string[]>>;

/**
 * @param cursor up to here the steps are done
 * @returns null where older steps were dropped: nobody can tell any more
 */
export function editCodesBySegment(rows: SegmentationRows, id: string, cursor: number): EditCodes | null {
  const done = rows.steps(id).filter(({ sequence }) => sequence <= cursor);
  if (done.length < cursor) return null;
  const codes = new Map<number, Set<string>>();
  const add = (number: number, code: string): void => {
    if (number !== 0) codes.set(number, (codes.get(number) ?? new Set()).add(code));
  };
  for (const { sequence, code } of done) {
    for (const { delta } of decodeEdit(requirePacket(rows, id, sequence)).deltas) {
      const { runs } = delta;
      for (let r = 0; r < runs.length; r += 4) {
        add(runs[r + 2]!, code);
        add(runs[r + 3]!, code);
      }
    }
  }
  return Object.fromEntries([...codes].map(([number, set]) => [String(number), [...set].sort()]));
}
