/**
 * What an edit may do: the one gate for the renderer before it sends, and for the host before it commits.
 * Next: writeMask.ts, which keeps tools and operations inside of these rules.
 */
import { LanternError } from '../errors/lanternError.ts';
import { countChanges } from './delta.ts';
import type { Edit, SegmentationContent } from './edit.ts';
import type { Segment } from './segment.ts';

/** Enough for any real case, and a bound on the memory that a packet can ask for. */
const MOST_LAYERS = 32;

/**
 * Locked segments keep their voxels, every label written is a segment of that layer, numbers are unique, and a segment that
 * goes takes its voxels with it.
 * @throws segmentation/locked, segmentation/bad-edit
 */
export function checkEdit(content: SegmentationContent, edit: Edit): void {
  const after = edit.segmentsAfter ?? content.segments;
  if ((edit.segmentsAfter === null) !== (edit.segmentsBefore === null)) throw badEdit('its segments are half told');
  checkSegments(after);
  const locked = new Set(content.segments.filter((s) => s.locked).map((s) => s.number));
  const known = new Map(content.segments.map((s) => [s.number, s.layer]));
  const next = new Map(after.map((s) => [s.number, s.layer]));
  for (const [number, layer] of next) {
    if (known.has(number) && known.get(number) !== layer) throw badEdit('a segment changes its layer');
  }
  for (const { layer, delta } of edit.deltas) {
    const { runs } = delta;
    for (let r = 0; r < runs.length; r += 4) {
      const was = runs[r + 2]!;
      const is = runs[r + 3]!;
      if (locked.has(was) || locked.has(is)) throw lockedSegment(content.segments, locked.has(was) ? was : is);
      if (is !== 0 && next.get(is) !== layer) throw badEdit('it writes a label that is no segment of its layer');
      if (was !== 0 && known.get(was) !== layer) throw badEdit('it replaces a label that is no segment of its layer');
    }
  }
  for (const { number } of content.segments) {
    if (next.has(number)) continue;
    if (locked.has(number)) throw lockedSegment(content.segments, number);
    const change = edit.deltas.reduce((n, { delta }) => n + (countChanges(delta).get(number) ?? 0), 0);
    if ((content.voxels.get(number) ?? 0) + change !== 0) throw badEdit('it removes a segment but leaves its voxels');
  }
}

function checkSegments(segments: readonly Segment[]): void {
  if (new Set(segments.map((s) => s.number)).size !== segments.length) throw badEdit('two segments share a number');
  for (const { number, layer } of segments) {
    if (!Number.isInteger(number) || number < 1 || number > 0xffff) throw badEdit('a segment number is out of range');
    if (!Number.isInteger(layer) || layer < 0 || layer >= MOST_LAYERS) throw badEdit('a layer is out of range');
  }
}

function badEdit(why: string): LanternError {
  return new LanternError(
    'segmentation/bad-edit',
    `This change was not taken: ${why}.`,
    'Open the case again and repeat the change.',
  );
}

export function lockedSegment(segments: readonly Segment[], number: number): LanternError {
  const name = segments.find((s) => s.number === number)?.name ?? String(number);
  return new LanternError(
    'segmentation/locked',
    `The segment “${name}” is locked.`,
    'Unlock it first, then try again.',
  );
}
