/** Operations as the panel starts them: run in the worker, then shown as a preview or committed at once. */
import { create } from 'zustand';
import { LanternError } from '#core/errors/lanternError.ts';
import type { LabelDelta } from '#core/segmentation/delta.ts';
import type { Edit, EditSource } from '#core/segmentation/edit.ts';
import type { Labelmap } from '#core/segmentation/labelmap.ts';
import { operations } from '#core/segmentation/operations/index.ts';
import type { Operation, ParameterValues } from '#core/segmentation/operations/operation.ts';
import type { Segment } from '#core/segmentation/segment.ts';
import { type Overwrite, writeMaskFor } from '#core/segmentation/writeMask.ts';
import { useViewer } from '../viewer/viewerStore.ts';
import { words } from '../words/index.ts';
import { cancelRun, runInWorker } from './operationRunner.ts';
import { activeSegment, commitEdit, redraw, tellError, useEditor } from './segmentationStore.ts';
import { voxelsTakenFrom } from './touchedSegments.ts';

interface OperationState {
  /** What runs now. */
  readonly running: { readonly operationId: string; readonly label: string } | null;
  /** The operation that found nothing to change, until the next one. */
  readonly changedNothing: string | null;
  /** What an operation may take. Unlike a brush it reaches where nobody looks: other segments are spared unless told otherwise. */
  readonly overwrite: Overwrite;
  /** What the last operation or preview takes from other segments. */
  readonly taken: { readonly operationId: string; readonly voxels: ReadonlyMap<number, number> } | null;
}

export const useOperations = create<OperationState>()(() => ({
  running: null,
  changedNothing: null,
  overwrite: 'empty',
  taken: null,
}));

export interface OperationCall {
  readonly operationId: string;
  readonly values: ParameterValues;
  /** Number of the second segment, where the operation takes one. */
  readonly other?: number | null;
  readonly isPreview: boolean;
  readonly source?: EditSource;
}

/** @returns whether it ended with a preview or a commit */
export async function startOperation(call: OperationCall): Promise<boolean> {
  const operation = operations.find(({ id }) => id === call.operationId);
  const segment = activeSegment();
  if (!operation) return false;
  const running = { operationId: operation.id, label: operation.label };
  useOperations.setState({ running, changedNothing: null, taken: null });
  try {
    if (!segment) {
      const { message, hint } = words.editor.errors.noSegment;
      throw new LanternError('segmentation/no-segment', message, hint);
    }
    const done = await run(operation, segment, call);
    return done;
  } catch (error) {
    tellError(error);
    return false;
  } finally {
    if (useOperations.getState().running?.operationId === operation.id) useOperations.setState({ running: null });
  }
}

export function stopOperation(): void {
  cancelRun();
  useOperations.setState({ running: null });
  dropPreview();
}

export function dropPreview(): void {
  useOperations.setState({ taken: null });
  if (useEditor.getState().preview) redraw({ preview: null }, null);
}

export function applyPreview(): void {
  const { preview } = useEditor.getState();
  if (!preview) return;
  redraw({ preview: null }, null);
  useOperations.setState({ taken: null });
  if (preview.edit.deltas.length > 0) commitEdit(preview.edit);
}

async function run(operation: Operation, segment: Segment, call: OperationCall): Promise<boolean> {
  const { current } = useEditor.getState();
  const { volume, loading } = useViewer.getState();
  const labelmap = current?.content.layers[segment.layer];
  if (!current || !volume || !labelmap) return false;
  const { segments, layers } = current.content;
  const second = segments.find(({ number }) => number === call.other);
  const secondMap = second && layers[second.layer];
  const { overwrite } = useOperations.getState();
  const mask = writeMaskFor(segments, segment.number, { overwrite });
  // The second segment was named by the person: to unite with it is to take from it.
  if (second && !second.locked) mask.replaceable[second.number] = 1;
  const delta = await runInWorker(
    operation.id,
    {
      labelmap,
      target: segment.number,
      geometry: volume.geometry,
      scalars: operation.needsImage && loading.state === 'ready' ? volume.scalars : null,
      other: second && secondMap ? { labelmap: secondMap, number: second.number } : null,
      mask,
    },
    call.values,
  );
  // What was painted or undone meanwhile makes the answer worthless.
  if (!delta || useEditor.getState().current?.content !== current.content) return false;
  const edit = editOf(operation, segment, delta, call.source ?? 'manual');
  useOperations.setState({ taken: { operationId: operation.id, voxels: voxelsTakenFrom(edit, segment.number) } });
  if (!call.isPreview) {
    if (delta.runs.length > 0) return commitEdit(edit);
    useOperations.setState({ changedNothing: operation.id });
    return false;
  }
  redraw({ preview: { edit, overlay: { layer: previewOf(labelmap, segment.number, delta), segment } } }, null);
  return true;
}

function editOf(operation: Operation, segment: Segment, delta: LabelDelta, source: EditSource): Edit {
  return {
    code: `operation/${operation.id}`,
    label: `${operation.label}, ${segment.name}`,
    source,
    segmentsBefore: null,
    segmentsAfter: null,
    deltas: delta.runs.length > 0 ? [{ layer: segment.layer, delta }] : [],
  };
}

/** The segment as it would be, as label 1 of a layer of its own. */
function previewOf(labelmap: Labelmap, target: number, { runs }: LabelDelta): Labelmap {
  const voxels = Uint8Array.from(labelmap.voxels, (v) => (v === target ? 1 : 0));
  for (let r = 0; r < runs.length; r += 4) {
    voxels.fill(runs[r + 3] === target ? 1 : 0, runs[r], (runs[r] ?? 0) + (runs[r + 1] ?? 0));
  }
  return { size: labelmap.size, voxels };
}
