/** What a person does with segments in the list: each is one edit of the history. */

import type { Segment } from '#core/segmentation/segment.ts';
import { addSegmentEdit, changeSegmentEdit, deleteSegmentEdit, newSegment } from '#core/segmentation/segmentEdits.ts';
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
