/** A proposal that is accepted in part: what was not chosen goes with its voxels, in one step that undo brings back. */
import { LanternError } from '../errors/lanternError.ts';
import type { Edit, LayerDelta, SegmentationContent } from './edit.ts';
import { RunRecorder } from './runRecorder.ts';
import type { Segment } from './segment.ts';
import { requireSegment } from './segmentEdits.ts';

/** Names in the history's label; more are counted. */
const MOST_NAMES = 2;

/**
 * @param kept numbers of the segments that stay, in any order
 * @returns null where all of them stay
 * @throws segmentation/nothing-chosen, segmentation/unknown-segment
 */
export function keepSegmentsEdit(content: SegmentationContent, kept: readonly number[]): Edit | null {
  const chosen = new Set(kept.map((number) => requireSegment(content.segments, number).number));
  if (chosen.size === 0) throw nothingChosen();
  const rejected = content.segments.filter(({ number }) => !chosen.has(number));
  if (rejected.length === 0) return null;
  return {
    code: 'segment/reject',
    label: `Reject ${namesOf(rejected)}`,
    source: 'manual',
    segmentsBefore: content.segments,
    segmentsAfter: content.segments.filter(({ number }) => chosen.has(number)),
    deltas: content.layers.flatMap((_, layer) => erased(content, layer, rejected)),
  };
}

function erased(content: SegmentationContent, layer: number, rejected: readonly Segment[]): LayerDelta[] {
  const { voxels } = content.layers[layer]!;
  const goes = new Uint8Array(0x10000);
  for (const segment of rejected) if (segment.layer === layer) goes[segment.number] = 1;
  const recorder = new RunRecorder();
  for (let o = 0; o < voxels.length; o++) {
    const label = voxels[o]!;
    if (label !== 0 && goes[label]) recorder.push(o, 1, label, 0);
  }
  return recorder.runs === 0 ? [] : [{ layer, delta: recorder.finish(content.size) }];
}

function namesOf(segments: readonly Segment[]): string {
  const names = segments.slice(0, MOST_NAMES).map(({ name }) => name);
  const more = segments.length - names.length;
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
}

function nothingChosen(): LanternError {
  return new LanternError(
    'segmentation/nothing-chosen',
    'No segment of the proposal is chosen.',
    'Choose at least one to accept, or reject the whole proposal.',
  );
}
