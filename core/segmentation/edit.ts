/**
 * An edit: what one act of a person (or of an operation) changes in a segmentation, voxels and segment properties together.
 * Applied and reverted whole or not at all. Next: editRules.ts (what is allowed), editPacket.ts (as bytes).
 */
import { LanternError } from '../errors/lanternError.ts';
import type { Vector3 } from '../geometry/points.ts';
import type { AnswerOrigin } from './answerOrigin.ts';
import { applyDelta, countChanges, type LabelDelta, revertDelta, verifyDelta } from './delta.ts';
import { joinBoxes } from './deltaBox.ts';
import type { IndexBox, Labelmap } from './labelmap.ts';
import { layersFor } from './layers.ts';
import { sameSegments } from './sameSegments.ts';
import type { Segment } from './segment.ts';

export type EditSource = 'manual' | 'model' | 'preset';

export interface LayerDelta {
  readonly layer: number;
  readonly delta: LabelDelta;
}

export interface Edit {
  /** Stable name of what was done: "brush", "operation/fillHoles", "segment/rename". */
  readonly code: string;
  /** For the history: "Brush, Liver". */
  readonly label: string;
  readonly source: EditSource;
  /** The whole list of segments before and after; both null when no property changes. */
  readonly segmentsBefore: readonly Segment[] | null;
  readonly segmentsAfter: readonly Segment[] | null;
  readonly deltas: readonly LayerDelta[];
  /** Where the voxels come from, when they are a model's answer that a person keeps. */
  readonly origin?: AnswerOrigin;
}

/** A segmentation in memory. The labelmaps' voxels are changed in place, everything else is replaced. */
export interface SegmentationContent {
  readonly size: Vector3;
  readonly segments: readonly Segment[];
  readonly layers: readonly Labelmap[];
  /** Voxels by segment number, of every segment. */
  readonly voxels: ReadonlyMap<number, number>;
}

/**
 * @returns the content after the edit; voxels are written in place
 * @throws segmentation/delta-mismatch, segmentation/wrong-grid, and then nothing was changed
 */
export function applyEdit(content: SegmentationContent, edit: Edit): SegmentationContent {
  return turn(content, edit, 'apply');
}

/** The exact inverse of {@link applyEdit}, with the same errors. */
export function revertEdit(content: SegmentationContent, edit: Edit): SegmentationContent {
  return turn(content, edit, 'revert');
}

/**
 * The same for an edit whose voxels stand in the labelmaps already (a stroke of the brush): only counts and segments follow.
 */
export function adoptEdit(content: SegmentationContent, edit: Edit): SegmentationContent {
  const segments = edit.segmentsAfter ?? content.segments;
  return { ...content, segments, voxels: recounted(content, segments, edit, 'apply') };
}

/** @returns the box around everything that the edit writes; null when it writes no voxel */
export function editBox(edit: Edit): IndexBox | null {
  return edit.deltas.reduce<IndexBox | null>((box, { delta }) => joinBoxes(box, delta.box), null);
}

function turn(content: SegmentationContent, edit: Edit, direction: 'apply' | 'revert'): SegmentationContent {
  const expected = direction === 'apply' ? edit.segmentsBefore : edit.segmentsAfter;
  const next = (direction === 'apply' ? edit.segmentsAfter : edit.segmentsBefore) ?? content.segments;
  if (expected && !sameSegments(expected, content.segments)) throw segmentsDiffer();
  const layers = layersFor(next, content.layers, content.size);
  const targets = edit.deltas.map(({ layer, delta }) => {
    const labelmap = layers[layer];
    if (!labelmap) throw segmentsDiffer();
    return { labelmap, delta };
  });
  for (const { labelmap, delta } of targets) verifyDelta(labelmap, delta, direction);
  for (const { labelmap, delta } of targets) {
    if (direction === 'apply') applyDelta(labelmap, delta);
    else revertDelta(labelmap, delta);
  }
  return { size: content.size, segments: next, layers, voxels: recounted(content, next, edit, direction) };
}

function recounted(
  content: SegmentationContent,
  segments: readonly Segment[],
  edit: Edit,
  direction: 'apply' | 'revert',
): ReadonlyMap<number, number> {
  const voxels = new Map(segments.map(({ number }) => [number, content.voxels.get(number) ?? 0]));
  for (const { delta } of edit.deltas) {
    for (const [number, change] of countChanges(delta, direction)) {
      if (voxels.has(number)) voxels.set(number, (voxels.get(number) ?? 0) + change);
    }
  }
  return voxels;
}

function segmentsDiffer(): LanternError {
  return new LanternError(
    'segmentation/delta-mismatch',
    'This change does not fit the list of segments as it stands.',
    'Open the case again and repeat the change.',
  );
}
