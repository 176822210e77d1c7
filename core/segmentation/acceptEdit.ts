/**
 * A proposal that a person accepts, whole or in part, as one step of its history: what was not chosen goes with its voxels. Undo gives the
 * proposal back, redo accepts the same part again: the segmentation is accepted as long as this step is done.
 */
import { LanternError } from '../errors/lanternError.ts';
import type { Edit, LayerDelta, SegmentationContent } from './edit.ts';
import { RunRecorder } from './runRecorder.ts';
import type { Segment } from './segment.ts';
import { requireSegment } from './segmentEdits.ts';

const CODE = 'proposal/accept';
/** How vaults of earlier builds call an acceptance in part. */
const EARLIER_CODE = 'segment/reject';
/** Names in the history's label; more are counted. */
const MOST_NAMES = 2;

/** @param code of a step of the history */
export function isAcceptance(code: string): boolean {
  return code === CODE || code === EARLIER_CODE;
}

/**
 * @param kept numbers of the segments that stay, in any order; left out: all of them, also where there is none
 * @throws segmentation/nothing-chosen, segmentation/unknown-segment
 */
export function acceptEdit(content: SegmentationContent, kept?: readonly number[]): Edit {
  const { segments, layers } = content;
  const chosen = new Set((kept ?? []).map((number) => requireSegment(segments, number).number));
  if (kept && chosen.size === 0) throw nothingChosen();
  const accepted = kept ? segments.filter(({ number }) => chosen.has(number)) : segments;
  const rejected = segments.filter((segment) => !accepted.includes(segment));
  return {
    code: CODE,
    label: labelOf(accepted, segments.length),
    source: 'manual',
    segmentsBefore: rejected.length > 0 ? segments : null,
    segmentsAfter: rejected.length > 0 ? accepted : null,
    deltas: rejected.length > 0 ? layers.flatMap((_, layer) => erased(content, layer, rejected)) : [],
  };
}

/** Numbers, for the audit. The second is the proposal that the acceptance is applied to. */
export function choiceOf(
  { segmentsAfter }: Edit,
  { segments }: Pick<SegmentationContent, 'segments'>,
): { readonly accepted: number[]; readonly rejected: number[] } {
  const stays = new Set((segmentsAfter ?? segments).map(({ number }) => number));
  const numbers = segments.map(({ number }) => number);
  return { accepted: numbers.filter((n) => stays.has(n)), rejected: numbers.filter((n) => !stays.has(n)) };
}

function labelOf(accepted: readonly Segment[], all: number): string {
  const names = accepted.map(({ name }) => name);
  if (names.length === 0) return 'Accept the proposal';
  if (names.length <= MOST_NAMES) return `Accept ${names.join(', ')}`;
  return names.length === all ? `Accept all ${all} segments` : `Accept ${names.length} of ${all} segments`;
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

function nothingChosen(): LanternError {
  return new LanternError(
    'segmentation/nothing-chosen',
    'No segment of the proposal is chosen.',
    'Choose at least one to accept, or reject the whole proposal.',
  );
}
