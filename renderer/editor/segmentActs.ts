/** What a person does with segments in the list: each is one edit of the history. */

import type { Segment } from '#core/segmentation/segment.ts';
import {
  addSegmentEdit,
  changeSegmentEdit,
  deleteSegmentEdit,
  newSegment,
  reorderSegmentsEdit,
} from '#core/segmentation/segmentEdits.ts';
import { ensureSegmentation } from './openEditor.ts';
import { commitEdit, tellError, useEditor } from './segmentationStore.ts';

/** Adds a segment and makes it the active one; a series without a segmentation gets one first. */
export async function addSegment(properties: Partial<Omit<Segment, 'number'>> = {}): Promise<Segment | null> {
  if (!(await ensureSegmentation())) return null;
  const { current } = useEditor.getState();
  if (!current) return null;
  const segment = newSegment(current.content.segments, properties);
  if (!commitEdit(addSegmentEdit(current.content, segment))) return null;
  useEditor.setState({ activeSegment: segment.number });
  return segment;
}

export function changeSegment(number: number, change: Partial<Omit<Segment, 'number' | 'layer'>>): void {
  const { current } = useEditor.getState();
  if (!current) return;
  const segment = current.content.segments.find((s) => s.number === number);
  const isSame = Object.entries(change).every(([key, value]) => segment?.[key as keyof Segment] === value);
  if (!isSame) attempt(() => commitEdit(changeSegmentEdit(current.content, number, change)));
}

export function deleteSegment(number: number): void {
  const { current } = useEditor.getState();
  if (current) attempt(() => commitEdit(deleteSegmentEdit(current.content, number)));
}

/** @param step -1: one place up, 1: one place down; nothing happens at the ends of the list */
export function moveSegment(number: number, step: -1 | 1): void {
  const { current } = useEditor.getState();
  if (!current) return;
  const numbers = current.content.segments.map((s) => s.number);
  const from = numbers.indexOf(number);
  const to = from + step;
  if (from < 0 || to < 0 || to >= numbers.length) return;
  numbers.splice(to, 0, ...numbers.splice(from, 1));
  attempt(() => commitEdit(reorderSegmentsEdit(current.content, numbers)));
}

/** @param digit 1 is the first of the list @returns whether there is such a segment */
export function selectSegment(digit: number): boolean {
  const segment = useEditor.getState().current?.content.segments[digit - 1];
  if (segment) useEditor.setState({ activeSegment: segment.number });
  return segment !== undefined;
}

function attempt(act: () => unknown): void {
  try {
    act();
  } catch (error) {
    tellError(error);
  }
}
