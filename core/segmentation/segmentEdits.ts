/** Edits of the list of segments: add, change, move, delete. Each is one step of the history. Next: palette.ts, terminology.ts. */
import { LanternError } from '../errors/lanternError.ts';
import type { Edit, SegmentationContent } from './edit.ts';
import { lockedSegment } from './editRules.ts';
import { colorForSegment } from './palette.ts';
import { RunRecorder } from './runRecorder.ts';
import type { Segment } from './segment.ts';
import { UNSPECIFIED_TISSUE } from './terminology.ts';

/** @returns a segment with the smallest number that was not given yet, a name and a colour of its own */
export function newSegment(segments: readonly Segment[], properties: Partial<Omit<Segment, 'number'>> = {}): Segment {
  const number = segments.reduce((n, s) => Math.max(n, s.number), 0) + 1;
  return {
    number,
    name: freeName(segments),
    layer: 0,
    color: colorForSegment(segments),
    codes: UNSPECIFIED_TISSUE,
    opacity: 0.2,
    display: 'both',
    visible: true,
    locked: false,
    origin: 'manual',
    ...properties,
  };
}

/** Counted as a person counts them: the fourth is "Segment 4", whatever its number, or the first name after it that is free. */
function freeName(segments: readonly Segment[]): string {
  const taken = new Set(segments.map(({ name }) => name));
  let place = segments.length + 1;
  while (taken.has(`Segment ${place}`)) place++;
  return `Segment ${place}`;
}

export function addSegmentEdit(content: SegmentationContent, segment: Segment): Edit {
  return segmentsEdit(content, [...content.segments, segment], 'segment/add', `Add ${segment.name}`);
}

/** @throws segmentation/unknown-segment */
export function changeSegmentEdit(
  content: SegmentationContent,
  number: number,
  change: Partial<Omit<Segment, 'number' | 'layer'>>,
): Edit {
  const segment = requireSegment(content.segments, number);
  const changed = { ...segment, ...change };
  const what = Object.keys(change)[0] ?? 'properties';
  const label = change.name === undefined ? `${LABELS[what] ?? 'Change'}, ${segment.name}` : `Rename to ${change.name}`;
  const after = content.segments.map((s) => (s.number === number ? changed : s));
  return segmentsEdit(content, after, `segment/${what}`, label);
}

/** @param numbers every segment's number, in the new order @throws segmentation/unknown-segment */
export function reorderSegmentsEdit(content: SegmentationContent, numbers: readonly number[]): Edit {
  const after = numbers.map((number) => requireSegment(content.segments, number));
  return segmentsEdit(content, after, 'segment/reorder', 'Reorder segments');
}

/** Takes the segment and its voxels away in one step. @throws segmentation/locked, segmentation/unknown-segment */
export function deleteSegmentEdit(content: SegmentationContent, number: number): Edit {
  const segment = requireSegment(content.segments, number);
  if (segment.locked) throw lockedSegment(content.segments, number);
  const after = content.segments.filter((s) => s.number !== number);
  const edit = segmentsEdit(content, after, 'segment/delete', `Delete ${segment.name}`);
  const { voxels } = content.layers[segment.layer]!;
  const recorder = new RunRecorder();
  for (let o = voxels.indexOf(number); o !== -1; o = voxels.indexOf(number, o + 1)) recorder.push(o, 1, number, 0);
  return recorder.runs === 0
    ? edit
    : { ...edit, deltas: [{ layer: segment.layer, delta: recorder.finish(content.size) }] };
}

export function requireSegment(segments: readonly Segment[], number: number): Segment {
  const segment = segments.find((s) => s.number === number);
  if (segment) return segment;
  throw new LanternError(
    'segmentation/unknown-segment',
    'This segment does not exist any more.',
    'Choose another segment in the list.',
  );
}

const LABELS: Readonly<Record<string, string>> = {
  color: 'Colour',
  codes: 'Code',
  opacity: 'Opacity',
  display: 'Display',
  visible: 'Visibility',
  locked: 'Lock',
};

function segmentsEdit(content: SegmentationContent, after: readonly Segment[], code: string, label: string): Edit {
  return { code, label, source: 'manual', segmentsBefore: content.segments, segmentsAfter: after, deltas: [] };
}
