/**
 * Puts a prompt's mask into a segment as an ordinary edit, so that it is undone like any other. Only adds: what the segment has in this
 * slice stays. Locked segments stay as they are.
 */

import type { Plane } from '../geometry/anatomicalAxes.ts';
import type { VolumeGeometry } from '../geometry/volumeGeometry.ts';
import { sliceLayout } from '../rendering/sliceLayout.ts';
import type { AnswerOrigin } from '../segmentation/answerOrigin.ts';
import type { Edit } from '../segmentation/edit.ts';
import type { Labelmap } from '../segmentation/labelmap.ts';
import { RunRecorder } from '../segmentation/runRecorder.ts';
import type { Segment } from '../segmentation/segment.ts';
import { mayWrite, type WriteMask } from '../segmentation/writeMask.ts';

export interface SliceRuns {
  readonly plane: Plane;
  /** Voxel index along the plane's through axis. */
  readonly index: number;
  /** As pixelRuns.ts makes them. */
  readonly runs: readonly number[];
  /** Goes with the edit: what is kept names its model for ever. */
  readonly origin: AnswerOrigin;
}

/** @param labelmap the segment's layer; not changed */
export function keepEdit(
  { plane, index, runs, origin }: SliceRuns,
  geometry: VolumeGeometry,
  labelmap: Labelmap,
  segment: Segment,
  mask: WriteMask,
): Edit {
  const layout = sliceLayout(geometry, plane);
  const recorder = new RunRecorder();
  for (let r = 0; r + 1 < runs.length; r += 2) {
    for (let pixel = runs[r]!; pixel < runs[r]! + runs[r + 1]!; pixel++) {
      const x = pixel % layout.width;
      const y = (pixel - x) / layout.width;
      const o = layout.start + index * layout.stepThrough + x * layout.stepRight + y * layout.stepDown;
      const before = labelmap.voxels[o]!;
      if (before !== segment.number && mayWrite(mask, labelmap.voxels, o)) recorder.push(o, 1, before, segment.number);
    }
  }
  const delta = recorder.finish(labelmap.size);
  return {
    code: 'prompt/keep',
    label: `Outlined, ${segment.name}`,
    source: 'model',
    segmentsBefore: null,
    segmentsAfter: null,
    deltas: delta.runs.length > 0 ? [{ layer: segment.layer, delta }] : [],
    origin,
  };
}
